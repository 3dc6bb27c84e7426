package io.tenure.protocol;

/** The version of the wire protocol. Two sides that state different ones refuse each other (handshake.proto). */
public final class ProtocolVersion {
    /** What this build speaks. */
    public static final int CURRENT = 3;

    private ProtocolVersion() {}
}

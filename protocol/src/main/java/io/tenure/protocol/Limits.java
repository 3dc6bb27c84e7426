package io.tenure.protocol;

/** Named limits of the wire (DESIGN.md, D8), in bytes or in number. */
public final class Limits {
    /** A key, in bytes of UTF-8. A key may be empty. */
    public static final int KEY_BYTES_MAX = 4096;

    /** A value, in bytes of UTF-8, unless the settings say otherwise. */
    public static final int VALUE_BYTES_MAX_DEFAULT = 1 << 20;

    /** The most that the settings may allow for a value, so that its log line fits a peer's frame (escapes: six-fold). */
    public static final int VALUE_BYTES_MAX_HIGHEST = 8 << 20;

    /** First frame on a connection, either way: who has not said who it is gets no more room than this. */
    public static final int HANDSHAKE_FRAME_BYTES_MAX = 4096;

    /** A reason in a refusal, in characters, so that it fits the handshake frame. */
    public static final int REASON_CHARS_MAX = 1000;

    /** What a frame of a client or to a client holds besides key and value. */
    public static final int CLIENT_FRAME_REST_BYTES_MAX = 64 << 10;

    /** Frames between peers. The same for every node, so that different settings can't make one refuse another's batch. */
    public static final int PEER_FRAME_BYTES_MAX = 64 << 20;

    /** Entries in one AppendEntry. */
    public static final int BATCH_ENTRIES_MAX = 1 << 16;

    /** Text of one batch; what remains of the frame is for tags. */
    public static final int BATCH_TEXT_BYTES_MAX = 58 << 20;

    /** Old leases in one vote reply: one for each node that may have led. */
    public static final int OLD_LEASES_MAX = 64;

    /** Longest lease or promise that a message may name: an hour. */
    public static final long LEASE_MILLIS_MAX = 3_600_000;

    /** Time from accepting a connection to the end of its handshake. */
    public static final long HANDSHAKE_MILLIS_MAX = 5_000;

    private Limits() {}

    /** Largest frame between a client and a node whose values hold at most {@code valueBytesMax}. */
    public static int clientFrameBytesMax(int valueBytesMax) {
        return KEY_BYTES_MAX + valueBytesMax + CLIENT_FRAME_REST_BYTES_MAX;
    }
}

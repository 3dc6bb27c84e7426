package io.tenure.peers.jraft;

import java.io.Serializable;

/** A request or an answer: bytes. */
final class KvMessage implements Serializable {
    private static final long serialVersionUID = 1;

    final byte[] bytes;

    KvMessage(byte[] bytes) {
        this.bytes = bytes;
    }
}

package io.tenure.peers.jraft;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a node answers: a byte that says how it went, then what there is to say. */
final class Answers {
    static final byte DONE = 0;
    /** Followed by the leader's port, four bytes, 0 if it is not known. */
    static final byte NOT_LEADER = 1;
    /** Followed by a sentence. The request may or may not be done. */
    static final byte FAILED = 2;

    private Answers() {}

    static KvMessage done(byte[] result) {
        return new KvMessage(
                ByteBuffer.allocate(1 + result.length).put(DONE).put(result).array());
    }

    static KvMessage notLeader(int leaderPort) {
        return new KvMessage(
                ByteBuffer.allocate(5).put(NOT_LEADER).putInt(leaderPort).array());
    }

    static KvMessage failed(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return new KvMessage(
                ByteBuffer.allocate(1 + text.length).put(FAILED).put(text).array());
    }
}

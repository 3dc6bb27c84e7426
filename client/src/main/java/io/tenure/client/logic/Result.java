package io.tenure.client.logic;

import com.google.protobuf.ByteString;
import io.tenure.protocol.proto.NodeStatus;

/** What became of an operation. */
public sealed interface Result {
    /**
     * The write is done.
     *
     * @param node id of the node that said so
     * @param term of that node then
     * @param index of the write in the log
     */
    record Written(int node, long term, long index) implements Result {}

    /**
     * The read is done.
     *
     * @param value null if the key is absent
     * @param index nothing after it is in the answer; a session that waits for it never goes back
     * @param ageMillis how old the data were at most; 0 if the read is linearizable, -1 if it is not known
     */
    record Found(int node, long term, long index, ByteString value, long ageMillis) implements Result {}

    /** A node's view of itself. */
    record Status(NodeStatus status) implements Result {}

    /** The node leads. */
    record Transferred(int leader, long term) implements Result {}

    /**
     * No success is known.
     *
     * @param node id of the node that answered last, or -1
     * @param term of that answer, or -1
     * @param reason for a person
     * @param writeId how to ask again; null unless the outcome is unknown
     */
    record Failed(Failure failure, int node, long term, String reason, WriteId writeId) implements Result {}

    /** The two ways of not knowing success, and the one of asking the impossible. */
    enum Failure {
        /** Certainly not done, and will not be: each attempt was refused before an append, or there was none. */
        NOT_DONE,
        /** The write may have taken effect, or may still. */
        UNKNOWN,
        /** Certainly not done: no node would take it. */
        INVALID
    }
}

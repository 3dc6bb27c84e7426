package io.tenure.node;

import io.tenure.entry.LineFormat;
import io.tenure.raft.Entry;
import io.tenure.raft.Event;
import java.nio.charset.StandardCharsets;

/**
 * The statements of {@code dump.txt}, word for word (LEASE.md, 1.4). Three of them are worded by the user and end without
 * a period: heartbeat, new leader, and a follower's commit.
 */
final class DumpStatements {
    /** Longest operation that is told in full, in bytes; of a longer one the beginning is told, then {@code ...}. */
    static final int OPERATION_BYTES_MAX = 8192;

    private final int nodeId;

    DumpStatements(int nodeId) {
        this.nodeId = nodeId;
    }

    /** Something the core did. */
    String of(Event event) {
        return switch (event.kind()) {
            case HEARTBEAT -> "Leader " + event.node() + " sending heartbeat & Renewing Lease";
            case LEASE_RENEWAL_FAILED -> "Leader " + event.node() + " lease renewal failed. Stepping Down.";
            case WAITING_FOR_OLD_LEASE -> "New Leader waiting for Old Leader Lease to timeout.";
            case ELECTION_TIMEOUT -> "Node " + event.node() + " election timer timed out, Starting election.";
            case BECAME_LEADER -> "Node " + event.node() + " became the leader for term " + event.term();
            case APPEND_ACCEPTED -> "Node " + nodeId + " accepted AppendEntries RPC from " + event.node() + ".";
            case APPEND_REJECTED -> "Node " + nodeId + " rejected AppendEntries RPC from " + event.node() + ".";
            case VOTE_GRANTED -> "Vote granted for Node " + event.node() + " in term " + event.term() + ".";
            case VOTE_DENIED -> "Vote denied for Node " + event.node() + " in term " + event.term() + ".";
            case STEPPING_DOWN -> event.node() + " Stepping down";
            case FOLLOWER_WENT_BACK, REJOINED -> throw new IllegalArgumentException("no statement: " + event);
        };
    }

    /** A message could not be sent. */
    String rpcFailed(int peer) {
        return "Error occurred while sending RPC to Node " + peer + ".";
    }

    /** A client's request reached the leader. */
    String received(boolean isSet, String key, String value) {
        String operation = (isSet ? "SET " : "GET ") + field(key) + (isSet ? " " + field(value) : "");
        byte[] bytes = operation.getBytes(StandardCharsets.UTF_8);
        return "Node " + nodeId + " (leader) received an " + text(bytes, 0, bytes.length) + " request.";
    }

    /** An entry was applied; the leader's statement is worded otherwise. */
    String committed(Entry entry, boolean leader) {
        String operation = operation(entry);
        return leader
                ? "Node " + nodeId + " (leader) committed the entry " + operation + " to the state machine."
                : "Node " + nodeId + " committed the entry " + operation + " to the state machine";
    }

    /**
     * Stands for statements that were left out.
     *
     * @param firstIndex smallest index of an entry among them; larger than {@code lastIndex} if there is none
     */
    static String leftOut(long count, long firstIndex, long lastIndex) {
        String statements = "... " + count + (count == 1 ? " more statement" : " more statements");
        if (firstIndex > lastIndex) {
            return statements;
        }
        return statements
                + (firstIndex == lastIndex ? ", entry " + firstIndex : ", entries " + firstIndex + " to " + lastIndex);
    }

    /** The line of the entry in logs.txt, without the term, which is its last field. */
    private static String operation(Entry entry) {
        byte[] bytes = entry.bytes();
        int end = entry.offset() + entry.length();
        while (end > entry.offset() && bytes[end - 1] != ' ') {
            end--;
        }
        return text(bytes, entry.offset(), Math.max(entry.offset(), end - 1));
    }

    private static String text(byte[] bytes, int start, int end) {
        if (end - start <= OPERATION_BYTES_MAX) {
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }
        int cut = start + OPERATION_BYTES_MAX;
        while ((bytes[cut] & 0xC0) == 0x80) {
            cut--; // not inside a character
        }
        return new String(bytes, start, cut - start, StandardCharsets.UTF_8) + "...";
    }

    /** As it stands in logs.txt, as far as it can be told at all. */
    private static String field(String text) {
        int chars = Math.min(text.length(), OPERATION_BYTES_MAX + 1);
        if (chars < text.length() && Character.isHighSurrogate(text.charAt(chars - 1))) {
            chars--;
        }
        return LineFormat.escape(text.substring(0, chars));
    }
}

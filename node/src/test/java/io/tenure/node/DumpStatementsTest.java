package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import io.tenure.raft.Event;
import io.tenure.raft.Event.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Word for word what LEASE.md 1.4 lists; this node is 1. */
final class DumpStatementsTest {
    private static final DumpStatements STATEMENTS = new DumpStatements(1);

    @Test
    void eventsAreToldWordForWord() {
        Map<Kind, String> expected = new EnumMap<>(Map.of(
                Kind.HEARTBEAT, "Leader 1 sending heartbeat & Renewing Lease",
                Kind.LEASE_RENEWAL_FAILED, "Leader 1 lease renewal failed. Stepping Down.",
                Kind.WAITING_FOR_OLD_LEASE, "New Leader waiting for Old Leader Lease to timeout.",
                Kind.ELECTION_TIMEOUT, "Node 1 election timer timed out, Starting election.",
                Kind.BECAME_LEADER, "Node 1 became the leader for term 7",
                Kind.STEPPING_DOWN, "1 Stepping down"));
        expected.put(Kind.APPEND_ACCEPTED, "Node 1 accepted AppendEntries RPC from 2.");
        expected.put(Kind.APPEND_REJECTED, "Node 1 rejected AppendEntries RPC from 2.");
        expected.put(Kind.VOTE_GRANTED, "Vote granted for Node 2 in term 7.");
        expected.put(Kind.VOTE_DENIED, "Vote denied for Node 2 in term 7.");

        assertThat(expected.keySet())
                .containsExactlyElementsOf(
                        Stream.of(Kind.values()).filter(Kind::isStatement).toList());
        List<Kind> aboutAnother =
                List.of(Kind.APPEND_ACCEPTED, Kind.APPEND_REJECTED, Kind.VOTE_GRANTED, Kind.VOTE_DENIED);
        expected.forEach((kind, statement) -> assertThat(
                        STATEMENTS.of(new Event(kind, aboutAnother.contains(kind) ? 2 : 1, 7)))
                .isEqualTo(statement));
    }

    @Test
    void failedRpcNamesThePeer() {
        assertThat(STATEMENTS.rpcFailed(2)).isEqualTo("Error occurred while sending RPC to Node 2.");
    }

    @Test
    void requestsAreToldWithTheirOperation() {
        assertThat(STATEMENTS.received(true, "x", "6")).isEqualTo("Node 1 (leader) received an SET x 6 request.");
        assertThat(STATEMENTS.received(false, "x", null)).isEqualTo("Node 1 (leader) received an GET x request.");
    }

    /** LEASE.md 1.6 (k): only a leader is called one. */
    @Test
    void commitsAreToldByRole() {
        Entry set = LineEncoder.set("x", "6", 5, 1, 12);
        Entry noOp = LineEncoder.noOp(12);

        assertThat(STATEMENTS.committed(set, true))
                .isEqualTo("Node 1 (leader) committed the entry SET x 6 to the state machine.");
        assertThat(STATEMENTS.committed(set, false))
                .isEqualTo("Node 1 committed the entry SET x 6 to the state machine");
        assertThat(STATEMENTS.committed(noOp, true))
                .isEqualTo("Node 1 (leader) committed the entry NO-OP to the state machine.");
    }

    @Test
    void operationsAreWrittenAsInTheLog() {
        Entry set = LineEncoder.set("a b", "", 5, 1, 0);

        assertThat(STATEMENTS.committed(set, false))
                .isEqualTo("Node 1 committed the entry SET a\\sb \\e to the state machine");
        assertThat(STATEMENTS.received(true, "a b", ""))
                .isEqualTo("Node 1 (leader) received an SET a\\sb \\e request.");
        assertThat(STATEMENTS.received(false, "a\nb", null))
                .isEqualTo("Node 1 (leader) received an GET a\\nb request.");
    }

    @Test
    void longOperationsAreCutBetweenCharacters() {
        int room = DumpStatements.OPERATION_BYTES_MAX - "SET x ".length();
        String fits = "y".repeat(room);
        String tooLong = "y".repeat(room - 2) + "\u00e9\u00e9";
        String muchTooLong = "\ud83d\ude00".repeat(500_000);

        assertThat(STATEMENTS.committed(LineEncoder.set("x", fits, 5, 1, 0), false))
                .isEqualTo("Node 1 committed the entry SET x " + fits + " to the state machine");
        String cut = "SET x " + "y".repeat(room - 2) + "\u00e9...";
        assertThat(STATEMENTS.committed(LineEncoder.set("x", tooLong, 5, 1, 0), false))
                .isEqualTo("Node 1 committed the entry " + cut + " to the state machine");
        assertThat(STATEMENTS.received(true, "x", tooLong))
                .isEqualTo("Node 1 (leader) received an " + cut + " request.");
        String emoji = "SET x " + "\ud83d\ude00".repeat(room / 4) + "...";
        assertThat(STATEMENTS.received(true, "x", muchTooLong))
                .isEqualTo("Node 1 (leader) received an " + emoji + " request.");
        assertThat(STATEMENTS.received(false, "x" + muchTooLong, null)).hasSizeLessThan(8300);
    }

    @Test
    void leftOutStatementsAreCounted() {
        assertThat(DumpStatements.leftOut(1234, 17, 1250)).isEqualTo("... 1234 more statements, entries 17 to 1250");
        assertThat(DumpStatements.leftOut(1, 17, 17)).isEqualTo("... 1 more statement, entry 17");
        assertThat(DumpStatements.leftOut(2, Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo("... 2 more statements");
    }
}

package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** {@link PendingReads} and {@link PendingWrites}: every ticket is answered, exactly once, on every path. */
final class PendingTest {
    private final NodeState node = new NodeState(
            Tuning.of(3).parametersOf(0),
            new Recovered(HardState.INITIAL, 0, new RaftLog()),
            Lines::noOp,
            new SplittableRandom(1),
            0);
    private final Output output = node.output;

    @Test
    void writesAreAnsweredInOrderUpToTheCommitIndex() {
        PendingWrites writes = new PendingWrites();
        writes.propose(1, 10);
        writes.propose(2, 11);
        writes.await(3, 10);
        writes.await(4, 12);
        assertThat(writes.size()).isEqualTo(4);
        writes.onCommit(10, output);
        assertThat(output.ready()).containsExactly(new Output.Ready(1, 10), new Output.Ready(3, 10));
        writes.onCommit(10, output);
        assertThat(output.ready()).as("once").hasSize(2);
        assertThat(writes.size()).isEqualTo(2);
    }

    /** DESIGN.md, D6: what was appended and then lost its leader is unknown, never "not done". */
    @Test
    void writesEndAsUnknownWithTheLeadership() {
        PendingWrites writes = new PendingWrites();
        writes.propose(1, 10);
        writes.await(2, 9);
        writes.onLeadershipLost(output);
        writes.onLeadershipLost(output);
        assertThat(output.refused())
                .containsExactly(
                        new Output.Refused(1, Output.Refusal.OUTCOME_UNKNOWN),
                        new Output.Refused(2, Output.Refusal.OUTCOME_UNKNOWN));
        assertThat(writes.size()).isZero();
    }

    @Test
    void readsOfOneTurnShareARound() {
        PendingReads reads = new PendingReads(node);
        reads.add(1);
        reads.add(2);
        assertThat(reads.needsRound()).isTrue();
        reads.startRound(7, 100);
        assertThat(reads.needsRound()).isFalse();
        reads.add(3);
        reads.startRound(8, 101);
        reads.onQuorum(6);
        assertThat(output.ready()).isEmpty();
        reads.onQuorum(7);
        assertThat(output.ready()).containsExactly(new Output.Ready(1, 100), new Output.Ready(2, 100));
        reads.onQuorum(8);
        assertThat(output.ready()).last().isEqualTo(new Output.Ready(3, 101));
        assertThat(reads.size()).isZero();
    }

    @Test
    void readsAreRefusedWithTheLeadership() {
        PendingReads reads = new PendingReads(node);
        reads.add(1);
        reads.startRound(7, 100);
        reads.add(2);
        reads.onLeadershipLost();
        reads.onLeadershipLost();
        assertThat(output.refused())
                .containsExactly(
                        new Output.Refused(1, Output.Refusal.NOT_LEADER),
                        new Output.Refused(2, Output.Refusal.NOT_LEADER));
        assertThat(reads.size()).isZero();
    }

    /** DESIGN.md, D8: a named limit; what is refused as BUSY was never appended. */
    @Test
    void tooManyBytesUnderWayAreBusy() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).uncommittedBytesMax(30)), 1);
        long first = leader.propose("a", "1");
        long second = leader.propose("b", "2");
        long third = leader.propose("c", "3");
        assertThat(leader.lines()).containsExactly("NO-OP 0", "SET a 1 0", "SET b 2 0");
        assertThat(leader.fate(third)).isEqualTo("BUSY");
        Peers.ackLast(leader, 1);
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(first)).isEqualTo("READY");
        assertThat(leader.fate(second)).isEqualTo("READY");
        assertThat(leader.fate(leader.propose("d", "4"))).as("room again").isEqualTo("WAITING");
    }

    /** The limit counts what is known uncommitted, also of earlier terms and after a truncation. */
    @Test
    void uncommittedBytesAreCountedThroughTruncationAndRestart() {
        TestNode node = TestNode.of(0, Tuning.of(3).uncommittedBytesMax(30));
        node.with(new HardState(1, -1, 0), 0, Lines.noOp(1), Lines.set("a", "1", 1));
        node.receive(1, Peers.append(2, new EntryId(1, 1), 0, Lines.set("bb", "2", 2)));
        Peers.elect(node, 1);
        assertThat(node.fate(node.propose("c", "3")))
                .as("8 + 11 + 8 bytes wait")
                .isEqualTo("BUSY");
        Peers.ackLast(node, 1);
        assertThat(node.raft().commitIndex()).isEqualTo(3);
        assertThat(node.fate(node.propose("c", "x".repeat(21))))
                .as("exactly 30")
                .isEqualTo("WAITING");
        assertThat(node.fate(node.propose("d", "4"))).isEqualTo("BUSY");
    }

    @Test
    void tooManyRequestsUnderWayAreBusy() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        List<Input> reads = new ArrayList<>();
        for (int i = 0; i < 65_537; i++) {
            reads.add(new Input.Read(100 + i));
        }
        leader.turn(reads.toArray(Input[]::new));
        assertThat(leader.refused).containsExactly(new Output.Refused(100 + 65_536, Output.Refusal.BUSY));
        assertThat(leader.fate(leader.propose("a", "1"))).isEqualTo("BUSY");
        assertThat(leader.fate(leader.await(1)))
                .as("a repeat may have been done")
                .isEqualTo("OUTCOME_UNKNOWN");
    }

    @Test
    void aFollowerRefusesEverythingAtOnce() {
        TestNode follower = TestNode.of(0, Tuning.of(3));
        assertThat(follower.fate(follower.propose("a", "1"))).isEqualTo("NOT_LEADER");
        assertThat(follower.fate(follower.read())).isEqualTo("NOT_LEADER");
        assertThat(follower.fate(follower.await(1))).isEqualTo("OUTCOME_UNKNOWN");
    }

    @Test
    void aRepeatOfACommittedWriteIsAnsweredAtOnce() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        long write = leader.propose("a", "1");
        long repeat = leader.await(2);
        Peers.ackLast(leader, 1);
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(write)).isEqualTo("READY");
        assertThat(leader.fate(repeat)).isEqualTo("READY");
        assertThat(leader.fate(leader.await(2))).isEqualTo("READY");
        assertThat(leader.lines()).hasSize(2);
    }

    /**
     * A cluster with crashes of the network, long leases and requests to whoever is there: nobody is answered twice, nobody is
     * forgotten, and what was done or refused is or is not in the log.
     */
    @Property(tries = 60)
    void everyTicketIsAnsweredExactlyOnce(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster cluster = new Cluster(random.nextBoolean() ? Tuning.of(3).strict() : Tuning.of(3), random.split());
        List<Runnable> checks = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            TestNode node = cluster.node(random.nextInt(3));
            String key = "k" + i;
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long ticket = node.propose(key, "v");
                    checks.add(() -> checkWrite(cluster, node, ticket, key));
                }
                case 3, 4 -> {
                    long ticket = node.read();
                    checks.add(() -> assertThat(node.fate(ticket)).isIn("READY", "NOT_LEADER", "NO_LEASE"));
                }
                case 5 -> {
                    long ticket = node.await(node.raft().log().lastIndex());
                    checks.add(() -> assertThat(node.fate(ticket)).isIn("READY", "OUTCOME_UNKNOWN"));
                }
                case 6 -> cluster.isolate(node.id);
                default -> cluster.healAll();
            }
            cluster.advanceMillis(random.nextInt(120));
        }
        cluster.healAll();
        cluster.advanceMillis(5_000);
        checks.forEach(Runnable::run);
    }

    private static void checkWrite(Cluster cluster, TestNode node, long ticket, String key) {
        boolean done = cluster.leader().appliedLines().stream().anyMatch(line -> line.startsWith("SET " + key + " "));
        switch (node.fate(ticket)) {
            case "READY" -> assertThat(done).as("done: %s", key).isTrue();
            case "NOT_LEADER", "NO_LEASE", "BUSY" ->
                assertThat(done).as("certainly not done: %s", key).isFalse();
            default -> assertThat(node.fate(ticket)).isEqualTo("OUTCOME_UNKNOWN");
        }
    }
}

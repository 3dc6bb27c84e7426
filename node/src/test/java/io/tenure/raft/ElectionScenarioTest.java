package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Clusters that might be kept from having a leader for ever, or have one too many. */
final class ElectionScenarioTest {
    private static final long LEASE_MILLIS = 350;
    private static final long ELECTION_MAX_MILLIS = 700;
    private static final long HEARTBEAT_MILLIS = 50;

    /**
     * LEASE.md 4, item 23: whatever is small gets through, but no message with entries does. A leader that can commit nothing must
     * not keep its followers from electing one that can.
     */
    @Test
    void aLeaderWhoseEntriesDoNotArriveIsReplaced() {
        Cluster cluster = Cluster.of(3);
        TestNode old = cluster.elect(0);
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        cluster.holdIf(packet -> packet.from() == 0
                && packet.message() instanceof Message.AppendEntry append
                && !append.entries().isEmpty());
        long stuck = old.propose("x", "1");
        cluster.advanceUntil(
                c -> c.node(1).isLeader() || c.node(2).isLeader(),
                LEASE_MILLIS + HEARTBEAT_MILLIS + ELECTION_MAX_MILLIS);
        assertThat(old.fate(stuck)).isEqualTo("OUTCOME_UNKNOWN");
        TestNode next = cluster.leader();
        long write = next.propose("x", "2");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("READY");
    }

    /**
     * LEASE.md 4, item 24: a node has been in terms that the others know nothing of, and its log is behind theirs. It can't lead
     * and won't follow an earlier term; the others meet it in a later one, within two election timeouts.
     */
    @Test
    void aNodeThatIsTermsAheadIsTakenBack() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        cluster.crash(2);
        leader.propose("x", "1");
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        cluster.node(2).with(new HardState(9, 2, 0), 0, Lines.noOp(0));
        cluster.restart(2);
        cluster.advanceUntil(
                c -> c.node(2).durableLines().contains("SET x 1 0")
                        && c.leader().raft().currentTerm() > 9
                        && c.leader().raft().commitIndex()
                                == c.leader().raft().log().lastIndex(),
                2 * ELECTION_MAX_MILLIS);
        assertThat(cluster.leader().id).isNotEqualTo(2);
        assertThat(cluster.nodes()).allMatch(node -> node.lines().equals(leader.lines()));
    }

    /**
     * LEASE.md 4, item 37: a majority has voted for a candidate, but the answers are late and come twice, when it stands again in
     * a later term. They elect nobody there.
     */
    @Test
    void votesOfAnEarlierTermElectNobody() {
        Cluster cluster = Cluster.of(5);
        TestNode candidate = cluster.node(0);
        cluster.favour(0);
        cluster.holdIf(ElectionScenarioTest::isVote);
        cluster.advanceUntil(c -> candidate.raft().votedFor() == 0, 2 * ELECTION_MAX_MILLIS);
        cluster.settle();
        List<Cluster.Packet> votes = cluster.underWay();
        assertThat(votes).hasSize(4);
        long term = candidate.raft().currentTerm();
        cluster.drop(packet -> true);
        cluster.advanceUntil(c -> candidate.raft().currentTerm() > term, 10 * ELECTION_MAX_MILLIS);
        cluster.drop(packet -> true);
        assertThat(candidate.raft().role()).isEqualTo(Role.CANDIDATE);
        votes.forEach(cluster::deliver);
        votes.forEach(cluster::deliver);
        assertThat(candidate.raft().role()).isEqualTo(Role.CANDIDATE);
        cluster.healAll();
        cluster.advanceUntil(c -> c.leader() != null, 2 * ELECTION_MAX_MILLIS);
    }

    private static boolean isVote(Cluster.Packet packet) {
        return packet.to() == 0
                && packet.message() instanceof Message.RequestVoteReply reply
                && !reply.preVote()
                && reply.granted();
    }

    /**
     * LEASE.md 4, item 38: five nodes start at the same instant with the same timers, and each message takes a millisecond, so that
     * all stand at once; with two messages in five lost, and with none. Somebody leads, and writes are acknowledged, all the
     * same; and once nothing is lost, without delay.
     */
    @Test
    void fiveNodesThatStandAtOnceAgreeThoughTwoInFiveMessagesAreLost() {
        for (int seed = 0; seed < 30; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            int lostInFive = seed % 2 == 0 ? 2 : 0;
            Cluster cluster = new Cluster(Tuning.of(5), new SameAtFirst(random));
            cluster.holdIf(packet -> true);
            for (int millis = 0; commits(cluster) < 3 && millis < 10 * ELECTION_MAX_MILLIS; millis++) {
                cluster.drop(packet -> random.nextInt(5) < lostInFive);
                passMillisecond(cluster);
            }
            long before = commits(cluster);
            assertThat(before).as("seed %d", seed).isGreaterThanOrEqualTo(3);
            for (int millis = 0; millis < 2 * ELECTION_MAX_MILLIS + LEASE_MILLIS; millis++) {
                passMillisecond(cluster);
            }
            assertThat(commits(cluster)).as("seed %d", seed).isGreaterThan(before);
        }
    }

    /** What was sent in the last millisecond arrives; whoever leads is asked to write. */
    private static void passMillisecond(Cluster cluster) {
        cluster.underWay().forEach(cluster::deliver);
        cluster.advanceMillis(1);
        if (cluster.leader() != null) {
            cluster.leader().propose("x", "1");
        }
    }

    private static long commits(Cluster cluster) {
        return cluster.nodes().stream()
                .mapToLong(node -> node.raft().commitIndex())
                .max()
                .orElseThrow();
    }

    /** The first draws are equal, whoever draws. */
    private static final class SameAtFirst implements RandomGenerator {
        private final RandomGenerator later;
        private int equalDraws = 5;

        private SameAtFirst(RandomGenerator later) {
            this.later = later;
        }

        @Override
        public long nextLong(long origin, long bound) {
            return equalDraws-- > 0 ? origin : later.nextLong(origin, bound);
        }

        @Override
        public long nextLong() {
            return later.nextLong();
        }
    }
}

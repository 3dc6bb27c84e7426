package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Timing that fits itself to the measured round trips (LEASE.md, 3.11). */
final class AdaptiveTimingTest {
    private static final long MILLI = 1_000_000;

    /** H = clamp(RTT/2, 25 ms, 500 ms), L = 4H + 2 RTT, ETmin = L + RTT/2. */
    @ParameterizedTest
    @CsvSource({
        "0, 25, 100, 100, 150",
        "10, 25, 120, 125, 187",
        "93, 46, 372, 418, 627",
        "155, 77, 620, 697, 1046",
        "1000, 500, 4000, 4500, 6750"
    })
    void fitsTheFormula(long roundTrip, long heartbeat, long lease, long electionMin, long electionMax) {
        Timing timing = Timing.fitting(roundTrip * MILLI);

        assertThat(timing.heartbeatNanos() / MILLI).isEqualTo(heartbeat);
        assertThat(timing.leaseMillis()).isEqualTo(lease);
        assertThat(timing.electionTimeoutMinNanos() / MILLI).isEqualTo(electionMin);
        assertThat(timing.electionTimeoutMaxNanos() / MILLI).isEqualTo(electionMax);
    }

    /** The settings refuse a lease in which two heartbeats don't fit (LEASE.md, 3.2); so none is ever chosen, by any drift. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.2})
    void twoHeartbeatsFitIntoEveryLease(double drift) {
        for (long millis = 0; millis <= 1000; millis++) {
            Timing timing = Timing.fitting(millis * MILLI);
            assertThat(Parameters.leaseNanos(timing.leaseMillis(), drift))
                    .as("round trip of %d ms", millis)
                    .isGreaterThanOrEqualTo(2 * timing.heartbeatNanos());
        }
    }

    /** All that a follower sees of what its leader plans for is the lease. */
    @Test
    void theRoundTripCanBeToldByTheLease() {
        for (long micros = 0; micros <= 1_000_000; micros += 777) {
            long roundTrip = micros * 1000;
            long told = Timing.roundTripNanosOf(Timing.fitting(roundTrip).leaseMillis());
            assertThat(told - roundTrip).as("%d us", micros).isBetween(0L, MILLI);
        }
    }

    @Test
    void aLeaderFitsWhatItAsksForToItsSlowestFollower() {
        TestNode leader = leaderWith(Tuning.of(3).adaptive());

        answer(leader, 100, 20, 93);

        Timing timing = leader.raft().timing();
        assertThat(timing.leaseMillis()).as("within a tenth of 4 * 93").isBetween(372L, 415L);
        leader.wake();
        assertThat(leader.sentOf(Message.AppendEntry.class))
                .isNotEmpty()
                .allMatch(append -> append.leaseMillis() == timing.leaseMillis());
    }

    @Test
    void withoutTheSettingNothingChanges() {
        TestNode leader = leaderWith(Tuning.of(3));
        Timing before = leader.raft().timing();

        answer(leader, 100, 20, 93);

        assertThat(leader.raft().timing()).isEqualTo(before);
    }

    /** A single late answer in a hundred is what the 99th of a hundred leaves out. */
    @Test
    void oneLateAnswerChangesNothing() {
        TestNode leader = leaderWith(Tuning.of(3).adaptive());
        answer(leader, 150, 20, 93);
        Timing before = leader.raft().timing();

        answer(leader, 1, 20, 700);
        answer(leader, 20, 20, 93);

        assertThat(leader.raft().timing()).isEqualTo(before);
    }

    /** Two values beside a bound must not alternate: within a tenth below what is planned for, all stays as it is. */
    @Test
    void nearValuesChangeNothing() {
        TestNode leader = leaderWith(Tuning.of(3).adaptive());
        answer(leader, 300, 20, 100);
        Timing before = leader.raft().timing();

        answer(leader, 300, 20, 97);
        assertThat(leader.raft().timing()).isEqualTo(before);
        answer(leader, 300, 20, 100);
        assertThat(leader.raft().timing()).isEqualTo(before);
    }

    /** Followers with different histories wait for longer than the lease of the leader they have now. */
    @Test
    void aFollowerIsMorePatientThanItsLeadersLease() {
        TestNode follower = TestNode.of(1, Tuning.of(3).adaptive());
        follower.receive(0, Peers.heartbeat(0, 1200, 1));
        assertThat(follower.raft().timing()).isEqualTo(Timing.fitting(300 * MILLI));

        follower.advanceMillis(1349);
        assertThat(follower.raft().role()).isEqualTo(Role.FOLLOWER);
        follower.advanceMillis(1);
        assertThat(follower.raft().role()).isEqualTo(Role.CANDIDATE);

        follower.receive(2, Peers.heartbeat(1, 120, 1));
        follower.advanceMillis(125);
        assertThat(follower.raft().role()).isEqualTo(Role.CANDIDATE);
    }

    /** LmaxPromised is on disk before a longer promise leaves (LEASE.md, 3.5). */
    @Test
    void aLongerPromiseIsOnDiskBeforeItLeaves() {
        TestNode follower = TestNode.of(1, Tuning.of(3).adaptive());
        follower.receive(0, Peers.heartbeat(0, 400, 1));
        follower.sent.clear();
        follower.diskIsFast = false;

        follower.receive(0, Peers.heartbeat(0, 600, 2));
        assertThat(follower.sentOf(Message.AppendEntryReply.class)).isEmpty();
        follower.force();
        assertThat(follower.sentOf(Message.AppendEntryReply.class)).hasSize(1);
        assertThat(follower.durableHardState().leasePromisedMillisMax()).isEqualTo(600);

        follower.receive(0, Peers.heartbeat(0, 500, 3));
        assertThat(follower.sentOf(Message.AppendEntryReply.class))
                .as("no longer one")
                .hasSize(2);
    }

    /** A lease lasts for what the message asked for that was answered, not for what the leader asks for by now. */
    @Test
    void anAnswerEarnsTheLeaseThatItsMessageAskedFor() {
        LeaderLease lease = new LeaderLease(3, 0, 0.01, 350);
        long first = lease.seqFor(0, 350);
        long second = lease.seqFor(1, 1200);
        assertThat(second).as("another length is another message").isGreaterThan(first);

        lease.onReply(10, 1, first, true);
        assertThat(lease.endNanos(10, -1)).isEqualTo(Parameters.leaseNanos(350, 0.01));
        lease.onReply(11, 1, second, true);
        assertThat(lease.endNanos(11, -1)).isEqualTo(1 + Parameters.leaseNanos(1200, 0.01));
    }

    /** A shorter promise made later takes nothing back. */
    @Test
    void theLongestPromiseCounts() {
        LeaderLease lease = new LeaderLease(3, 0, 0.01, 1200);
        lease.onReply(10, 1, lease.seqFor(0, 1200), true);
        lease.onReply(10 * MILLI, 1, lease.seqFor(5 * MILLI, 350), true);

        assertThat(lease.endNanos(10 * MILLI, -1)).isEqualTo(Parameters.leaseNanos(1200, 0.01));
    }

    /** I9, by the lease as it is now. */
    @Test
    void aLeaderStepsDownByItsPresentLease() {
        TestNode leader = leaderWith(Tuning.of(3).adaptive());
        answer(leader, 200, 20, 93);
        long lease = leader.raft().timing().leaseMillis();
        assertThat(lease).isNotEqualTo(350);

        leader.advanceMillis(lease - 20 - 50);
        assertThat(leader.isLeader()).isTrue();
        leader.advanceMillis(20 + 50);
        assertThat(leader.isLeader()).isFalse();
    }

    private static TestNode leaderWith(Tuning tuning) {
        return Peers.elect(TestNode.of(0, tuning), 1);
    }

    /** Both followers answer everything, each after its time, until the farther one has answered so many heartbeats. */
    private static void answer(TestNode leader, int heartbeats, long nearMillis, long farMillis) {
        ArrayDeque<Answer> near = new ArrayDeque<>();
        ArrayDeque<Answer> far = new ArrayDeque<>();
        int answered = 0;
        while (answered < heartbeats) {
            take(leader, 1, nearMillis, near);
            take(leader, 2, farMillis, far);
            leader.sent.clear();
            ArrayDeque<Answer> next = far.isEmpty() || (!near.isEmpty() && near.peek().at < far.peek().at) ? near : far;
            if (next.isEmpty() || leader.raft().wakeAtNanos() < next.peek().at) {
                leader.wake();
            } else {
                leader.now = next.peek().at;
                leader.receive(next == near ? 1 : 2, next.poll().reply);
                answered += next == far ? 1 : 0;
            }
            assertThat(leader.isLeader()).isTrue();
        }
    }

    private record Answer(long at, Message reply) {}

    private static void take(TestNode leader, int peer, long millis, ArrayDeque<Answer> answers) {
        for (Message.AppendEntry append : leader.sentTo(peer, Message.AppendEntry.class)) {
            answers.add(new Answer(leader.now + millis * MILLI, Peers.ack(append)));
        }
    }
}

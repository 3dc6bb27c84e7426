package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.raft.Message;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a node that repairs itself waits for an answer. */
final class RepairPeerTest {
    private final RepairPeer peer = new RepairPeer(1);

    @Test
    void waitsAFewTimesAsLongAsTheLastAnswerTook() {
        peer.onAsked(millis(1_000));
        peer.onReply(millis(1_500));
        assertThat(peer.patienceNanos()).isEqualTo(millis(2_000));
    }

    @Test
    void waitsLongerAfterEachRequestThatIsNotAnswered() {
        for (int i = 0; i < 3; i++) {
            peer.onAsked(millis(1_000L * i));
            peer.onOverdue();
        }
        assertThat(peer.patienceNanos()).isEqualTo(millis(1_600));
        assertThat(peer.unanswered()).isEqualTo(3);
    }

    @Test
    void doesNotTakeOneAnswerForAnother() {
        peer.onAsked(millis(0));
        peer.onOverdue();
        peer.onAsked(millis(400));
        peer.onReply(millis(401));
        assertThat(peer.patienceNanos()).as("the answer may be to the first").isEqualTo(millis(400));
        peer.onAsked(millis(402));
        peer.onReply(millis(403));
        assertThat(peer.patienceNanos()).isEqualTo(millis(200));
    }

    /** Simulated seed 401423: out of reach for four seconds, then ten seconds of waiting for one answer that was lost. */
    @Test
    void aPeerOutOfReachIsNoSlowPeer() {
        for (int i = 0; i < 20; i++) {
            peer.onUnreachable(millis(200L * i));
        }
        peer.onAsked(millis(4_000));
        peer.onReply(millis(4_060));
        assertThat(peer.patienceNanos()).isEqualTo(millis(240));
        assertThat(peer.unanswered()).isZero();
    }

    @Test
    void remembersWhatItLacksUntilSomethingElseIsWanted() {
        Message.RepairReply reply = new Message.RepairReply(
                3, 7, new Message.RepairEntries(5, 1, List.of()), null, new Message.RepairCopy(false, false, 0));
        peer.onRefusal(reply, millis(10));
        assertThat(peer.lacksEntries()).isTrue();
        assertThat(peer.hasRefusedAfter(millis(9))).isTrue();
        assertThat(peer.hasRefusedAfter(millis(10))).isFalse();
        peer.forgetRefusal();
        assertThat(peer.lacksEntries()).isFalse();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}

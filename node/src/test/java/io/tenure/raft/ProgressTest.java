package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Progress}: probing, pipelining within a window, and what ends either; then the same through a leader. */
final class ProgressTest {
    private final Progress progress = new Progress(1, 1, 5, 100);

    @Test
    void aProbeIsOneMessageAtATime() {
        assertThat(progress.maySend()).isTrue();
        progress.onSent(9, 50);
        assertThat(progress.maySend()).isFalse();
        assertThat(progress.nextIndex()).as("until it is answered").isEqualTo(5);
        progress.onHeartbeat();
        assertThat(progress.maySend()).as("it may have been lost").isTrue();
        progress.onSent(9, 50);
        progress.onSuccess(4, 9, 0);
        assertThat(progress.nextIndex()).isEqualTo(10);
        assertThat(progress.matchIndex()).isEqualTo(4);
        assertThat(progress.maySend()).isTrue();
    }

    @Test
    void thePipelineIsBoundedInBytesUntilTheFollowerIsDurable() {
        progress.onSuccess(4, 4, 0);
        progress.onSent(5, 60);
        assertThat(progress.maySend()).isTrue();
        progress.onSent(6, 60);
        assertThat(progress.nextIndex()).isEqualTo(7);
        assertThat(progress.maySend()).isFalse();
        progress.onSuccess(4, 6, 0);
        assertThat(progress.maySend()).as("received is not durable").isFalse();
        progress.onSuccess(5, 6, 0);
        assertThat(progress.maySend()).isTrue();
    }

    @Test
    void thePipelineIsBoundedInMessages() {
        progress.onSuccess(4, 4, 0);
        int sent = 0;
        for (; progress.maySend(); sent++) {
            progress.onSent(5 + sent, 0);
        }
        assertThat(sent).isEqualTo(256);
    }

    @Test
    void aRejectionGoesBackToProbingButNeverBelowTheMatch() {
        progress.onSuccess(4, 4, 0);
        progress.onSent(20, 60);
        progress.onSent(30, 60);
        progress.onReject(10);
        assertThat(progress.nextIndex()).isEqualTo(11);
        assertThat(progress.maySend()).as("the window is empty again").isTrue();
        progress.onSent(20, 60);
        assertThat(progress.maySend()).as("a probe").isFalse();
        progress.onReject(2);
        assertThat(progress.nextIndex()).isEqualTo(5);
    }

    @Test
    void aLostLinkProbesFromTheMatch() {
        progress.onSuccess(7, 9, 0);
        progress.onSent(20, 200);
        progress.onLinkLost();
        assertThat(progress.nextIndex()).isEqualTo(8);
        assertThat(progress.maySend()).isTrue();
        progress.onSent(20, 200);
        assertThat(progress.maySend()).isFalse();
    }

    @Test
    void lateAnswersTakeNothingBack() {
        progress.onSuccess(7, 9, 0);
        progress.onSuccess(3, 4, 0);
        assertThat(progress.matchIndex()).isEqualTo(7);
        assertThat(progress.nextIndex()).isEqualTo(10);
    }

    @Test
    void nothingIsSentWhileEntriesAreRead() {
        progress.onSuccess(4, 4, 0);
        progress.onFetch(5);
        assertThat(progress.maySend()).isFalse();
        assertThat(progress.onFetched(4, true)).as("another's answer").isFalse();
        assertThat(progress.maySend()).isFalse();
        assertThat(progress.onFetched(5, true)).isTrue();
        assertThat(progress.maySend()).isTrue();
        assertThat(progress.onFetched(5, true)).as("once").isFalse();
    }

    @Test
    void entriesThatWereReadForAnOlderStateAreNotSent() {
        progress.onFetch(5);
        progress.onReject(1);
        assertThat(progress.onFetched(5, true)).isFalse();
        assertThat(progress.nextIndex()).isEqualTo(2);
        assertThat(progress.maySend()).as("they are asked for anew").isTrue();
    }

    // Through a leader.

    /** Several AppendEntry in flight, each linked to the one before (DESIGN.md; issue: "pipelining, probe after a reject"). */
    @Test
    void aLeaderPipelinesOnceTheLogsMeet() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        leader.propose("a", "1");
        assertThat(leader.sentTo(1, Message.AppendEntry.class))
                .as("the probe is under way")
                .hasSize(1);
        Peers.ackLast(leader, 1);
        leader.propose("b", "2");
        leader.propose("c", "3");
        assertThat(leader.sentTo(1, Message.AppendEntry.class))
                .extracting(append -> append.prev().index())
                .containsExactly(0L, 1L, 2L, 3L);
    }

    /** A batch is bounded in bytes, but one larger entry travels alone. */
    @Test
    void batchesAreBoundedAndALargeEntryTravelsAlone() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).batchBytesMax(40)), 1);
        List<Input> writes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            writes.add(new Input.Propose(i, Lines.set("k" + i, i == 3 ? "x".repeat(100) : "v", 0)));
        }
        Peers.ackLast(leader, 1);
        leader.sent.clear();
        leader.turn(writes.toArray(Input[]::new));
        assertThat(leader.sentTo(1, Message.AppendEntry.class))
                .extracting(append -> append.entries().size())
                .containsExactly(3, 1, 2);
    }

    /** A lost message in the middle of a pipeline costs a rejection and a probe, then everything is there. */
    @Test
    void aLossInThePipelineIsRepaired() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        cluster.hold(0, 1);
        for (int i = 0; i < 10; i++) {
            leader.propose("k" + i, "v");
        }
        Cluster.Packet third = cluster.underWay(0, 1).get(2);
        cluster.drop(packet -> packet.equals(third));
        cluster.release(0, 1);
        cluster.settle();
        assertThat(cluster.node(1).lines()).isEqualTo(leader.lines());
    }

    /** A loss at the end of a pipeline shows at the next heartbeat. */
    @Test
    void aLossAtTheEndIsRepairedByAHeartbeat() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        cluster.hold(0, 1);
        leader.propose("k", "v");
        cluster.drop(packet -> packet.to() == 1);
        cluster.release(0, 1);
        cluster.settle();
        assertThat(cluster.node(1).lines()).hasSize(1);
        cluster.advanceMillis(50);
        assertThat(cluster.node(1).lines()).isEqualTo(leader.lines());
    }

    /** Entries that memory has let go come from the disk, as many fetches as it takes. */
    @Test
    void aFollowerThatLagsIsServedFromDisk() {
        Cluster cluster = new Cluster(Tuning.of(3).logWindowBytesMax(100));
        TestNode leader = cluster.elect(0);
        cluster.crash(1);
        for (int i = 0; i < 100; i++) {
            leader.propose("k" + i, "v");
            cluster.settle();
        }
        assertThat(leader.raft().log().windowBytes()).isLessThanOrEqualTo(100);
        cluster.restart(1);
        cluster.advanceMillis(100);
        assertThat(cluster.node(1).durableLines()).hasSize(101).isEqualTo(leader.durableLines());
    }
}

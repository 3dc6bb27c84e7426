package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Full disks: who refuses writes, who leads, what a full follower takes, and how all goes on by itself (LESSONS.md, 11). */
final class FullDisksTest {
    private final Cluster cluster = Cluster.of(3);

    /** The node answers clients, and has the lease that readers use. */
    private static void assertReads(TestNode leader) {
        assertThat(leader.isLeased()).isTrue();
    }

    private static void tell(TestNode node, boolean full) {
        node.turn(new Input.DiskSpace(full));
    }

    private TestNode leaderWithWrite() {
        TestNode leader = cluster.elect(0);
        leader.propose("a", "1");
        cluster.settle();
        return leader;
    }

    private void assertWrites(TestNode leader) {
        long ticket = leader.propose("w", "1");
        cluster.settle();
        assertThat(leader.fate(ticket)).isEqualTo("READY");
    }

    @Test
    void aFullLeaderRefusesBeforeItAppends() {
        TestNode leader = leaderWithWrite();
        tell(leader, true);
        long before = leader.raft().log().lastIndex();
        long ticket = leader.propose("b", "2");
        assertThat(leader.fate(ticket)).isEqualTo("DISK_FULL");
        assertThat(leader.raft().log().lastIndex()).isEqualTo(before);
        assertReads(leader);
        long read = leader.read();
        cluster.settle();
        assertThat(leader.fate(read)).isEqualTo("READY");
    }

    /** The others take over, and the full node, whose timeouts are the shortest, lets them. */
    @Test
    void aFullLeaderLeavesLeadingToNodesWithRoom() {
        TestNode full = leaderWithWrite();
        tell(full, true);
        for (int changes = 0; changes < 3; changes++) {
            cluster.advanceUntil(
                    all -> all.leader() != null
                            && all.leader() != full
                            && all.leader().isLeased(),
                    2_000);
            TestNode next = cluster.leader();
            cluster.settle();
            assertWrites(next);
            assertThat(full.raft().commitIndex())
                    .as("nothing is written there")
                    .isLessThan(next.raft().commitIndex());
            cluster.pause(next.id);
            cluster.advanceUntil(all -> !full.isLeader() && all.leader() != next, 3_000);
            cluster.resume(next.id);
            cluster.settle();
        }
        tell(full, false);
        cluster.advanceMillis(200);
        assertThat(full.lines()).isEqualTo(cluster.leader().lines());
    }

    @Test
    void aFullLeaderStaysIfNoMajorityCouldDoWithoutIt() {
        TestNode leader = leaderWithWrite();
        tell(cluster.node(1), true);
        cluster.advanceMillis(100);
        tell(leader, true);
        cluster.advanceMillis(5_000);
        assertThat(cluster.leader()).isSameAs(leader);
        assertReads(leader);
        tell(cluster.node(1), false);
        cluster.advanceUntil(all -> !leader.isLeader(), FullDisks.SEEN_WITHIN_NANOS / 1_000_000 + 250);
    }

    /** Room may come to all at once, though they see it one after the other. */
    @Test
    void aFullLeaderThatHasRoomSoonAfterTheOthersStays() {
        TestNode leader = leaderWithWrite();
        cluster.others(0).forEach(node -> tell(node, true));
        cluster.advanceMillis(100);
        tell(leader, true);
        cluster.advanceMillis(2_000);
        cluster.others(0).forEach(node -> tell(node, false));
        cluster.advanceMillis(150);
        tell(leader, false);
        cluster.advanceMillis(2_000);
        assertThat(cluster.leader()).isSameAs(leader);
        assertWrites(leader);
    }

    /** All nodes may be on one disk: what a follower told before it can have looked is no reason to leave. */
    @Test
    void aFullLeaderWaitsForTheOthersToLook() {
        TestNode leader = leaderWithWrite();
        tell(leader, true);
        cluster.advanceMillis(150);
        cluster.others(0).forEach(node -> tell(node, true));
        cluster.advanceMillis(5_000);
        assertThat(leader.isLeader()).isTrue();
        assertReads(leader);
    }

    @Test
    void aFullLeaderStaysWhileAnotherNodeIsAwayOrLags() {
        TestNode leader = leaderWithWrite();
        cluster.isolate(2);
        leader.propose("b", "2");
        cluster.settle();
        tell(leader, true);
        cluster.advanceMillis(5_000);
        assertThat(leader.isLeader()).isTrue();
        assertReads(leader);
        cluster.healAll();
        cluster.advanceUntil(all -> all.leader() != null && all.leader() != leader, 3_000);
        assertWrites(cluster.leader());
    }

    /** A write that waits for room is not a stalled disk: the lease goes on, and so does the leader. */
    @Test
    void aWriteThatWaitsForRoomEndsNoLeadership() {
        TestNode leader = leaderWithWrite();
        tell(cluster.node(1), true);
        tell(cluster.node(2), true);
        leader.diskIsFast = false;
        cluster.advanceUntil(all -> leader.takeWrite(), 1_000); // the proof of the idle disk
        tell(leader, true);
        for (TestNode node : cluster.others(0)) {
            node.diskIsFast = false;
        }
        for (int i = 0; i < 20; i++) {
            cluster.advanceMillis(250);
            cluster.nodes().forEach(node -> tell(node, true));
        }
        assertThat(leader.isLeader()).isTrue();
        assertReads(leader);
        assertThat(leader.raft().wakeAtNanos()).as("nothing spins").isGreaterThan(leader.now);

        leader.force();
        leader.diskIsFast = true;
        cluster.nodes().forEach(node -> {
            node.diskIsFast = true;
            tell(node, false);
        });
        cluster.advanceMillis(100);
        assertThat(leader.isLeader()).isTrue();
        assertWrites(leader);
    }

    /** DESIGN.md, D11: a disk that does not even tell any more that it is full is stalled. */
    @Test
    void aFullDiskThatStallsEndsLeadership() {
        TestNode leader = leaderWithWrite();
        cluster.others(0).forEach(node -> tell(node, true));
        leader.diskIsFast = false;
        cluster.advanceUntil(all -> leader.takeWrite(), 1_000);
        tell(leader, true);
        cluster.advanceMillis(500);
        assertThat(leader.isLeader()).isTrue();
        cluster.advanceUntil(all -> !leader.isLeader(), 100);
    }

    @Test
    void aFullDiskOnWhichAWriteWaitsDoesNotStand() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.diskIsFast = false;
        tell(node, true);
        node.receive(1, Peers.append(3, EntryId.NONE, 0));
        assertThat(node.takeWrite()).isTrue();
        node.advanceMillis(20_000);
        assertThat(node.sentOf(Message.RequestVote.class)).isEmpty();
    }

    @Test
    void aFullFollowerSaysSoAndIsSentNothingMore() {
        TestNode leader = leaderWithWrite();
        TestNode full = cluster.node(2);
        tell(full, true);
        long before = full.raft().log().lastIndex();
        for (int i = 0; i < 20; i++) {
            assertWrites(leader);
            cluster.advanceMillis(10);
        }
        assertThat(full.raft().log().lastIndex()).isEqualTo(before);
        leader.sent.clear();
        leader.propose("c", "3");
        assertThat(leader.sentTo(2, Message.AppendEntry.class)).isEmpty();
        assertThat(leader.sentTo(1, Message.AppendEntry.class)).hasSize(1);
        cluster.advanceMillis(500);
        assertReads(leader);

        tell(full, false);
        cluster.advanceMillis(100);
        assertThat(full.lines()).isEqualTo(leader.lines());
        assertThat(full.raft().commitIndex()).isEqualTo(leader.raft().commitIndex());
    }

    /** Certainly not done is better than a wait without an answer; a follower that is gone stores nothing either. */
    @Test
    void writesAreRefusedIfFullDisksLeaveNoMajority() {
        TestNode leader = leaderWithWrite();
        cluster.isolate(1);
        tell(cluster.node(2), true);
        cluster.advanceMillis(500);
        long before = leader.raft().log().lastIndex();
        assertThat(leader.fate(leader.propose("b", "2"))).isEqualTo("DISK_FULL");
        assertThat(leader.raft().log().lastIndex()).isEqualTo(before);
        assertReads(leader);
        cluster.healAll();
        cluster.advanceMillis(500);
        assertWrites(leader);
    }

    /** The NO-OP of a new leader goes through, so that it may serve every read. */
    @Test
    void anElectionAmongFullDisksEndsWithALeaderForReads() {
        TestNode old = leaderWithWrite();
        cluster.nodes().forEach(node -> tell(node, true));
        cluster.advanceMillis(200);
        cluster.crash(old.id);
        cluster.advanceUntil(all -> all.leader() != null && all.leader().isLeased(), 10_000);
        TestNode next = cluster.leader();
        cluster.advanceMillis(200);
        assertThat(next.raft().log().term(next.raft().commitIndex()))
                .isEqualTo(next.raft().currentTerm());
        assertThat(next.fate(next.propose("b", "2"))).isEqualTo("DISK_FULL");
        cluster.others(old.id).forEach(node -> tell(node, false));
        cluster.advanceMillis(200);
        assertWrites(next);
    }

    /** What is held and NO-OPs are taken, in order; the first new write ends it. */
    @Test
    void aFullFollowerTakesWhatItHasAndNoOps() {
        Entry a = Lines.set("a", "1", 0);
        TestNode node = TestNode.of(1, Tuning.of(3)).with(new HardState(0, -1, 0), 0, Lines.noOp(0), a);
        tell(node, true);
        Entry b = Lines.set("b", "2", 1);
        node.receive(0, Peers.append(1, EntryId.NONE, 9, Lines.noOp(0), a, Lines.noOp(1), b, Lines.noOp(1)));
        Message.AppendEntryReply reply =
                node.sentOf(Message.AppendEntryReply.class).get(0);
        assertThat(reply.diskFull()).isTrue();
        assertThat(reply.receivedIndex()).isEqualTo(3);
        assertThat(node.raft().commitIndex()).as("of what it has").isEqualTo(3);
        assertThat(node.lines()).isEqualTo(List.of("NO-OP 0", "SET a 1 0", "NO-OP 1"));
    }

    /** A piece of a snapshot is not stored; it comes again once there is room. */
    @Test
    void aFullFollowerStoresNoSnapshot() {
        TestNode node = TestNode.of(1, Tuning.of(3));
        SnapshotChunk chunk = new SnapshotChunk(new EntryId(9, 0), 3, 0, new byte[] {1, 2, 3});
        tell(node, true);
        node.receive(0, new Message.InstallSnapshot(0, chunk, 350, 0, 1));
        assertThat(node.snapshotTasks).isEmpty();
        tell(node, false);
        node.receive(0, new Message.InstallSnapshot(0, chunk, 350, 0, 1));
        assertThat(node.snapshotTasks).hasSize(1);
    }
}

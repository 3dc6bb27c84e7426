package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.raft.Message.InstallSnapshot;
import io.tenure.raft.Message.InstallSnapshotReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Snapshots in the core: paper, section 7 and figure 13; LEASE.md 3.4 (every chunk carries the lease) and 4 #34. */
final class SnapshotTest {
    private static final EntryId LAST = new EntryId(6, 2);
    private static final long NO_OFFSET = InstallSnapshotReply.NO_OFFSET;

    private final Tuning tuning = Tuning.of(3).leaseMillis(300);
    private final TestNode follower = TestNode.of(0, tuning);

    private static SnapshotChunk chunk(EntryId last, long total, long offset, int bytes) {
        return new SnapshotChunk(last, total, offset, new byte[bytes]);
    }

    private static InstallSnapshot install(long term, SnapshotChunk chunk, long seq) {
        return new InstallSnapshot(term, chunk, 300, 0, seq);
    }

    private TestNode withLog(long commitIndex, Entry... log) {
        return follower.with(new HardState(2, HardState.NO_VOTE, 300), commitIndex, log);
    }

    private InstallSnapshotReply lastReply(int to) {
        List<InstallSnapshotReply> replies = follower.sentTo(to, InstallSnapshotReply.class);
        return replies.get(replies.size() - 1);
    }

    /** Figure 13, 2 to 4: pieces go to the disk as they come; the reply on receipt makes the promise, the second one asks on. */
    @Test
    void everyPieceRenewsTheLeaseAndIsKept() {
        withLog(1, Lines.noOp(1));
        follower.receive(1, install(2, chunk(LAST, 20, 0, 10), 7));

        assertThat(follower.snapshotTasks).containsExactly(new Output.StoreChunk(chunk(LAST, 20, 0, 10)));
        assertThat(lastReply(1)).isEqualTo(new InstallSnapshotReply(2, 7, true, LAST, NO_OFFSET, false));

        follower.turn(new Input.ChunkStored(LAST, 10, false));
        assertThat(lastReply(1)).isEqualTo(new InstallSnapshotReply(2, 0, false, LAST, 10, false));
        assertThat(follower.raft().log().last()).isEqualTo(new EntryId(1, 1));
    }

    /** "If last included entry is not in the log, discard the entire log" (figure 13, 7): also a longer one. */
    @Test
    void takesThePlaceOfTheWholeLogOnceItIsThere() {
        withLog(
                1,
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1));
        follower.diskIsFast = false;
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));
        follower.turn(new Input.ChunkStored(LAST, 10, true));

        assertThat(follower.raft().log().lastIndex()).isEqualTo(7);
        assertThat(follower.installed).isEmpty();
        assertThat(lastReply(1).installed()).isFalse();

        follower.forceAll();
        assertThat(follower.installed).containsExactly(LAST);
        assertThat(follower.raft().log().base()).isEqualTo(LAST);
        assertThat(follower.raft().log().last()).isEqualTo(LAST);
        assertThat(follower.raft().commitIndex()).isEqualTo(6);
        assertThat(follower.raft().durableIndex()).isEqualTo(6);
        assertThat(lastReply(1)).isEqualTo(new InstallSnapshotReply(2, 0, false, LAST, NO_OFFSET, true));
    }

    /** Figure 13, 6: what follows the last included entry stays; here nothing is replaced at all. */
    @Test
    void isNotInstalledWhereTheLogHoldsItsEnd() {
        withLog(
                1,
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(1),
                Lines.noOp(2),
                Lines.set("later", "x", 2));
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));

        assertThat(follower.snapshotTasks).isEmpty();
        assertThat(follower.raft().commitIndex()).isEqualTo(6);
        assertThat(follower.raft().log().lastIndex()).isEqualTo(7);
        assertThat(lastReply(1)).isEqualTo(new InstallSnapshotReply(2, 7, true, LAST, NO_OFFSET, true));
    }

    /** A snapshot older than what is committed here changes nothing (LEASE.md 4, #34). */
    @Test
    void anOlderOneIsIgnored() {
        follower.with(new HardState(2, HardState.NO_VOTE, 0), 3, Lines.noOp(1), Lines.noOp(1), Lines.noOp(1));
        follower.receive(1, install(2, chunk(new EntryId(2, 1), 10, 0, 10), 7));
        follower.turn(new Input.ChunkStored(new EntryId(2, 1), 10, true));
        follower.forceAll();

        assertThat(follower.raft().commitIndex()).isEqualTo(3);
        assertThat(follower.installed).isEmpty();
    }

    /** While the log is being replaced, nothing else is done to it; the promise is still made. */
    @Test
    void whileItIsInstalledTheLogStandsStill() {
        withLog(1, Lines.noOp(1));
        follower.diskIsFast = false;
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));
        follower.turn(new Input.ChunkStored(LAST, 10, true));
        follower.receive(1, new Message.AppendEntry(2, new EntryId(1, 1), List.of(Lines.noOp(2)), 2, 300, 0, 8));

        assertThat(follower.raft().log().lastIndex()).isEqualTo(1);
        assertThat(follower.raft().commitIndex()).isEqualTo(1);

        follower.advanceMillis(5_000);
        assertThat(follower.raft().role()).as("a log in between can't lead").isEqualTo(Role.FOLLOWER);

        follower.forceAll();
        follower.receive(1, new Message.AppendEntry(2, LAST, List.of(Lines.noOp(2)), 7, 300, 0, 9));
        assertThat(follower.raft().log().last()).isEqualTo(new EntryId(7, 2));
        assertThat(follower.raft().commitIndex()).isEqualTo(7);
        assertThat(follower.applied).hasSize(1);
    }

    /**
     * One leader's snapshot may be installed under the next one, which goes on where it knows the logs to meet: that one must
     * not take it that what it was acknowledged is lost, and shut this node out.
     */
    @Test
    void whileItIsInstalledNothingAcknowledgedSeemsLost() {
        withLog(1, Lines.noOp(1), Lines.noOp(1), Lines.noOp(1));
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));
        EntryId end = new EntryId(3, 1);
        follower.receive(2, Peers.append(3, end, 1));
        assertThat(lastAppendReply(2).matchIndex()).isEqualTo(3);

        follower.diskIsFast = false;
        follower.turn(new Input.ChunkStored(LAST, 10, true));
        follower.receive(2, Peers.append(3, end, 1, Lines.noOp(3)));

        assertThat(lastAppendReply(2).success()).isFalse();
        assertThat(lastAppendReply(2).hint()).isEqualTo(end);
    }

    private Message.AppendEntryReply lastAppendReply(int to) {
        List<Message.AppendEntryReply> replies = follower.sentTo(to, Message.AppendEntryReply.class);
        return replies.get(replies.size() - 1);
    }

    /** What is found complete must still be there when it is installed, whoever leads by then. */
    @Test
    void onePieceIsStoredAtATime() {
        withLog(1, Lines.noOp(1));
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));
        follower.snapshotTasks.clear();
        SnapshotChunk other = chunk(new EntryId(9, 2), 20, 0, 10);
        follower.receive(2, install(3, other, 1));
        assertThat(follower.snapshotTasks).isEmpty();

        follower.turn(new Input.ChunkStored(LAST, NO_OFFSET, false));
        follower.receive(2, install(3, other, 2));
        assertThat(follower.snapshotTasks).containsExactly(new Output.StoreChunk(other));
    }

    /** The log stage may tell of a snapshot of its own in the turn in which it has installed another, and be heard first. */
    @Test
    void whereTheNewLogBeginsMayBeToldBeforeItIsThere() {
        withLog(2, Lines.noOp(1), Lines.noOp(1));
        follower.diskIsFast = false;
        follower.receive(1, install(2, chunk(LAST, 10, 0, 10), 7));
        follower.turn(new Input.ChunkStored(LAST, 10, true));
        follower.takeWrite();
        follower.turn(new Input.SnapshotWritten(new EntryId(2, 1), 10, LAST));
        follower.forceAll();

        assertThat(follower.raft().log().base()).isEqualTo(LAST);
        assertThat(follower.raft().commitIndex()).isEqualTo(6);
    }

    /** A write that was on its way when the snapshot came never counts as an entry of the new log. */
    @Test
    void whatWasBeingWrittenIsNeverAcknowledgedAsPartOfIt() {
        withLog(1, Lines.noOp(1));
        follower.diskIsFast = false;
        follower.receive(1, Peers.append(2, new EntryId(1, 1), 1, Lines.noOp(2), Lines.noOp(2)));
        follower.takeWrite();
        follower.receive(1, install(3, chunk(new EntryId(2, 3), 10, 0, 10), 7));
        follower.turn(new Input.ChunkStored(new EntryId(2, 3), 10, true));
        follower.force();

        assertThat(follower.raft().durableIndex()).isEqualTo(1);
        follower.forceAll();
        assertThat(follower.raft().durableIndex()).isEqualTo(2);
    }

    /** Entries that this log has no more are committed: an old message may speak of them (LEASE.md 4, #34: across the boundary). */
    @Test
    void appendEntriesAcrossTheBoundaryMeetTheLog() {
        withLog(3, Lines.noOp(1), Lines.noOp(1), Lines.noOp(1)).compactTo(2);
        follower.receive(
                1,
                Peers.append(2, EntryId.NONE, 3, Lines.noOp(1), Lines.noOp(1), Lines.noOp(1), Lines.set("k", "v", 2)));

        assertThat(follower.raft().log().last()).isEqualTo(new EntryId(4, 2));
        assertThat(follower.raft().log().base()).isEqualTo(new EntryId(2, 1));
    }

    private TestNode leaderWithout(int compacted) {
        Entry[] log = new Entry[8];
        for (int i = 0; i < log.length; i++) {
            log[i] = Lines.noOp(1);
        }
        TestNode leader = TestNode.of(0, tuning).with(new HardState(1, HardState.NO_VOTE, 0), 8, log);
        leader.compactTo(compacted);
        return Peers.elect(leader, 1);
    }

    private static EntryId hint(long index) {
        return index == 0 ? EntryId.NONE : new EntryId(index, 1);
    }

    /** Section 7: "The leader ... send[s] snapshots to followers that lag behind": those whose log ends before its own begins. */
    @Test
    void aLeaderSendsOneToAFollowerThatItsLogDoesNotReach() {
        TestNode leader = leaderWithout(5);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(3)));

        assertThat(leader.snapshotTasks).containsExactly(new Output.SnapshotFetch(2, EntryId.NONE, 0, 4096));
        SnapshotChunk first = chunk(new EntryId(5, 1), 6000, 0, 4096);
        leader.turn(new Input.SnapshotFetched(2, first));
        InstallSnapshot sent = leader.sentTo(2, InstallSnapshot.class).get(0);
        assertThat(sent.chunk()).isEqualTo(first);
        assertThat(sent.leaseMillis()).isEqualTo(300);

        leader.snapshotTasks.clear();
        leader.receive(2, new InstallSnapshotReply(2, sent.seq(), true, first.last(), NO_OFFSET, false));
        assertThat(leader.snapshotTasks).as("one piece at a time").isEmpty();
        leader.receive(2, new InstallSnapshotReply(2, 0, false, first.last(), 4096, false));
        leader.advanceMillis(1);
        assertThat(leader.snapshotTasks).containsExactly(new Output.SnapshotFetch(2, first.last(), 4096, 4096));
    }

    @Test
    void aFollowerWhoseLogReachesTheBaseGetsEntries() {
        TestNode leader = leaderWithout(5);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(5)));

        assertThat(leader.snapshotTasks).isEmpty();
        assertThat(Peers.lastAppend(leader, 2).prev()).isEqualTo(new EntryId(5, 1));
    }

    @Test
    void afterTheSnapshotEntriesFollow() {
        TestNode leader = leaderWithout(5);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(0)));
        leader.turn(new Input.SnapshotFetched(2, chunk(new EntryId(5, 1), 10, 0, 10)));
        leader.receive(2, new InstallSnapshotReply(2, 0, false, new EntryId(5, 1), NO_OFFSET, true));

        Message.AppendEntry append = Peers.lastAppend(leader, 2);
        assertThat(append.prev()).isEqualTo(new EntryId(5, 1));
        assertThat(append.entries()).hasSize(4);
    }

    /** A piece or its answer that is lost is sent again, in time and not at once. */
    @Test
    void aPieceWithoutAnswerIsSentAgain() {
        TestNode leader = leaderWithout(5);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(0)));
        leader.turn(new Input.SnapshotFetched(2, chunk(new EntryId(5, 1), 6000, 0, 4096)));
        leader.snapshotTasks.clear();
        keepLease(leader, 100);
        assertThat(leader.snapshotTasks).isEmpty();
        keepLease(leader, 1_000);
        assertThat(leader.snapshotTasks).contains(new Output.SnapshotFetch(2, new EntryId(5, 1), 0, 4096));
    }

    private static void keepLease(TestNode leader, long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            leader.advanceMillis(10);
            Peers.ackLast(leader, 1);
        }
    }

    /** No faster than the limit. */
    @Test
    void keepsToItsRate() {
        tuning.snapshotBytesPerSecondMax = 4096 * 10;
        TestNode leader = leaderWithout(5);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(0)));
        leader.turn(new Input.SnapshotFetched(2, chunk(new EntryId(5, 1), 1 << 20, 0, 4096)));
        leader.snapshotTasks.clear();
        leader.receive(2, new InstallSnapshotReply(2, 0, false, new EntryId(5, 1), 4096, false));
        keepLease(leader, 80);
        assertThat(leader.snapshotTasks).isEmpty();
        keepLease(leader, 30);
        assertThat(leader.snapshotTasks).hasSize(1);
    }

    /** The promises of a follower that only gets pieces keep the lease (LEASE.md 4, #34: "chunks also renew and carry the lease"). */
    @Test
    void piecesAloneKeepTheLease() {
        TestNode leader = leaderWithout(5);
        Peers.ackLast(leader, 1);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(0)));
        List<Boolean> leased = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            leader.turn(new Input.SnapshotFetched(2, chunk(new EntryId(5, 1), 1 << 20, i * 100L, 100)));
            List<InstallSnapshot> sent = leader.sentTo(2, InstallSnapshot.class);
            long seq = sent.get(sent.size() - 1).seq();
            leader.receive(2, new InstallSnapshotReply(2, seq, true, new EntryId(5, 1), NO_OFFSET, false));
            leader.receive(2, new InstallSnapshotReply(2, 0, false, new EntryId(5, 1), i * 100L + 100, false));
            leader.advanceMillis(20);
            leased.add(leader.isLeased());
        }
        assertThat(leased).doesNotContain(false);
        assertThat(leader.isLeader()).isTrue();
    }

    /** A leader whose log moves on under a slow follower asks it anew where it stands. */
    @Test
    void compactionPastASlowFollowerLeadsToASnapshot() {
        TestNode leader = leaderWithout(2);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(3)));
        leader.receive(2, Peers.ack(Peers.lastAppend(leader, 2), 3, 3));
        leader.compactTo(7);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(3)));
        leader.advanceMillis(60);
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), hint(3)));

        assertThat(leader.snapshotTasks).isNotEmpty();
    }

    @Test
    void theBaseOfALogStaysWhatItWas() {
        RaftLog log = new RaftLog(new EntryId(4, 2));
        assertThat(log.last()).isEqualTo(new EntryId(4, 2));
        assertThat(log.holds(new EntryId(4, 2))).isTrue();
        assertThat(log.holds(new EntryId(4, 1))).isFalse();
        assertThat(log.lastAtOrBelow(9, 0)).isEqualTo(new EntryId(4, 2));
        log.append(Lines.noOp(2));
        log.append(Lines.noOp(3));
        log.append(Lines.noOp(3));
        log.compactTo(new EntryId(6, 3));
        assertThat(log.term(6)).isEqualTo(3);
        assertThat(log.term(7)).isEqualTo(3);
        assertThat(log.firstInWindow()).isEqualTo(7);
        assertThatThrownBy(() -> log.term(5)).hasMessage("index 5 of 7..7");
        assertThatThrownBy(() -> log.compactTo(new EntryId(9, 3))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RaftLog(new EntryId(4, 2)).append(Lines.noOp(1)))
                .hasMessage("term 1 after term 2");
    }
}

package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Sentences of Ongaro's thesis ("Consensus: Bridging Theory and Practice") on reads, pre-votes and disks, each as a test. */
final class ThesisTest {
    /**
     * 6.4: "If the leader has not yet marked an entry from its current term committed, it waits until it has done so."
     */
    @Test
    void readIndexWaitsForAnEntryOfTheOwnTerm() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        long ticket = leader.read();
        Message.AppendEntry noOp = Peers.lastAppend(leader, 1);
        leader.receive(1, Peers.ack(noOp, 0, 1));
        leader.advanceMillis(50);
        leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1), 0, 1));
        assertThat(leader.fate(ticket))
                .as("a majority answered, but the NO-OP is not committed")
                .isEqualTo("WAITING");
        leader.receive(1, Peers.ack(noOp));
        assertThat(leader.fate(ticket)).as("the round begins only now").isEqualTo("WAITING");
        Peers.ackLast(leader, 1);
        assertThat(leader.ready).containsExactly(new Output.Ready(ticket, 1));
    }

    /** 6.4: "The leader saves its current commit index in a local variable readIndex." */
    @Test
    void readIndexIsTheCommitIndexAtTheStartOfTheRound() {
        TestNode leader = ledAndAcknowledged();
        long write = leader.propose("x", "1");
        Message.AppendEntry append = Peers.lastAppend(leader, 1);
        long before = leader.read();
        Message.AppendEntry round = Peers.lastAppend(leader, 1);
        leader.receive(1, Peers.ack(append));
        assertThat(leader.fate(write)).isEqualTo("READY");
        assertThat(leader.fate(before)).isEqualTo("WAITING");
        leader.receive(1, Peers.ack(round, 2, 2));
        assertThat(leader.ready).contains(new Output.Ready(before, 1));
        long after = leader.read();
        Peers.ackLast(leader, 1);
        assertThat(leader.ready).contains(new Output.Ready(after, 2));
    }

    /**
     * 6.4: "It issues a new round of heartbeats and waits for their acknowledgments from a majority of the cluster." Answers to
     * anything sent before the read arrived do not count (LEASE.md 4, #26).
     */
    @Test
    void readIndexNeedsAnswersToMessagesSentAfterTheRead() {
        TestNode leader = ledAndAcknowledged();
        leader.advanceMillis(50);
        Message.AppendEntry earlier = Peers.lastAppend(leader, 1);
        long ticket = leader.read();
        leader.receive(1, Peers.ack(earlier));
        leader.receive(2, Peers.ack(earlier));
        leader.receive(1, new Message.AppendEntryReply(0, 0, false, true, 1, 1, EntryId.NONE, false));
        leader.receive(1, new Message.AppendEntryReply(0, 99, false, true, 1, 1, EntryId.NONE, false));
        assertThat(leader.fate(ticket)).isEqualTo("WAITING");
        leader.receive(2, Peers.ackWithoutPromise(Peers.lastAppend(leader, 2)));
        assertThat(leader.fate(ticket)).as("any answer of this term will do").isEqualTo("READY");
    }

    /** 6.4: a superseded leader cannot confirm its reads. */
    @Test
    void aDeposedLeaderRefusesItsReads() {
        TestNode leader = ledAndAcknowledged();
        long waiting = leader.read();
        Message.AppendEntry round = Peers.lastAppend(leader, 1);
        leader.receive(2, Peers.append(1, EntryId.NONE, 0));
        assertThat(leader.fate(waiting)).isEqualTo("NOT_LEADER");
        leader.receive(1, Peers.ack(round));
        assertThat(leader.fate(waiting)).isEqualTo("NOT_LEADER");
    }

    /**
     * 9.6: "a candidate only increments its term if it first learns from a majority of the cluster that they would be willing to
     * grant the candidate their votes".
     */
    @Test
    void theTermIsIncrementedOnlyAfterAMajorityOfPreVotes() {
        TestNode node = TestNode.of(0, Tuning.of(5));
        for (int attempt = 0; attempt < 5; attempt++) {
            node.wake();
            node.receive(1, Peers.preVote(0, true));
            node.receive(2, Peers.preVote(0, false));
            node.receive(3, new Message.RequestVoteReply(-1, true, true, 9, List.of()));
            assertThat(node.raft().currentTerm()).isEqualTo(-1);
        }
        assertThat(node.durableHardState()).isEqualTo(HardState.INITIAL);
        node.receive(3, Peers.preVote(0, true));
        assertThat(node.raft().currentTerm()).isZero();
    }

    /**
     * 9.6: voters agree "if the candidate's log is sufficiently up-to-date, and the voters have not received heartbeats from a
     * valid leader for at least a baseline election timeout".
     */
    @Test
    void aPreVoteIsDeniedWhileALeaderIsAliveOrForAShorterLog() {
        TestNode voter = TestNode.of(2, Tuning.of(3));
        voter.receive(1, Peers.append(4, EntryId.NONE, 0, Lines.noOp(4)));
        EntryId upToDate = new EntryId(1, 4);
        voter.advanceMillis(399);
        assertThat(preVoteOf(voter, 5, upToDate)).as("heard 399 ms ago").isFalse();
        voter.now += Tuning.nanos(1);
        assertThat(preVoteOf(voter, 5, upToDate)).isTrue();
        assertThat(preVoteOf(voter, 5, EntryId.NONE)).as("shorter log").isFalse();
        assertThat(preVoteOf(voter, 4, upToDate)).as("no later term").isFalse();
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        assertThat(preVoteOf(leader, 1, new EntryId(9, 0))).as("a leader").isFalse();
    }

    /** 9.6: pre-votes change neither term nor vote nor timer of those who are asked. */
    @Test
    void aPreVoteChangesNothingAtTheVoter() {
        TestNode voter = TestNode.of(2, Tuning.of(3));
        long timer = voter.raft().wakeAtNanos();
        voter.now += 1000;
        assertThat(preVoteOf(voter, 9, new EntryId(5, 5))).isTrue();
        assertThat(preVoteOf(voter, 9, new EntryId(5, 5))).isTrue();
        assertThat(voter.raft().currentTerm()).isEqualTo(-1);
        assertThat(voter.raft().votedFor()).isEqualTo(HardState.NO_VOTE);
        assertThat(voter.raft().wakeAtNanos()).isEqualTo(timer);
        assertThat(voter.takeWrite()).isFalse();
    }

    private static boolean preVoteOf(TestNode voter, long term, EntryId last) {
        voter.sent.clear();
        voter.receive(voter.id == 1 ? 0 : 1, Peers.requestPreVote(term, last));
        return voter.sentOf(Message.RequestVoteReply.class).get(0).granted();
    }

    /** 9.6: a partitioned server that returns does not disrupt the cluster, as its term has not grown. */
    @Test
    void aServerThatReturnsFromAPartitionDisturbsNobody() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        long term = leader.raft().currentTerm();
        cluster.isolate(1);
        cluster.advanceMillis(10_000);
        cluster.healAll();
        cluster.advanceMillis(2_000);
        assertThat(leader.isLeader()).isTrue();
        assertThat(cluster.nodes()).allMatch(node -> node.raft().currentTerm() == term);
    }

    /**
     * etcd#8501: a higher term with a shorter log against a lower term with a longer log. The refusal of a pre-vote carries the
     * voter's term, so that the two meet.
     */
    @Test
    void aHigherTermWithAShorterLogDoesNotBlockElections() {
        Cluster cluster = Cluster.of(3);
        cluster.crash(2);
        cluster.node(0).with(new HardState(9, 0, 0), 0, Lines.noOp(0));
        cluster.node(1).with(new HardState(1, 1, 0), 0, Lines.noOp(0), Lines.noOp(1));
        cluster.advanceUntil(c -> c.node(1).isLeader(), 3_000);
        assertThat(cluster.node(1).raft().currentTerm()).isGreaterThan(9);
    }

    /** 10.2.1: "The leader can write to its disk in parallel with replicating to the followers and them writing to their disks." */
    @Test
    void theLeaderSendsBeforeItsOwnWriteIsDurable() {
        TestNode leader = ledAndAcknowledged();
        leader.diskIsFast = false;
        leader.sent.clear();
        long ticket = leader.propose("x", "1");
        assertThat(leader.sentOf(Message.AppendEntry.class)).hasSize(2);
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(ticket))
                .as("the leader itself does not count yet")
                .isEqualTo("WAITING");
        leader.force();
        assertThat(leader.fate(ticket)).isEqualTo("READY");
    }

    /** 10.2.1: an entry may even be committed before it is on the leader's own disk, by a majority of followers. */
    @Test
    void followersAloneCanCommit() {
        TestNode leader = ledAndAcknowledged();
        leader.diskIsFast = false;
        long ticket = leader.propose("x", "1");
        Peers.ackLast(leader, 1);
        Peers.ackLast(leader, 2);
        assertThat(leader.fate(ticket)).isEqualTo("READY");
        assertThat(leader.raft().durableIndex()).isEqualTo(1);
    }

    private static TestNode ledAndAcknowledged() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        Peers.ackLast(leader, 1);
        Peers.ackLast(leader, 2);
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
        return leader;
    }
}

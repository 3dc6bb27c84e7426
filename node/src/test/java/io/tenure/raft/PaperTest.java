package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Sentences of the Raft paper ("In Search of an Understandable Consensus Algorithm", extended version), each as a test. */
final class PaperTest {
    private static final EntryId EMPTY = EntryId.NONE;

    /** 5.1: "if one server's current term is smaller than the other's, then it updates its current term to the larger value." */
    @Test
    void everyMessageWithALargerTermIsFollowedByIt() {
        List<Message> messages = List.of(
                Peers.requestVote(7, EMPTY),
                Peers.vote(7, false),
                Peers.append(7, EMPTY, 0),
                Peers.ack(Peers.append(7, EMPTY, 0)),
                new Message.RequestVoteReply(7, true, false, 1, List.of()));
        for (Message message : messages) {
            TestNode node = TestNode.of(0, Tuning.of(3));
            node.receive(1, message);
            assertThat(node.raft().currentTerm()).as("%s", message).isEqualTo(7);
        }
    }

    /** 5.1: "If a candidate or leader discovers that its term is out of date, it immediately reverts to follower state." */
    @Test
    void candidateAndLeaderRevertToFollowerInALaterTerm() {
        TestNode candidate = Peers.stand(TestNode.of(0, Tuning.of(3)), 1);
        candidate.receive(1, Peers.vote(4, false));
        assertThat(candidate.raft().role()).isEqualTo(Role.FOLLOWER);
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        leader.receive(2, Peers.requestVote(4, EMPTY));
        assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.eventKinds()).contains(Event.Kind.STEPPING_DOWN);
    }

    /** 5.1: "If a server receives a request with a stale term number, it rejects the request." */
    @Test
    void staleRequestsAreRejected() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.receive(1, Peers.append(5, EMPTY, 0));
        node.sent.clear();
        node.receive(2, Peers.append(4, EMPTY, 0, Lines.noOp(4)));
        node.receive(2, Peers.requestVote(4, new EntryId(9, 4)));
        assertThat(node.sentOf(Message.AppendEntryReply.class))
                .allMatch(reply -> !reply.success() && reply.term() == 5);
        assertThat(node.sentOf(Message.RequestVoteReply.class))
                .allMatch(reply -> !reply.granted() && reply.term() == 5);
        assertThat(node.sent).hasSize(2);
        assertThat(node.lines()).isEmpty();
    }

    /** 5.2: "When servers start up, they begin as followers." */
    @Test
    void serversBeginAsFollowers() {
        TestNode node = TestNode.of(0, Tuning.of(3)).with(new HardState(3, 0, 0), 0, Lines.noOp(3));
        assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(node.raft().leader()).isEqualTo(Raft.NO_LEADER);
    }

    /** 5.2: "Leaders send periodic heartbeats (AppendEntries RPCs that carry no log entries) to all followers". */
    @Test
    void leadersSendPeriodicHeartbeats() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        Peers.ackLast(leader, 1);
        Peers.ackLast(leader, 2);
        leader.advanceMillis(2); // the commit of the NO-OP is told
        for (int i = 0; i < 5; i++) {
            leader.sent.clear();
            leader.advanceMillis(50);
            for (int peer = 1; peer <= 2; peer++) {
                assertThat(leader.sentTo(peer, Message.AppendEntry.class)).hasSize(1);
                assertThat(Peers.lastAppend(leader, peer).entries()).isEmpty();
                Peers.ackLast(leader, peer);
            }
        }
    }

    /**
     * 5.2: "If a follower receives no communication over a period of time called the election timeout, then it assumes there is
     * no viable leader and begins an election".
     */
    @Test
    void silenceForAnElectionTimeoutStartsAnElection() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.advanceMillis(399);
        node.receive(1, Peers.append(0, EMPTY, 0));
        node.advanceMillis(399);
        assertThat(node.eventKinds()).doesNotContain(Event.Kind.ELECTION_TIMEOUT);
        node.advanceMillis(1);
        assertThat(node.eventKinds()).containsOnlyOnce(Event.Kind.ELECTION_TIMEOUT);
    }

    /**
     * 5.2: "To begin an election, a follower increments its current term and transitions to candidate state. It then votes for
     * itself and issues RequestVote RPCs in parallel to each of the other servers in the cluster."
     */
    @Test
    void aCandidateIncrementsItsTermVotesForItselfAndAsksEverybody() {
        TestNode node = TestNode.of(0, Tuning.of(5)).with(new HardState(3, 4, 0), 0, Lines.noOp(2));
        node.wake();
        node.receive(1, Peers.preVote(4, true));
        node.sent.clear();
        node.receive(2, Peers.preVote(4, true));
        assertThat(node.durableHardState()).isEqualTo(new HardState(4, 0, 0));
        assertThat(node.sent).extracting(Output.Send::to).containsExactly(1, 2, 3, 4);
        assertThat(node.sent)
                .extracting(Output.Send::message)
                .containsOnly(new Message.RequestVote(4, false, new EntryId(1, 2)));
    }

    /** 5.2: "A candidate wins an election if it receives votes from a majority of the servers in the full cluster for the same term." */
    @Test
    void aMajorityOfTheFullClusterForTheSameTermWins() {
        TestNode node = TestNode.of(0, Tuning.of(5));
        node.wake();
        node.receive(1, Peers.preVote(0, true));
        node.receive(2, Peers.preVote(0, true));
        node.receive(1, Peers.vote(0, true));
        node.receive(1, Peers.vote(0, true));
        node.receive(2, Peers.vote(0, false));
        node.receive(3, new Message.RequestVoteReply(0, false, true, -1, List.of()));
        assertThat(node.raft().role()).as("two of five").isEqualTo(Role.CANDIDATE);
        node.receive(3, Peers.vote(0, true));
        assertThat(node.raft().role()).isEqualTo(Role.LEADER);
    }

    /** 5.2: "Each server will vote for at most one candidate in a given term, on a first-come-first-served basis". */
    @Test
    void oneVoteATermAlsoAfterARestart() {
        TestNode voter = TestNode.of(0, Tuning.of(3));
        voter.receive(1, Peers.requestVote(2, EMPTY));
        voter.receive(2, Peers.requestVote(2, EMPTY));
        assertThat(voter.takeSent(Message.RequestVoteReply.class))
                .extracting(Message.RequestVoteReply::granted)
                .containsExactly(true, false);
        voter.crash();
        voter.boot(Tuning.nanos(5_000));
        voter.receive(2, Peers.requestVote(2, EMPTY));
        voter.receive(1, Peers.requestVote(2, EMPTY));
        assertThat(voter.takeSent(Message.RequestVoteReply.class))
                .extracting(Message.RequestVoteReply::granted)
                .as("a repeat of the first is answered as before")
                .containsExactly(false, true);
    }

    /**
     * 5.2: "If the leader's term (included in its RPC) is at least as large as the candidate's current term, then the candidate
     * recognizes the leader as legitimate and returns to follower state. If the term in the RPC is smaller than the candidate's
     * current term, then the candidate rejects the RPC and continues in candidate state."
     */
    @Test
    void aCandidateRecognizesTheLeaderOfItsTermButNoOlderOne() {
        TestNode candidate = Peers.stand(TestNode.of(0, Tuning.of(3)).with(new HardState(2, -1, 0), 0), 1);
        candidate.sent.clear();
        candidate.receive(2, Peers.append(2, EMPTY, 0));
        assertThat(candidate.raft().role()).isEqualTo(Role.CANDIDATE);
        assertThat(candidate.sentTo(2, Message.AppendEntryReply.class)).allMatch(reply -> !reply.success());
        candidate.receive(1, Peers.append(3, EMPTY, 0));
        assertThat(candidate.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(candidate.raft().leader()).isEqualTo(1);
    }

    /** 5.2: after a split vote "each candidate will time out and start a new election by incrementing its term". */
    @Test
    void aSplitVoteEndsWithAnotherElection() {
        TestNode candidate = Peers.stand(TestNode.of(0, Tuning.of(3)), 1);
        candidate.receive(1, Peers.vote(0, false));
        candidate.receive(2, Peers.vote(0, false));
        candidate.advanceMillis(400);
        candidate.receive(1, Peers.preVote(1, true));
        assertThat(candidate.raft().currentTerm()).isEqualTo(1);
        candidate.receive(1, Peers.vote(1, true));
        assertThat(candidate.isLeader()).isTrue();
    }

    /** 5.2: "election timeouts are chosen randomly from a fixed interval". */
    @Test
    void electionTimeoutsAreDrawnAnewFromTheInterval() {
        TestNode node = new TestNode(0, Tuning.of(3), new SplittableRandom(1), 0);
        Set<Long> timeouts = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            node.receive(1, Peers.append(0, EMPTY, 0));
            timeouts.add(node.raft().wakeAtNanos() - node.now);
        }
        assertThat(timeouts).hasSizeGreaterThan(90);
        assertThat(timeouts).allMatch(each -> each >= Tuning.nanos(400) && each <= Tuning.nanos(700));
    }

    /** 5.2: a new leader "sends heartbeat messages to all of the other servers to establish its authority and prevent new elections." */
    @Test
    void aNewLeaderTellsEverybodyAtOnce() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(5)), 1, 2);
        assertThat(leader.sentOf(Message.AppendEntry.class)).hasSize(4);
    }

    /**
     * 5.3: "The leader appends the command to its log as a new entry, then issues AppendEntries RPCs in parallel to each of the
     * other servers to replicate the entry."
     */
    @Test
    void aCommandIsAppendedAndSentToEverybody() {
        TestNode leader = ledAndAcknowledged(3);
        leader.sent.clear();
        leader.propose("x", "6");
        assertThat(leader.lines()).containsExactly("NO-OP 0", "SET x 6 0");
        for (int peer = 1; peer <= 2; peer++) {
            assertThat(Peers.lastAppend(leader, peer).prev()).isEqualTo(new EntryId(1, 0));
            assertThat(Peers.lastAppend(leader, peer).entries()).hasSize(1);
        }
    }

    /** 5.3: "A log entry is committed once the leader that created the entry has replicated it on a majority of the servers". */
    @Test
    void anEntryIsCommittedByAMajority() {
        TestNode leader = ledAndAcknowledged(5);
        long ticket = leader.propose("x", "6");
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(ticket)).isEqualTo("WAITING");
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(ticket)).as("the same follower twice").isEqualTo("WAITING");
        Peers.ackLast(leader, 2);
        assertThat(leader.fate(ticket)).isEqualTo("READY");
        assertThat(leader.appliedLines()).containsExactly("NO-OP 0", "SET x 6 0");
    }

    /** 5.3: "Once a follower learns that a log entry is committed, it applies the entry to its local state machine (in log order)." */
    @Test
    void aFollowerAppliesWhatItLearnsIsCommittedInOrder() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.receive(1, Peers.append(0, EMPTY, 0, Lines.noOp(0), Lines.set("a", "1", 0), Lines.set("b", "2", 0)));
        assertThat(node.appliedLines()).isEmpty();
        node.receive(1, Peers.append(0, new EntryId(3, 0), 2));
        assertThat(node.appliedLines()).containsExactly("NO-OP 0", "SET a 1 0");
        node.receive(1, Peers.append(0, new EntryId(3, 0), 3));
        assertThat(node.appliedLines()).containsExactly("NO-OP 0", "SET a 1 0", "SET b 2 0");
    }

    /** 5.3: "If the follower does not find an entry in its log with the same index and term, then it refuses the new entries." */
    @Test
    void aFollowerRefusesEntriesThatDoNotFollowItsLog() {
        TestNode node = TestNode.of(0, Tuning.of(3)).with(new HardState(2, -1, 0), 0, Lines.noOp(0), Lines.noOp(1));
        node.receive(1, Peers.append(2, new EntryId(3, 1), 3, Lines.noOp(2)));
        node.receive(1, Peers.append(2, new EntryId(2, 2), 3, Lines.noOp(2)));
        assertThat(node.sentOf(Message.AppendEntryReply.class)).hasSize(2).allMatch(reply -> !reply.success());
        assertThat(node.lines()).containsExactly("NO-OP 0", "NO-OP 1");
        assertThat(node.raft().commitIndex()).isZero();
    }

    /** 5.3: "conflicting entries in follower logs will be overwritten with entries from the leader's log" (figure 7, a to f). */
    @Test
    void allLogsOfFigure7ConvergeOnTheLeaders() {
        Cluster cluster = new Cluster(Tuning.of(7).electionMillis(400, 2000));
        int[][] terms = {
            {1, 1, 1, 4, 4, 5, 5, 6, 6, 6},
            {1, 1, 1, 4, 4, 5, 5, 6, 6},
            {1, 1, 1, 4},
            {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6},
            {1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7},
            {1, 1, 1, 4, 4, 4, 4},
            {1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3}
        };
        for (int id = 0; id < 7; id++) {
            List<Entry> log = new ArrayList<>();
            for (int term : terms[id]) {
                log.add(Lines.set("i" + (log.size() + 1), "v", term));
            }
            cluster.node(id).with(new HardState(7, HardState.NO_VOTE, 0), 0, log.toArray(Entry[]::new));
        }
        TestNode leader = cluster.elect(0);
        assertThat(leader.raft().currentTerm()).isEqualTo(8);
        assertThat(leader.lines()).hasSize(11).endsWith("NO-OP 8");
        cluster.advanceMillis(50);
        assertThat(cluster.nodes()).allSatisfy(node -> assertThat(node.lines()).isEqualTo(leader.lines()));
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.durableLines()).isEqualTo(leader.lines()));
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.appliedLines()).isEqualTo(leader.lines()));
        assertThat(leader.logChanges).as("Leader Append-Only").noneMatch(Output.LogChange::isTruncation);
    }

    /** 5.3: "one AppendEntries RPC will be required for each term with conflicting entries, rather than one RPC per entry." */
    @Test
    void backtrackingSkipsWholeTerms() {
        TestNode leader = TestNode.of(0, Tuning.of(3));
        Entry[] log = new Entry[100];
        for (int i = 0; i < 100; i++) {
            log[i] = Lines.set("k", "" + i, i < 10 ? 1 : 4);
        }
        Peers.elect(leader.with(new HardState(4, -1, 0), 0, log), 2);
        TestNode follower = TestNode.of(1, Tuning.of(3));
        Entry[] diverged = log.clone();
        for (int i = 10; i < 100; i++) {
            diverged[i] = Lines.set("k", "" + i, i < 50 ? 2 : 3);
        }
        follower.with(new HardState(4, -1, 0), 0, diverged);
        int rounds = 0;
        for (; follower.lines().size() != 101; rounds++) {
            follower.receive(0, Peers.lastAppend(leader, 1));
            leader.receive(1, follower.takeSent(Message.AppendEntryReply.class).get(0));
        }
        assertThat(follower.lines()).isEqualTo(leader.lines());
        assertThat(rounds).isLessThanOrEqualTo(3);
    }

    /** 5.4.1: "the voter denies its vote if its own log is more up-to-date than that of the candidate." */
    @Test
    void aVoterDeniesItsVoteToAShorterOrOlderLog() {
        for (EntryId older : List.of(new EntryId(2, 3), new EntryId(9, 2), EMPTY)) {
            assertThat(votesFor(older)).as("%s", older).isFalse();
        }
        for (EntryId newer : List.of(new EntryId(3, 3), new EntryId(4, 3), new EntryId(1, 4))) {
            assertThat(votesFor(newer)).as("%s", newer).isTrue();
        }
    }

    private static boolean votesFor(EntryId last) {
        TestNode voter = TestNode.of(0, Tuning.of(3));
        voter.with(new HardState(4, -1, 0), 0, Lines.noOp(1), Lines.noOp(2), Lines.noOp(3));
        voter.receive(1, Peers.requestVote(5, last));
        return voter.sentOf(Message.RequestVoteReply.class).get(0).granted();
    }

    /** Figure 2: "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)". */
    @Test
    void aFollowerCommitsOnlyWhatItKnowsToBeTheLeaders() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.with(new HardState(2, -1, 0), 0, Lines.noOp(0), Lines.set("a", "mine", 1), Lines.set("b", "mine", 1));
        node.receive(1, Peers.append(2, new EntryId(1, 0), 3));
        assertThat(node.appliedLines()).containsExactly("NO-OP 0");
    }

    /** 5.5: "Raft RPCs are idempotent": a repeated or overtaken message takes nothing away. */
    @Test
    void messagesMayBeRepeatedAndReordered() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        Message.AppendEntry first = Peers.append(0, EMPTY, 0, Lines.noOp(0));
        Message.AppendEntry second =
                Peers.append(0, new EntryId(1, 0), 0, Lines.set("a", "1", 0), Lines.set("b", "2", 0));
        for (Message.AppendEntry each : List.of(first, second, first, second, Peers.append(0, new EntryId(1, 0), 0))) {
            node.receive(1, each);
        }
        assertThat(node.lines()).containsExactly("NO-OP 0", "SET a 1 0", "SET b 2 0");
        assertThat(node.logChanges).hasSize(3);
        assertThat(node.sentOf(Message.AppendEntryReply.class))
                .last()
                .returns(3L, Message.AppendEntryReply::matchIndex);
    }

    private static TestNode ledAndAcknowledged(int nodes) {
        TestNode leader = nodes == 3
                ? Peers.elect(TestNode.of(0, Tuning.of(3)), 1)
                : Peers.elect(TestNode.of(0, Tuning.of(5)), 1, 2);
        for (int peer = 1; peer < nodes; peer++) {
            Peers.ackLast(leader, peer);
        }
        assertThat(leader.appliedLines()).containsExactly("NO-OP 0");
        return leader;
    }
}

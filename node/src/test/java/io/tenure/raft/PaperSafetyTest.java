package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sentences of the Raft paper on safety (5.4, figures 2 and 8), each as a test. */
final class PaperSafetyTest {
    /** 5.4.2: "Raft never commits log entries from previous terms by counting replicas." */
    @Test
    void entriesOfEarlierTermsAreNotCommittedByCounting() {
        TestNode leader = TestNode.of(0, Tuning.of(3));
        leader.with(new HardState(3, -1, 0), 1, Lines.noOp(1), Lines.set("x", "2", 2));
        Peers.elect(leader, 1);
        Message.AppendEntry sent = Peers.lastAppend(leader, 1);
        leader.receive(1, Peers.ack(sent, 2, 3));
        leader.receive(2, Peers.ack(sent, 2, 3));
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    /**
     * 5.4.2: "once an entry from the current term has been committed in this way, then all prior entries are committed
     * indirectly because of the Log Matching Property."
     */
    @Test
    void anEntryOfTheOwnTermCommitsAllBeforeIt() {
        TestNode leader = TestNode.of(0, Tuning.of(3));
        leader.with(new HardState(3, -1, 0), 1, Lines.noOp(1), Lines.set("x", "2", 2));
        Peers.elect(leader, 1);
        Peers.ackLast(leader, 1);
        assertThat(leader.appliedLines()).containsExactly("NO-OP 1", "SET x 2 2", "NO-OP 4");
    }

    /**
     * Figure 8 (a) to (d): the leader of term 4 brings the entry of term 2 to a majority and crashes; the leader of term 5 lacks
     * it, is elected, and overwrites it. Nobody may have committed it.
     */
    @Test
    void figure8AnEntryOnAMajorityIsOverwritten() {
        Cluster cluster = figure8();
        TestNode s1 = cluster.node(0);
        cluster.crash(4);
        cluster.elect(0);
        assertThat(s1.raft().currentTerm()).isEqualTo(4);
        assertThat(cluster.node(2).durableLines()).as("on three of five").containsExactly("NO-OP 1", "SET x 2 2");
        assertThat(s1.raft().commitIndex()).isEqualTo(1);
        cluster.crash(0);
        cluster.favour(4);
        cluster.restart(4);
        TestNode s5 = cluster.elect(4);
        cluster.healAll();
        cluster.restart(0);
        cluster.advanceMillis(100);
        assertThat(cluster.nodes())
                .allSatisfy(node -> assertThat(node.appliedLines())
                        .containsExactly(
                                "NO-OP 1", "SET x 3 3", "NO-OP " + s5.raft().currentTerm()));
    }

    /** Figure 8 (e): had an entry of term 4 reached that majority, S5 could not have been elected. */
    @Test
    void figure8AnEntryOfTheOwnTermOnAMajorityIsSafe() {
        Cluster cluster = figure8();
        cluster.crash(4);
        cluster.elect(0);
        cluster.healAll();
        cluster.settle();
        assertThat(cluster.node(0).raft().commitIndex()).isEqualTo(3);
        cluster.crash(0);
        cluster.restart(4);
        cluster.favour(4);
        cluster.advanceMillis(20_000);
        assertThat(cluster.node(4).events).extracting(Event::kind).doesNotContain(Event.Kind.BECAME_LEADER);
        assertThat(cluster.leader()).isNotNull();
        assertThat(cluster.leader().appliedLines()).startsWith("NO-OP 1", "SET x 2 2", "NO-OP 4");
    }

    /**
     * S1 and S2 hold an entry of term 2, S5 one of term 3 (figure 8, c). What S1 sends as leader reaches S3 alone, and only
     * until that has the entry of term 2, so that nobody gets one of term 4.
     */
    private static Cluster figure8() {
        Cluster cluster = new Cluster(Tuning.of(5).electionMillis(400, 5_000).batchBytesMax(1));
        for (int id = 0; id < 5; id++) {
            HardState hardState = new HardState(id == 4 ? 3 : 2, HardState.NO_VOTE, 0);
            Entry second = id == 4 ? Lines.set("x", "3", 3) : Lines.set("x", "2", 2);
            if (id == 0 || id == 1 || id == 4) {
                cluster.node(id).with(hardState, 1, Lines.noOp(1), second);
            } else {
                cluster.node(id).with(hardState, 1, Lines.noOp(1));
            }
        }
        cluster.node(0).with(new HardState(3, HardState.NO_VOTE, 0), 1, Lines.noOp(1), Lines.set("x", "2", 2));
        cluster.holdIf(packet -> packet.from() == 0
                && packet.message() instanceof Message.AppendEntry
                && (packet.to() != 2 || cluster.node(2).lines().size() == 2));
        return cluster;
    }

    /** 5.4.3, Leader Completeness: what is committed is in the log of every later leader. */
    @Test
    void aLaterLeaderHoldsEverythingCommitted() {
        Cluster cluster = Cluster.of(5);
        TestNode first = cluster.elect(0);
        cluster.cutBoth(0, 3);
        cluster.cutBoth(0, 4);
        long ticket = first.propose("x", "1");
        cluster.settle();
        assertThat(first.fate(ticket)).isEqualTo("READY");
        cluster.isolate(0);
        cluster.favour(4);
        cluster.advanceUntil(c -> c.others(0).stream().anyMatch(TestNode::isLeader), 20_000);
        assertThat(cluster.leader().id).as("one that has it").isIn(1, 2);
        assertThat(cluster.leader().lines()).contains("SET x 1 0");
    }

    /** Figure 2: persistent state is "updated on stable storage before responding to RPCs". */
    @Test
    void votesTermsAndAcknowledgementsWaitForTheDisk() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.diskIsFast = false;
        node.receive(1, Peers.requestVote(3, EntryId.NONE));
        assertThat(node.sent).isEmpty();
        node.force();
        assertThat(node.takeSent(Message.RequestVoteReply.class))
                .hasSize(1)
                .allMatch(Message.RequestVoteReply::granted);
        assertThat(node.durableHardState()).isEqualTo(new HardState(3, 1, 0));
        node.receive(1, Peers.append(3, EntryId.NONE, 0, Lines.noOp(3)));
        assertThat(node.takeSent(Message.AppendEntryReply.class))
                .containsExactly(new Message.AppendEntryReply(3, 1, false, true, 0, 1, EntryId.NONE, false));
        node.force();
        assertThat(node.takeSent(Message.AppendEntryReply.class))
                .containsExactly(new Message.AppendEntryReply(3, 0, false, true, 1, 1, EntryId.NONE, false));
    }

    /** D2: RequestVote itself waits, and so does the own vote: a crashed candidate must not vote again in its term. */
    @Test
    void aCandidacyWaitsForTheDisk() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.diskIsFast = false;
        Peers.stand(node, 1);
        assertThat(node.sentOf(Message.RequestVote.class)).allMatch(Message.RequestVote::preVote);
        node.crash();
        node.boot(Tuning.nanos(2_000));
        assertThat(node.raft().currentTerm()).isEqualTo(-1);
        Peers.stand(node, 1);
        node.force();
        assertThat(node.sentOf(Message.RequestVote.class))
                .filteredOn(request -> !request.preVote())
                .hasSize(2);
        node.crash();
        node.boot(Tuning.nanos(5_000));
        node.receive(1, Peers.requestVote(0, EntryId.NONE));
        node.forceAll();
        assertThat(node.takeSent(Message.RequestVoteReply.class))
                .hasSize(1)
                .noneMatch(Message.RequestVoteReply::granted);
    }

    /** 5.4.3 and D2: an entry counts for a follower only once it is durable there. */
    @Test
    void entriesThatAreNotDurableDoNotCount() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        cluster.node(1).diskIsFast = false;
        cluster.node(2).diskIsFast = false;
        long ticket = leader.propose("x", "1");
        cluster.settle();
        cluster.advanceMillis(100);
        assertThat(leader.fate(ticket)).isEqualTo("WAITING");
        cluster.node(2).forceAll();
        cluster.settle();
        assertThat(leader.fate(ticket)).isEqualTo("READY");
    }
}

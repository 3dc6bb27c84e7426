package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Votes and processes that end between any two of their steps: nobody ever votes twice in a term. */
final class VoteScenarioTest {
    private final Cluster cluster = Cluster.of(3);

    /**
     * LEASE.md 4, item 2: a voter loses power after it was asked for its vote and before its disk has it, and another one after
     * that. A second candidate of the same term gets the vote of the first one, who has told nobody of any, and not that of the
     * other. Term and vote are one write: no crash leaves the one without the other.
     */
    @Test
    void aVoterLosesPowerBeforeAndAfterItsVoteIsDurable() {
        for (boolean durable : new boolean[] {false, true}) {
            TestNode voter = TestNode.of(0, Tuning.of(3));
            voter.diskIsFast = false;
            voter.receive(1, Peers.requestVote(7, EntryId.NONE));
            assertThat(voter.takeWrite()).isTrue();
            assertThat(voter.sentOf(Message.RequestVoteReply.class))
                    .as("nothing is told before it is durable")
                    .isEmpty();
            if (durable) {
                voter.force();
                assertThat(voter.takeSent(Message.RequestVoteReply.class))
                        .singleElement()
                        .returns(true, Message.RequestVoteReply::granted);
            }
            voter.crash();
            voter.diskIsFast = true;
            voter.boot(Tuning.nanos(2_000));
            assertThat(voter.raft().currentTerm()).isEqualTo(durable ? 7 : HardState.INITIAL.term());
            voter.receive(2, Peers.requestVote(7, EntryId.NONE));
            assertThat(voter.takeSent(Message.RequestVoteReply.class))
                    .singleElement()
                    .returns(!durable, Message.RequestVoteReply::granted);
        }
    }

    /**
     * LEASE.md 4, item 3: a candidate has asked for votes when it crashes. Back again, another candidate of the same term asks it;
     * its vote is its own, so it refuses, and the term keeps the one leader that the others have made.
     */
    @Test
    void aCandidateThatCrashedRemembersItsVoteForItself() {
        cluster.favour(1);
        cluster.holdIf(packet -> packet.message() instanceof Message.RequestVoteReply reply && !reply.preVote());
        TestNode candidate = cluster.node(1);
        cluster.advanceUntil(
                c -> !c.underWay(0, 1).isEmpty() || !c.underWay(2, 1).isEmpty(), 5_000);
        long term = candidate.raft().currentTerm();
        assertThat(candidate.isLeader()).isFalse();
        cluster.crash(1);
        cluster.isolate(1);
        cluster.restart(1);
        assertThat(candidate.raft().currentTerm()).isEqualTo(term);

        candidate.receive(2, Peers.requestVote(term, EntryId.NONE));
        assertThat(candidate.takeSent(Message.RequestVoteReply.class))
                .singleElement()
                .returns(false, Message.RequestVoteReply::granted);
    }
}

package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lease rules of a voter (LEASE.md, 3.5 and 3.8): what it promises, remembers, tells and keeps. */
final class LeasePromiseTest {
    private static final EntryId LONG_LOG = new EntryId(9, 9);

    private final TestNode voter = TestNode.of(2, Tuning.of(5));

    /** 3.5: promises are "kept per holder, never cleared by a term change"; 3.12 case 5, LEASE.md 4 #13. */
    @Test
    void promisesAreKeptPerHolderOverTermChanges() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.advanceMillis(10);
        voter.receive(1, Peers.heartbeat(2, 100, 1));
        voter.advanceMillis(20);
        voter.receive(3, Peers.requestVote(7, LONG_LOG));
        assertThat(oldLeases()).containsExactly(new OldLease(0, 1, 0, 320), new OldLease(1, 2, 0, 80));
    }

    /** 3.4: "remainingMillis rounded UP". */
    @Test
    void remainingTimeIsRoundedUp() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.now += 1;
        assertThat(remaining(2)).isEqualTo(350);
        voter.now += 999_999;
        assertThat(remaining(3)).isEqualTo(349);
        voter.now += Tuning.nanos(348) + 999_999;
        assertThat(remaining(4)).as("a nanosecond left").isEqualTo(1);
        voter.now += 1;
        voter.receive(3, Peers.requestVote(5, LONG_LOG));
        assertThat(oldLeases()).as("run out").isEmpty();
    }

    private long remaining(long term) {
        voter.receive(3, Peers.requestVote(term, LONG_LOG));
        return oldLeases().get(0).remainingMillis();
    }

    /** 3.5: {@code max(p.deadline, now + m.leaseMillis)}: a shorter lease takes nothing back of a longer one. */
    @Test
    void aPromiseIsNeverShortened() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.advanceMillis(10);
        voter.receive(0, Peers.heartbeat(1, 20, 2));
        voter.receive(3, Peers.requestVote(2, LONG_LOG));
        assertThat(oldLeases()).containsExactly(new OldLease(0, 1, 0, 340));
    }

    /** 3.5: each accepted heartbeat promises anew, from its own receipt; an earlier term of the same holder is replaced. */
    @Test
    void aPromiseIsRenewedByEveryHeartbeat() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.advanceMillis(200);
        voter.receive(0, Peers.heartbeat(4, 350, 1));
        voter.advanceMillis(50);
        voter.receive(3, Peers.requestVote(5, LONG_LOG));
        assertThat(oldLeases()).containsExactly(new OldLease(0, 4, 0, 300));
    }

    /** 3.5: oldLeases are told whether the vote is granted or not; no vote is refused because of a lease. */
    @Test
    void leasesAreToldWithAndWithoutTheVoteAndRefuseNone() {
        voter.receive(0, Peers.append(1, EntryId.NONE, 0, Lines.noOp(1)));
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.sent.clear();
        voter.receive(3, Peers.requestVote(2, EntryId.NONE));
        voter.receive(4, Peers.requestVote(2, LONG_LOG));
        List<Message.RequestVoteReply> replies = voter.sentOf(Message.RequestVoteReply.class);
        assertThat(replies).extracting(Message.RequestVoteReply::granted).containsExactly(false, true);
        assertThat(replies).allMatch(reply -> reply.oldLeases().equals(List.of(new OldLease(0, 1, 0, 350))));
    }

    /** 3.5: "a prev-log mismatch still grants". */
    @Test
    void aLogMismatchStillGrants() {
        voter.receive(0, new Message.AppendEntry(1, new EntryId(5, 0), List.of(), 0, 350, 0, 8));
        assertThat(reply())
                .returns(false, Message.AppendEntryReply::success)
                .returns(true, Message.AppendEntryReply::leaseGranted)
                .returns(8L, Message.AppendEntryReply::seq);
        voter.receive(3, Peers.requestVote(2, LONG_LOG));
        assertThat(oldLeases()).hasSize(1);
    }

    /** 3.5: an older term is promised nothing; neither is who asks for nothing. */
    @Test
    void staleLeadersAndThoseWhoDoNotAskArePromisedNothing() {
        voter.receive(1, Peers.append(5, EntryId.NONE, 0));
        assertThat(reply().leaseGranted()).isFalse();
        voter.receive(0, Peers.heartbeat(4, 350, 1));
        assertThat(reply().leaseGranted()).isFalse();
        voter.receive(3, Peers.requestVote(6, LONG_LOG));
        assertThat(oldLeases()).isEmpty();
    }

    /**
     * LEASE.md 4, #37: the sender may lead this very term by the time it is told, and count its messages anew: an answer
     * that named an old number would be one to a message of now, and so a proof of contact for a read that began later.
     */
    @Test
    void theAnswerToAnEarlierTermNamesNoMessage() {
        voter.receive(1, Peers.append(5, EntryId.NONE, 0));
        voter.sent.clear();
        voter.receive(0, Peers.heartbeat(4, 350, 3));
        assertThat(reply()).returns(5L, Message.AppendEntryReply::term).returns(0L, Message.AppendEntryReply::seq);
    }

    /** 3.3 and I12: "LmaxPromised fsynced BEFORE promising a larger L (once, in practice)". */
    @Test
    void theLongestPromiseIsDurableBeforeTheReplyLeaves() {
        voter.receive(0, Peers.append(1, EntryId.NONE, 0));
        voter.diskIsFast = false;
        voter.sent.clear();
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        assertThat(voter.sent).isEmpty();
        voter.force();
        assertThat(voter.durableHardState().leasePromisedMillisMax()).isEqualTo(350);
        assertThat(reply().leaseGranted()).isTrue();
        voter.receive(0, Peers.heartbeat(1, 350, 2));
        voter.receive(0, Peers.heartbeat(1, 100, 3));
        assertThat(voter.takeSent(Message.AppendEntryReply.class))
                .as("no longer ones")
                .hasSize(2);
        assertThat(voter.takeWrite()).isFalse();
        voter.receive(0, Peers.heartbeat(1, 351, 4));
        assertThat(voter.sent).isEmpty();
        voter.force();
        assertThat(reply().seq()).isEqualTo(4);
    }

    /** 3.8: after a restart all that may have been promised is owed to an unknown holder; no vote is refused. */
    @Test
    void aRestartedVoterOwesTheLongestPromiseToAnUnknownHolder() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.receive(1, Peers.heartbeat(2, 100, 1));
        voter.crash();
        voter.boot(Tuning.nanos(77_000));
        voter.advanceMillis(100);
        voter.receive(3, Peers.requestVote(3, LONG_LOG));
        Message.RequestVoteReply reply =
                voter.takeSent(Message.RequestVoteReply.class).get(0);
        assertThat(reply.granted()).isTrue();
        assertThat(reply.oldLeases()).hasSize(1);
        assertThat(reply.oldLeases().get(0).holder()).isEqualTo(OldLease.UNKNOWN);
        assertThat(reply.oldLeases().get(0).remainingMillis()).isEqualTo(250);
        voter.advanceMillis(250);
        voter.receive(3, Peers.requestVote(4, LONG_LOG));
        assertThat(oldLeases()).isEmpty();
    }

    /** 3.3: "unknownUntil = -inf on first boot of a fresh id". */
    @Test
    void aNodeThatNeverPromisedOwesNothingAfterItsStart() {
        voter.receive(3, Peers.requestVote(1, LONG_LOG));
        assertThat(oldLeases()).isEmpty();
        voter.crash();
        voter.boot(Tuning.nanos(77_000));
        voter.receive(3, Peers.requestVote(2, LONG_LOG));
        assertThat(oldLeases()).isEmpty();
    }

    /** 3.9 and D11: "Follower with a stalled disk answers leaseGranted=false". */
    @Test
    void aStalledDiskPromisesNothing() {
        voter.receive(0, Peers.heartbeat(1, 350, 1));
        voter.diskIsFast = false;
        voter.receive(0, Peers.append(1, EntryId.NONE, 0, Lines.noOp(1)));
        voter.takeWrite();
        voter.advanceMillis(300);
        voter.sent.clear();
        voter.receive(0, Peers.heartbeat(1, 350, 2));
        assertThat(reply().leaseGranted()).as("at the deadline").isTrue();
        voter.now += 1;
        voter.receive(0, Peers.heartbeat(1, 350, 3));
        assertThat(reply().leaseGranted()).as("past it").isFalse();
        voter.force();
        voter.sent.clear();
        voter.receive(0, Peers.heartbeat(1, 350, 4));
        assertThat(reply().leaseGranted()).as("it answers again").isTrue();
    }

    /** D11: with a stalled disk nobody stands for election, as the vote for itself could not be recorded. */
    @Test
    void aStalledDiskDoesNotStand() {
        voter.diskIsFast = false;
        voter.receive(0, Peers.append(1, EntryId.NONE, 0, Lines.noOp(1)));
        voter.takeWrite();
        voter.advanceMillis(2_000);
        assertThat(voter.eventKinds()).doesNotContain(Event.Kind.ELECTION_TIMEOUT);
        voter.force();
        voter.advanceMillis(400);
        assertThat(voter.eventKinds()).contains(Event.Kind.ELECTION_TIMEOUT);
    }

    private List<OldLease> oldLeases() {
        return voter.takeSent(Message.RequestVoteReply.class).get(0).oldLeases();
    }

    private Message.AppendEntryReply reply() {
        return voter.takeSent(Message.AppendEntryReply.class).get(0);
    }
}

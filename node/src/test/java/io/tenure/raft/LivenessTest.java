package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing spins, and nothing waits for what never comes: timers, probes, fetches, heartbeats, disk proofs. */
final class LivenessTest {
    private static final Entry A = Lines.set("a", "1", 0);
    private static final Entry B = Lines.set("b", "2", 0);

    /** DESIGN.md, D11: once per election timeout, not once per completed write. */
    @Test
    void anIdleLeaderProvesItsDiskOncePerElectionTimeout() {
        TestNode leader = TestNode.of(0, Tuning.of(1));
        leader.wake();
        leader.diskIsFast = false;
        List<Long> proofs = new ArrayList<>();
        for (int i = 0; i < 200 && proofs.size() < 20; i++) {
            leader.wake();
            while (proofs.size() < 20 && leader.takeWrite()) {
                proofs.add(leader.now);
                leader.force();
            }
        }
        assertThat(proofs).hasSizeGreaterThan(5);
        for (int i = 1; i < proofs.size(); i++) {
            assertThat(proofs.get(i) - proofs.get(i - 1)).isGreaterThanOrEqualTo(Tuning.nanos(700));
        }
    }

    /** DESIGN.md, D11: heartbeats keep their rhythm under load; a lost probe is sent again by one. */
    @Test
    void readsInEveryTurnDoNotStopHeartbeatsAndProbes() {
        TestNode leader = leaderWithOwnEntryCommitted(Tuning.of(3));
        assertThat(Peers.lastAppend(leader, 2).entries()).hasSize(1);
        leader.takeSent(Message.AppendEntry.class);
        int turns = 0;
        for (; turns < 100; turns++) {
            leader.now += Tuning.nanos(1);
            leader.turn(new Input.Tick(), new Input.Read(1000 + turns));
            assertThat(leader.raft().wakeAtNanos()).isGreaterThan(leader.now);
            leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1)));
        }
        long probes = leader.sentTo(2, Message.AppendEntry.class).stream()
                .filter(append -> !append.entries().isEmpty())
                .count();
        assertThat(probes).as("the NO-OP, once a heartbeat").isBetween(2L, 3L);
    }

    /** However many turns have reads, an answer that takes a round trip still finds the send time of its message. */
    @Test
    void manyReadRoundsDoNotMakeTheLeaseFail() {
        TestNode leader = leaderWithOwnEntryCommitted(Tuning.of(3));
        leader.advanceMillis(20);
        leader.sent.clear();
        leader.turn(new Input.Read(1));
        Message.AppendEntry round = Peers.lastAppend(leader, 1);
        long sentAt = leader.now;
        for (int turn = 0; turn < 10_000; turn++) {
            leader.now += 10_000;
            leader.turn(new Input.Read(2 + turn));
        }
        leader.receive(1, Peers.ack(round));
        assertThat(leader.raft().lease().endNanos()).isEqualTo(sentAt + leader.parameters.leaseNanos());
        leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1)));
        leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1)));
        assertThat(leader.ready).as("every read, in at most two more rounds").hasSize(10_001);
    }

    /** One lost message makes the follower refuse all that were in flight behind it; one probe is enough. */
    @Test
    void manyRejectionsOfOneLossCauseOneProbe() {
        TestNode leader = leaderWithOwnEntryCommitted(Tuning.of(3));
        List<Message.AppendEntry> lost = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            leader.propose("k" + i, "v");
            lost.add(Peers.lastAppend(leader, 1));
        }
        assertThat(lost.get(19).prev().index()).as("pipelined").isEqualTo(20);
        leader.sent.clear();
        for (Message.AppendEntry append : lost.subList(1, 20)) {
            leader.receive(1, Peers.reject(append, new EntryId(1, 0)));
        }
        assertThat(leader.sentTo(1, Message.AppendEntry.class)).hasSize(1);
        assertThat(leader.sentTo(1, Message.AppendEntry.class).get(0).prev()).isEqualTo(new EntryId(1, 0));
    }

    /** Entries that the disk can't give are asked for again by a heartbeat, not at once and for ever. */
    @Test
    void aFetchThatFoundNothingIsRepeatedByTheNextHeartbeatOnly() {
        TestNode leader = leaderThatMustFetch();
        assertThat(leader.fetches).containsExactly(new Output.Fetch(1, 1, 4096));
        for (int i = 0; i < 10; i++) {
            leader.turn(new Input.Fetched(1, 1, List.of()));
        }
        assertThat(leader.fetches).hasSize(1);
        leader.advanceMillis(50);
        assertThat(leader.fetches).hasSize(2);
    }

    /** A fetch whose entries the follower turned out to have no longer holds up what comes after them. */
    @Test
    void aFetchThatWasOvertakenDoesNotBlockTheFollower() {
        TestNode leader = leaderThatMustFetch();
        Message.AppendEntry heartbeat = Peers.lastAppend(leader, 1);
        leader.receive(1, Peers.ack(heartbeat, 3, 3));
        leader.turn(new Input.Fetched(1, 1, List.of(A, B)));
        leader.sent.clear();
        leader.propose("c", "3");
        assertThat(Peers.lastAppend(leader, 1).entries()).isNotEmpty();
    }

    /** Short lines: many more fit the bytes of a batch than a message may carry, and a peer refuses what is beyond. */
    @Test
    void ofManyFetchedEntriesAMessageCarriesNoMoreThanItMay() {
        Entry[] log = new Entry[2 * Parameters.BATCH_ENTRIES_MAX];
        Arrays.fill(log, A);
        TestNode leader = TestNode.of(0, Tuning.of(3).logWindowBytesMax(1));
        leader.fetchesAreFast = false;
        leader.with(new HardState(0, HardState.NO_VOTE, 0), log.length, log);
        Peers.elect(leader, 2);
        leader.receive(1, Peers.reject(Peers.lastAppend(leader, 1), EntryId.NONE));
        leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1), 0, 0));
        leader.sent.clear();
        leader.turn(new Input.Fetched(1, 1, List.of(log)));
        assertThat(Peers.lastAppend(leader, 1).entries()).hasSize(Parameters.BATCH_ENTRIES_MAX);
    }

    /** An answer to a message of an earlier term says nothing of where the logs meet in this one. */
    @Test
    void anAnswerToAnEarlierTermMovesNothing() {
        TestNode leader = leaderWithOwnEntryCommitted(Tuning.of(3));
        leader.propose("a", "1");
        leader.sent.clear();
        leader.receive(1, new Message.AppendEntryReply(0, 0, false, false, 0, 0, EntryId.NONE, false));
        assertThat(leader.sentTo(1, Message.AppendEntry.class)).isEmpty();
    }

    /** A fetch of an earlier leadership may bring entries that were replaced since: they must not be sent. */
    @Test
    void fetchedEntriesThatThisLogNoLongerHoldsAreNotSent() {
        TestNode leader = leaderThatMustFetch();
        Entry replaced = Lines.set("x", "old", 0);
        leader.sent.clear();
        leader.turn(new Input.Fetched(1, 1, List.of(A, B, replaced, replaced, replaced)));
        assertThat(leader.sentTo(1, Message.AppendEntry.class).get(0).entries()).containsExactly(A, B);
    }

    /** Leads term 1 with two committed entries of term 0 on disk alone; node 1 turned out to have none of them. */
    private static TestNode leaderThatMustFetch() {
        TestNode leader = TestNode.of(0, Tuning.of(3).logWindowBytesMax(1));
        leader.fetchesAreFast = false;
        leader.with(new HardState(0, HardState.NO_VOTE, 0), 2, A, B);
        Peers.elect(leader, 2);
        assertThat(leader.raft().log().firstInWindow()).isEqualTo(3);
        leader.receive(1, Peers.reject(Peers.lastAppend(leader, 1), EntryId.NONE));
        assertThat(leader.fetches).isEmpty();
        leader.receive(1, Peers.ack(Peers.lastAppend(leader, 1), 0, 0));
        return leader;
    }

    /** Leads term 0 of three; node 1 has the NO-OP, node 2 has never answered. */
    private static TestNode leaderWithOwnEntryCommitted(Tuning tuning) {
        TestNode leader = Peers.elect(TestNode.of(0, tuning), 1);
        Peers.ackLast(leader, 1);
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
        return leader;
    }
}

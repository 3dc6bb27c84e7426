package io.tenure.client.logic;

import static io.tenure.client.logic.LogicScript.SESSION;
import static io.tenure.client.logic.LogicScript.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.client.logic.LogicScript.Sent;
import io.tenure.client.logic.Result.Failure;
import io.tenure.protocol.proto.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callers are told, case by case. */
class RequestLogicTest {
    private final LogicScript world = new LogicScript(1);

    @Test
    void opensOneSessionForAllWritesAndNoneForReads() {
        world.get("k");
        assertThat(world.next().request().hasGet()).isTrue();
        world.set("a", "1");
        world.set("b", "2");
        Sent open = world.openSession(8);
        assertThat(open.request().hasOpenSession()).isTrue();
        assertThat(world.next().request().getSet().getNumber()).isEqualTo(1);
        Sent second = world.next();
        assertThat(second.request().getSet().getNumber()).isEqualTo(2);
        assertThat(second.request().getSet().getSession()).isEqualTo(SESSION);
        assertThat(second.request().getSet().getBirthIndex()).isEqualTo(4);
        assertThat(world.sent).isEmpty();
    }

    @Test
    void tellsDoneWithNodeTermAndIndex() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent sent = world.next();
        world.done(sent);
        assertThat(world.results.get(set)).isEqualTo(new Result.Written(sent.node(), 3, 9));
    }

    @Test
    void tellsAbsentFromEmpty() {
        long absent = world.get("a");
        long empty = world.get("b");
        world.done(world.next());
        world.answer(world.next(), reply(0, Outcome.DONE).setFound(true));
        assertThat(((Result.Found) world.results.get(absent)).value()).isNull();
        assertThat(((Result.Found) world.results.get(empty)).value()).isEmpty();
    }

    @Test
    void resendsUnderTheSameNameAfterATimeOutAndAbsorbsIt() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.pass(1_000);
        Sent second = world.next();
        assertThat(second.node()).isNotEqualTo(first.node());
        assertThat(second.request().getSet()).isEqualTo(first.request().getSet());
        assertThat(second.request().getId()).isNotEqualTo(first.request().getId());
        world.done(second);
        assertThat(world.results.get(set)).isInstanceOf(Result.Written.class);
    }

    @Test
    void aLateAnswerIsAsGoodAsAPunctualOne() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.pass(1_000);
        world.next();
        world.done(first);
        assertThat(world.results.get(set)).isInstanceOf(Result.Written.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_LEADER", "NO_LEASE", "BUSY", "DISK_FULL"})
    void refusedUntilTheDeadlineIsCertainlyNotDone(Outcome refusal) {
        long set = world.set("a", "1");
        world.openSession(8);
        refuseAll(refusal, set);
        Result.Failed failed = world.failed(set);
        assertThat(failed.failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(failed.writeId()).isNull();
        assertThat(failed.reason()).startsWith("not done: gave up after 10000 ms, sent ");
        assertThat(failed.term()).isEqualTo(3);
        assertThat(failed.node()).isNotNegative();
    }

    private void refuseAll(Outcome refusal, long operation) {
        while (!world.results.containsKey(operation)) {
            while (!world.sent.isEmpty()) {
                // Busy or without a lease, it leads all the same.
                world.answer(world.next(), reply(0, refusal).setLeaderId(refusal == Outcome.NOT_LEADER ? -1 : 0));
            }
            world.pass(10);
        }
    }

    @Test
    void oneUnansweredAttemptMakesItUnknownWhateverTheOthersSaid() {
        long set = world.set("a", "1");
        world.openSession(8);
        world.next();
        world.pass(1_000);
        refuseAll(Outcome.NOT_LEADER, set);
        Result.Failed failed = world.failed(set);
        assertThat(failed.failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(failed.writeId()).isEqualTo(new WriteId(SESSION, 4, 1));
        assertThat(failed.reason()).startsWith("outcome unknown: gave up after 10000 ms, sent ");
    }

    @Test
    void anAttemptRefusedLateCountsAsRefused() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.pass(1_000);
        world.answer(first, reply(first.node(), Outcome.NOT_LEADER));
        refuseAll(Outcome.NOT_LEADER, set);
        assertThat(world.failed(set).failure()).isEqualTo(Failure.NOT_DONE);
    }

    @Test
    void aBrokenConnectionMakesItUnknown() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.disconnect(first.node());
        refuseAll(Outcome.NOT_LEADER, set);
        assertThat(world.failed(set).failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void theServersUnknownIsAskedAgainUnderTheSameName() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.answer(first, reply(first.node(), Outcome.UNKNOWN).setLeaderId((first.node() + 1) % 3));
        assertThat(world.results).isEmpty();
        world.pass(20);
        Sent second = world.next();
        assertThat(second.request().getSet()).isEqualTo(first.request().getSet());
        world.done(second);
        assertThat(world.results.get(set)).isInstanceOf(Result.Written.class);
    }

    @Test
    void theServersUnknownStaysUnknown() {
        long set = world.set("a", "1");
        world.openSession(8);
        Sent first = world.next();
        world.answer(first, reply(first.node(), Outcome.UNKNOWN));
        refuseAll(Outcome.BUSY, set);
        assertThat(world.failed(set).failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void anOutcomeOfALaterVersionIsTakenForUnknown() {
        long set = world.set("a", "1");
        world.openSession(8);
        world.answer(world.next(), reply(0, Outcome.DONE).setOutcomeValue(99));
        refuseAll(Outcome.BUSY, set);
        assertThat(world.failed(set).failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void invalidEndsAtOnceWithTheServersReason() {
        long set = world.set("a", "1");
        world.openSession(8);
        world.answer(world.next(), reply(2, Outcome.INVALID).setReason("value too long"));
        Result.Failed failed = world.failed(set);
        assertThat(failed.failure()).isEqualTo(Failure.INVALID);
        assertThat(failed.reason()).isEqualTo("value too long");
    }

    @Test
    void invalidAfterAnUnansweredAttemptIsUnknown() {
        long set = world.set("a", "1");
        world.openSession(8);
        world.next();
        world.pass(1_000);
        world.answer(world.next(), reply(2, Outcome.INVALID).setReason("value too long"));
        assertThat(world.failed(set).failure()).isEqualTo(Failure.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_EXPIRED", "NUMBER_TOO_OLD"})
    void aLostNameIsReplacedOnlyIfNoAttemptCanHaveReachedALog(Outcome lost) {
        long first = world.set("a", "1");
        long second = world.set("b", "2");
        world.openSession(8);
        world.next();
        world.answer(world.next(), reply(0, Outcome.BUSY));
        world.pass(1_000);
        List<Sent> again = List.copyOf(world.sent);
        world.sent.clear();
        Sent b = again.get(0);
        assertThat(b.request().getSet().getNumber()).isEqualTo(2);
        Sent a = again.get(again.size() - 1);
        assertThat(a.request().getSet().getNumber()).isEqualTo(1);
        world.answer(a, reply(0, lost));
        assertThat(world.failed(first).failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(world.failed(first).writeId()).isEqualTo(new WriteId(SESSION, 4, 1));

        again.stream()
                .filter(sent -> sent.request().getSet().getNumber() == 2)
                .forEach(sent -> world.answer(sent, reply(0, lost)));
        assertThat(world.results).doesNotContainKey(second);
        world.pass(20);
        Sent open = world.next();
        world.grant(open, 78, 8);
        Sent moved = world.next();
        assertThat(moved.request().getSet().getSession()).isEqualTo(78);
        assertThat(moved.request().getSet().getNumber()).isEqualTo(1);
        world.done(moved);
        assertThat(world.results.get(second)).isInstanceOf(Result.Written.class);
    }

    @Test
    void writesQueueWhileTheWindowIsFull() {
        List<Long> sets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sets.add(world.set("k" + i, "v"));
        }
        world.openSession(2);
        Sent one = world.next();
        Sent two = world.next();
        assertThat(world.sent).isEmpty();
        world.done(two);
        assertThat(world.sent).as("1 is still open").isEmpty();
        world.done(one);
        assertThat(world.next().request().getSet().getNumber()).isEqualTo(3);
        assertThat(world.next().request().getSet().getNumber()).isEqualTo(4);
        assertThat(world.sent).isEmpty();
        world.pass(LogicScript.DEADLINE_MILLIS);
        assertThat(world.failed(sets.get(2)).failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(world.failed(sets.get(4)).failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(world.failed(sets.get(4)).reason()).contains("never sent");
    }

    @Test
    void asksAgainUnderTheOldName() {
        WriteId id = new WriteId(5, 2, 31);
        long asked = world.ask(id, "a", "1");
        Sent sent = world.next();
        assertThat(sent.request().getSet().getSession()).isEqualTo(5);
        assertThat(sent.request().getSet().getBirthIndex()).isEqualTo(2);
        assertThat(sent.request().getSet().getNumber()).isEqualTo(31);
        world.done(sent);
        assertThat(world.results.get(asked)).isInstanceOf(Result.Written.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"SESSION_EXPIRED", "NUMBER_TOO_OLD", "INVALID"})
    void anAskedWriteIsNeverCertainlyNotDoneNorRenamed(Outcome refusal) {
        WriteId id = new WriteId(5, 2, 31);
        long asked = world.ask(id, "a", "1");
        world.answer(world.next(), reply(0, refusal));
        assertThat(world.failed(asked).failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(world.failed(asked).writeId()).isEqualTo(id);
        assertThat(world.sent).isEmpty();
    }

    @Test
    void limitsAreToldWithTheirNumbers() {
        long key = world.set("k".repeat(4097), "v");
        assertThat(world.failed(key).failure()).isEqualTo(Failure.INVALID);
        assertThat(world.failed(key).reason()).isEqualTo("key of 4097 bytes: the limit is 4096");
        long value = world.set("k", "v".repeat((1 << 20) + 1));
        world.openSession(8);
        assertThat(world.failed(value).failure()).isEqualTo(Failure.INVALID);
        assertThat(world.failed(value).reason()).isEqualTo("value of 1048577 bytes: the limit is 1048576");
        assertThat(world.logic.outstanding()).isZero();
    }

    @Test
    void tooManyOutstandingFailAtOnce() {
        LogicScript small = new LogicScript(1, new LogicSettings(1_000_000_000L, 2, 1_000, 4096, 4096));
        small.get("a");
        small.get("b");
        assertThat(small.failed(small.get("c")).reason())
                .isEqualTo("not done: too many outstanding operations: the limit is 2");
        small.done(small.next());
        assertThat(small.failed(small.set("k", "v".repeat(1_000))).reason())
                .isEqualTo("not done: too many outstanding bytes: the limit is 1000");
        assertThat(small.logic.outstanding()).isEqualTo(1);
    }

    @Test
    void closingEndsEachWithWhatIsKnownOfIt() {
        long sent = world.set("a", "1");
        world.openSession(1);
        world.next();
        long queued = world.set("b", "2");
        long read = world.get("c");
        world.logic.close(world.now, "the client was closed");
        world.absorb();
        assertThat(world.failed(sent).failure()).isEqualTo(Failure.UNKNOWN);
        assertThat(world.failed(queued).failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(world.failed(read).failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(world.failed(world.get("d")).reason()).isEqualTo("not done: the client was closed");
        assertThat(world.closed).containsExactlyInAnyOrderElementsOf(world.connects);
        assertThat(world.logic.wakeAt()).isEqualTo(RequestLogic.NEVER);
        assertThat(world.logic.outstanding()).isZero();
    }

    @Test
    void neverOutlivesItsDeadline() {
        world.accepting(false);
        long set = world.set("a", "1");
        long get = world.get("a");
        world.pass(LogicScript.DEADLINE_MILLIS - 1);
        assertThat(world.results).isEmpty();
        world.pass(1);
        assertThat(world.failed(set).failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(world.failed(set).reason()).contains("never sent").contains("no answer in 1000 ms");
        assertThat(world.failed(get).failure()).isEqualTo(Failure.NOT_DONE);
        world.pass(60_000);
        assertThat(world.logic.wakeAt()).as("idle again").isEqualTo(RequestLogic.NEVER);
    }

    @Test
    void statusIsTriedOnceAtTheNodeAsked() {
        long status = world.status(2);
        Sent sent = world.next();
        assertThat(sent.node()).isEqualTo(2);
        assertThat(sent.request().hasStatus()).isTrue();
        world.done(sent);
        assertThat(world.results.get(status)).isInstanceOf(Result.Status.class);
        world.accepting(false);
        long refused = world.status(1);
        world.logic.disconnected(world.now, world.connections.get(1), "connection refused");
        world.absorb();
        assertThat(world.failed(refused).reason()).isEqualTo("connection refused");
    }

    /** Nobody leads for a while: the search must not add much to that (LEASE.md, 3.9), and must not become a storm. */
    @Test
    void aSearchThatHasJustBegunAsksAgainSoonAndALongOneSeldom() {
        world.get("a");
        long from = world.now;
        long last = from;
        int asked = 0;
        while (world.now - from < 5_000 * LogicScript.MILLIS) {
            while (!world.sent.isEmpty()) {
                long waited = world.now - last;
                long searching = world.now - from;
                long allowed = Math.max(10 * LogicScript.MILLIS, searching / 16) + LogicScript.MILLIS;
                assertThat(waited).as("after %d ns", searching).isLessThanOrEqualTo(allowed);
                last = world.now;
                asked++;
                world.notLeader(world.next(), -1);
            }
            world.pass(1);
        }
        assertThat(asked).isBetween(40, 300);
    }

    @Test
    void answersToNobodyAreIgnored() {
        long get = world.get("a");
        Sent sent = world.next();
        world.logic.reply(
                world.now, sent.connection(), reply(0, Outcome.DONE).setId(999).build());
        world.logic.reply(
                world.now,
                sent.connection() + 5,
                reply(0, Outcome.DONE).setId(sent.request().getId()).build());
        world.absorb();
        assertThat(world.results).doesNotContainKey(get);
    }
}

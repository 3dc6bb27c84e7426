package io.tenure.journal;

import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import io.tenure.raft.Persist;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * One life of a journal that comes by everything it can do, cut off before every single call to the disk; what was not
 * forced then survives, vanishes or survives in part. Whatever was acknowledged must be there afterwards, and nothing but
 * what was asked for; the same if the recovery is cut off, too.
 */
final class JournalCrashTest {
    private static final JournalLimits LIMITS = new JournalLimits(200, 1 << 20);
    private static final int PARTIAL_SEEDS = Integer.getInteger("journal.crash.seeds", 12);

    /** What the owner of the journal knows. */
    private static final class Known {
        final List<Entry> acknowledged = new ArrayList<>();
        final List<Persist> inFlight = new ArrayList<>();
        HardState hardState = HardState.INITIAL;
        long noted;
        long notedInFlight;
        long tagsForcedUpTo;
        boolean truncating;
        long bootCount;
        long incarnation;
    }

    private long seq;

    private Journal open(CrashDisk disk, Known known) {
        Journal journal = JournalFixture.open(disk, LIMITS);
        known.bootCount = journal.recovery().bootCount();
        known.incarnation = journal.recovery().incarnation();
        return journal;
    }

    private void write(Journal journal, Known known, Persist... persists) {
        known.inFlight.addAll(List.of(persists));
        for (Persist persist : persists) {
            if (persist.truncateFrom() > 0) {
                known.truncating = true;
                known.tagsForcedUpTo = Math.min(known.tagsForcedUpTo, persist.truncateFrom() - 1);
            }
        }
        journal.write(known.inFlight);
        for (Persist persist : persists) {
            apply(known.acknowledged, persist);
            known.hardState = persist.hardState() != null ? persist.hardState() : known.hardState;
        }
        known.truncating = false;
        known.inFlight.clear();
    }

    private static void apply(List<Entry> log, Persist persist) {
        if (persist.truncateFrom() > 0) {
            log.subList((int) persist.truncateFrom() - 1, log.size()).clear();
        }
        log.addAll(persist.entries());
    }

    private static void note(Journal journal, Known known, long commit) {
        known.notedInFlight = commit;
        journal.noteCommit(commit);
        known.noted = commit;
    }

    private static void forceIndex(Journal journal, Known known) {
        journal.forceIndex();
        known.tagsForcedUpTo = known.acknowledged.size();
    }

    /** The life; long enough for three rolls, with a truncation back over two of them. */
    private void live(CrashDisk disk, Known known) {
        Journal journal = open(disk, known);
        write(journal, known, state(++seq, 0, 0));
        write(journal, known, append(++seq, 1, LineEncoder.noOp(0)));
        write(journal, known, append(++seq, 2, set(2, 0), set(3, 0)), append(++seq, 4, set(4, 0)));
        forceIndex(journal, known);
        write(journal, known, append(++seq, 5, set(5, 0), set(6, 0), set(7, 0)), state(++seq, 1, 2));
        note(journal, known, 4);
        write(journal, known, replace(++seq, 6, LineEncoder.noOp(1), set(8, 1)));
        write(journal, known, append(++seq, 8, set(9, 1)), replace(++seq, 8, LineEncoder.noOp(2)), state(++seq, 2, -1));
        for (int i = 9; i < 30; i += 3) {
            write(journal, known, append(++seq, i, set(i, 2), set(i + 1, 2), set(i + 2, 2)));
        }
        note(journal, known, 10);
        write(journal, known, state(++seq, 3, 1), replace(++seq, 12, LineEncoder.noOp(3), set(40, 3)));
        for (int i = 14; i < 20; i++) {
            write(journal, known, append(++seq, i, set(i + 100, 3)));
        }
        note(journal, known, 19);
        // Large enough that its first line can be torn and its last one whole.
        write(
                journal,
                known,
                append(
                        ++seq,
                        20,
                        IntStream.range(20, 36).mapToObj(i -> set(i, 3)).toArray(Entry[]::new)));
        forceIndex(journal, known);
        journal.close();
        journal = open(disk, known);
        write(journal, known, append(++seq, 36, set(200, 3)), state(++seq, 4, 0));
        journal.close();
    }

    @Test
    void lifeWithoutCrashRollsAndKeepsAll() {
        CrashDisk disk = new CrashDisk();
        Known known = new Known();
        live(disk, known);
        assertThat(disk.contents().keySet().stream().filter(name -> name.contains("logs-")))
                .hasSizeGreaterThanOrEqualTo(2);
        check(disk, known, Unforced.SURVIVES, "no crash");
    }

    @Test
    void nothingAcknowledgedIsLostAtAnyCall() {
        CrashDisk whole = new CrashDisk();
        live(whole, new Known());
        assertThat(whole.calls).isGreaterThan(200);
        for (int call = 1; call <= whole.calls; call++) {
            crashAt(call, Unforced.VANISHES, 0);
            crashAt(call, Unforced.SURVIVES, 0);
            for (int seed = 0; seed < PARTIAL_SEEDS; seed++) {
                crashAt(call, Unforced.SURVIVES_IN_PART, seed);
            }
        }
    }

    /**
     * Simulated seed 409791: killed after the index got its new name, before that was forced; the next start made the new pair,
     * and the power failed: the new text was there, and the index had its old name again.
     */
    @Test
    void aRollThatWasKilledIsDurableBeforeTheNextStep() {
        int partly = 0;
        CrashDisk whole = new CrashDisk();
        live(whole, new Known());
        for (int call = 1; call <= whole.calls; call++) {
            if (whole.kinds.get(call - 1).equals("forceFolder")
                    && whole.kinds.get(call - 2).equals("rename")) {
                for (int seed = 3; seed < 200; seed += 4) {
                    crashAt(call, Unforced.SURVIVES_IN_PART, seed);
                    partly++;
                }
            }
        }
        assertThat(partly).isGreaterThan(500);
    }

    private void crashAt(int call, Unforced unforced, int seed) {
        String where = "call " + call + ", unforced " + unforced + ", seed " + seed;
        Random random = new Random(call * 1_000_003L + seed);
        CrashDisk disk = new CrashDisk();
        disk.crashAt = call;
        Known known = new Known();
        try {
            live(disk, known);
        } catch (CrashDisk.Crash e) {
            assertThat(disk.calls).as(where).isEqualTo(call);
        }
        CrashDisk left;
        if (seed % 4 == 3) {
            // It is killed, and the power fails in the recovery, with all that neither of them has forced.
            where += ", killed";
            disk.afterKill();
            left = disk;
        } else {
            left = disk.afterCrash(unforced, random);
        }
        int recoveryCalls = left.calls;
        if (seed % 2 == 1) {
            // The recovery breaks off as well, somewhere.
            CrashDisk measured = left.afterCrash(Unforced.SURVIVES, random);
            JournalFixture.open(measured, LIMITS);
            left.crashAt = recoveryCalls + 1 + random.nextInt(measured.calls);
            try {
                JournalFixture.open(left, LIMITS);
            } catch (CrashDisk.Crash e) {
                where += ", and in recovery at " + left.crashAt;
            }
            left = left.afterCrash(unforced, random);
        }
        check(left, known, unforced, where);
    }

    /** Opens what is left and compares; then goes on living, and loses all that was not forced once more. */
    private void check(CrashDisk disk, Known known, Unforced unforced, String where) {
        List<Entry> found = new ArrayList<>();
        List<Boolean> lost = new ArrayList<>();
        List<Boolean> committed = new ArrayList<>();
        Journal journal;
        try {
            journal = Journal.open(
                    disk,
                    JournalFixture.FOLDER,
                    JournalFixture.IDENTITY,
                    LIMITS,
                    JournalFixture.random(),
                    (index, entry, isCommitted, tagLost) -> {
                        assertThat(index).as(where).isEqualTo(found.size() + 1L);
                        found.add(entry);
                        committed.add(isCommitted);
                        lost.add(tagLost);
                    });
        } catch (JournalException e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        }
        Recovery recovery = journal.recovery();
        checkLog(known, unforced, found, lost, recovery, where);
        checkState(known, found, recovery, where);
        assertThat(committed.stream().filter(c -> c).count()).as(where).isEqualTo(recovery.commitIndex());
        assertThat(recovery.commitIndex()).as(where).isBetween(known.noted, Math.max(known.noted, known.notedInFlight));
        assertThat(JournalFixture.describe(JournalFixture.readAll(journal)))
                .as(where)
                .isEqualTo(JournalFixture.describe(found));

        long term = recovery.log().term(found.size());
        Entry more = set(999, Math.max(term, 0));
        JournalFixture.write(journal, append(1, found.size() + 1L, more));
        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        Journal again = JournalFixture.open(left, LIMITS);
        List<Entry> after = JournalFixture.readAll(again);
        assertThat(JournalFixture.describe(after.subList(0, found.size())))
                .as(where)
                .isEqualTo(JournalFixture.describe(found));
        assertThat(JournalFixture.line(after.get(found.size()))).as(where).isEqualTo(JournalFixture.line(more));
        assertThat(again.recovery().bootCount()).as(where).isEqualTo(recovery.bootCount() + 1);
        assertThat(again.recovery().incarnation()).as(where).isEqualTo(recovery.incarnation());
        assertThat(JournalCheck.check(left, JournalFixture.FOLDER).problems())
                .as(where)
                .isEmpty();
    }

    /** The log is the acknowledged one, or some way from there to what was under way. */
    private static void checkLog(
            Known known, Unforced unforced, List<Entry> found, List<Boolean> lost, Recovery recovery, String where) {
        List<List<Entry>> possible = new ArrayList<>();
        List<Entry> state = new ArrayList<>(known.acknowledged);
        possible.add(List.copyOf(state));
        for (Persist persist : known.inFlight) {
            while (persist.truncateFrom() > 0 && state.size() >= persist.truncateFrom()) {
                state.remove(state.size() - 1);
                possible.add(List.copyOf(state));
            }
            for (Entry entry : persist.entries()) {
                state.add(entry);
                possible.add(List.copyOf(state));
            }
        }
        List<Entry> match = null;
        for (List<Entry> candidate : possible) {
            if (lines(candidate).equals(lines(found))) {
                match = candidate;
            }
        }
        assertThat(match)
                .as(where + ": one of the possible logs, not " + lines(found))
                .isNotNull();
        for (int i = 0; i < found.size(); i++) {
            long index = i + 1L;
            if (lost.get(i)) {
                assertThat(recovery.tagsLostUpTo()).as(where).isGreaterThanOrEqualTo(index);
                assertThat(index).as(where + ": tags were forced").isGreaterThan(known.tagsForcedUpTo);
                boolean processOnly = unforced == Unforced.SURVIVES && !known.truncating;
                assertThat(processOnly)
                        .as(where + ": tags lost without a power failure")
                        .isFalse();
            } else {
                assertThat(JournalFixture.describe(found.get(i)))
                        .as(where)
                        .isEqualTo(JournalFixture.describe(match.get(i)));
            }
        }
    }

    private static void checkState(Known known, List<Entry> found, Recovery recovery, String where) {
        List<HardState> possible = new ArrayList<>(List.of(known.hardState));
        known.inFlight.forEach(persist -> {
            if (persist.hardState() != null) {
                possible.add(persist.hardState());
            }
            // A first recovery may have taken its term from an entry that the second one does not find any more.
            persist.entries().stream()
                    .filter(entry -> entry.term() > known.hardState.term())
                    .forEach(entry -> possible.add(
                            new HardState(entry.term(), HardState.NO_VOTE, known.hardState.leasePromisedMillisMax())));
        });
        long lastTerm = found.isEmpty() ? -1 : found.get(found.size() - 1).term();
        possible.add(new HardState(lastTerm, HardState.NO_VOTE, known.hardState.leasePromisedMillisMax()));
        assertThat(possible).as(where).contains(recovery.hardState());
        assertThat(recovery.hardState().term())
                .as(where)
                .isGreaterThanOrEqualTo(Math.max(lastTerm, known.hardState.term()));
        assertThat(recovery.bootCount()).as(where).isGreaterThan(known.bootCount);
        if (known.incarnation != 0) {
            assertThat(recovery.incarnation()).as(where).isEqualTo(known.incarnation);
        }
        assertThat(recovery.log().lastIndex()).as(where).isEqualTo(found.size());
    }

    private static List<String> lines(List<Entry> entries) {
        List<String> lines = new ArrayList<>();
        entries.forEach(entry -> lines.add(JournalFixture.line(entry)));
        return lines;
    }
}

package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Persist;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A life with snapshots: written, adopted, compacted to, received and installed, cut off before every single call to the
 * disk. A start finds the state before or after the step that was under way, and never a mixture.
 */
final class SnapshotCrashTest {
    private static final JournalLimits LIMITS = new JournalLimits(120, 1 << 20);
    private static final int PARTIAL_SEEDS = Integer.getInteger("journal.crash.seeds", 12);
    private static final EntryId INSTALLED = new EntryId(60, 7);

    /** What the owner of the journal knows: the state that is certain, and the ones that may have come of the last step. */
    private static final class Known {
        final TreeMap<Long, Entry> log = new TreeMap<>();
        EntryId snapshot = EntryId.NONE;
        long base;
        boolean begun;

        List<Persist> writing = List.of();
        EntryId adopting;
        long compacting;
        boolean installing;

        void done() {
            writing = List.of();
            adopting = null;
            compacting = 0;
            installing = false;
        }
    }

    private long seq;

    private static Map<String, String> values(EntryId last) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i <= 5; i++) {
            values.put("key " + i, "as of " + last.index() + " in term " + last.term());
        }
        return values;
    }

    private static void takeSnapshot(Disk disk, EntryId last) {
        try {
            SnapshotHeader header = new SnapshotHeader(last, 2500, 0, 0);
            SnapshotFileTest.write(disk, header, List.of(new SessionRecord(1, 0, 1, 1, List.of(1L))), values(last));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] peerSnapshot() {
        CrashDisk peer = new CrashDisk();
        JournalFixture.open(peer).close();
        takeSnapshot(peer, INSTALLED);
        return peer.content(FOLDER + "/snapshot.tmp");
    }

    private void write(Journal journal, Known known, Persist... persists) {
        known.writing = List.of(persists);
        journal.write(known.writing);
        known.writing.forEach(persist -> apply(known.log, persist));
        known.done();
    }

    private static void apply(NavigableMap<Long, Entry> log, Persist persist) {
        if (persist.truncateFrom() > 0) {
            log.tailMap(persist.truncateFrom()).clear();
        }
        long index = persist.firstIndex();
        for (Entry entry : persist.entries()) {
            log.put(index++, entry);
        }
    }

    private static void snapshot(CrashDisk disk, Journal journal, Known known, long index, long keepFrom) {
        EntryId last = new EntryId(index, known.log.get(index).term());
        takeSnapshot(disk, last);
        known.adopting = last;
        assertThat(journal.adoptSnapshot()).isEqualTo(last);
        known.snapshot = last;
        known.done();
        known.compacting = Math.min(keepFrom - 1, index);
        known.base = journal.compact(keepFrom).index();
        known.done();
    }

    private void live(CrashDisk disk, Known known) {
        Journal journal = JournalFixture.open(disk, LIMITS);
        known.begun = true;
        for (int i = 1; i <= 19; i += 2) {
            write(journal, known, append(++seq, i, set(i, 0), set(i + 1, 0)));
        }
        snapshot(disk, journal, known, 13, 9);
        write(journal, known, replace(++seq, 16, set(16, 1)), append(++seq, 17, set(17, 1)));
        journal.noteCommit(15);
        for (int i = 18; i <= 30; i += 2) {
            write(journal, known, append(++seq, i, set(i, 2), set(i + 1, 2)));
        }
        snapshot(disk, journal, known, 30, 100);
        write(journal, known, append(++seq, 32, set(32, 2)), JournalFixture.state(++seq, 7, 1));

        byte[] peer = peerSnapshot();
        JournalSnapshotTest.transfer(peer, INSTALLED, journal);
        assertThat(journal.verifyReceived()).isNotNull();
        known.installing = true;
        known.writing = List.of(new Persist(++seq, null, 0, 61, List.of(set(61, 7)), INSTALLED));
        journal.write(known.writing);
        known.log.clear();
        known.log.put(61L, set(61, 7));
        known.snapshot = INSTALLED;
        known.base = INSTALLED.index();
        known.done();

        for (int i = 62; i <= 72; i++) {
            write(journal, known, append(++seq, i, set(i, 8)));
        }
        snapshot(disk, journal, known, 70, 69);
        journal.close();
        journal = JournalFixture.open(disk, LIMITS);
        write(journal, known, append(++seq, 73, set(73, 8)));
        journal.close();
    }

    @Test
    void lifeWithoutCrash() {
        CrashDisk disk = new CrashDisk();
        Known known = new Known();
        live(disk, known);
        assertThat(known.base).isGreaterThan(60);
        check(disk, known, "no crash");
    }

    @Test
    void everyCrashLeavesAWholeState() {
        CrashDisk whole = new CrashDisk();
        live(whole, new Known());
        assertThat(whole.calls).isGreaterThan(300);
        for (int call = 1; call <= whole.calls; call++) {
            crashAt(call, Unforced.VANISHES, 0);
            crashAt(call, Unforced.SURVIVES, 0);
            for (int seed = 0; seed < PARTIAL_SEEDS; seed++) {
                crashAt(call, Unforced.SURVIVES_IN_PART, seed);
            }
        }
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
        if (seed % 2 == 1) {
            // The recovery breaks off as well, somewhere.
            CrashDisk measured = left.afterCrash(Unforced.SURVIVES, random);
            JournalFixture.open(measured, LIMITS);
            left.crashAt = 1 + random.nextInt(measured.calls);
            try {
                JournalFixture.open(left, LIMITS);
            } catch (CrashDisk.Crash e) {
                where += ", and in recovery at " + left.crashAt;
            }
            left = left.afterCrash(unforced, random);
        }
        check(left, known, where);
    }

    private static void check(CrashDisk disk, Known known, String where) {
        if (known.begun) {
            assertThat(JournalCheck.check(disk, FOLDER).problems()).as(where).isEmpty();
        }
        SnapshotFileTest.Seen seen = new SnapshotFileTest.Seen();
        Journal journal;
        try {
            journal = Journal.open(disk, FOLDER, JournalFixture.IDENTITY, LIMITS, JournalFixture.random(), seen);
        } catch (JournalException e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        }
        Recovery recovery = journal.recovery();
        long base = recovery.log().base().index();
        checkState(known, recovery, where);

        List<Entry> found = new ArrayList<>();
        while (base + found.size() < journal.lastIndex()) {
            found.addAll(journal.read(base + found.size() + 1, 100));
        }
        assertThat(possible(known, recovery.snapshot(), base)).as(where).contains(lines(found));
        assertThat(seen.all).as(where).isEqualTo(expectedToBeSeen(recovery, base, found));
        assertThat(disk.contents().keySet())
                .as(where)
                .noneMatch(name -> name.endsWith("snapshot.tmp") || name.endsWith("snapshot.in"));

        long next = journal.lastIndex() + 1;
        Entry more = set(999, 9);
        JournalFixture.write(journal, append(1, next, more));
        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        Journal again = JournalFixture.open(left, LIMITS);
        assertThat(again.base().index()).as(where).isEqualTo(base);
        assertThat(again.snapshot()).as(where).isEqualTo(recovery.snapshot());
        assertThat(again.lastIndex()).as(where).isEqualTo(next);
        assertThat(JournalCheck.check(left, FOLDER).problems()).as(where).isEmpty();
    }

    private static void checkState(Known known, Recovery recovery, String where) {
        EntryId snapshot = recovery.snapshot();
        List<EntryId> snapshots = new ArrayList<>(List.of(known.snapshot));
        if (known.adopting != null) {
            snapshots.add(known.adopting);
        }
        if (known.installing) {
            snapshots.add(INSTALLED);
        }
        assertThat(snapshots).as(where).contains(snapshot);
        assertThat(recovery.commitIndex()).as(where).isGreaterThanOrEqualTo(snapshot.index());
        EntryId base = recovery.log().base();
        if (known.installing && snapshot.equals(INSTALLED)) {
            assertThat(base).as(where).isEqualTo(INSTALLED);
        } else {
            assertThat(base.index()).as(where).isBetween(known.base, Math.max(known.base, known.compacting));
            Entry last = known.log.get(base.index());
            long term = last != null ? last.term() : base.index() == 0 ? -1 : INSTALLED.term();
            assertThat(base.term()).as(where).isEqualTo(term);
        }
    }

    /** The logs that may be there, from the base on. */
    private static List<String> possible(Known known, EntryId snapshot, long base) {
        TreeMap<Long, Entry> log = new TreeMap<>(known.log);
        if (known.installing && snapshot.equals(INSTALLED)) {
            log.clear();
        }
        List<String> possible = new ArrayList<>(List.of(describe(log, base)));
        for (Persist persist : known.writing) {
            if (persist.install() != null && !snapshot.equals(INSTALLED)) {
                return possible;
            }
            while (persist.truncateFrom() > 0 && !log.isEmpty() && log.lastKey() >= persist.truncateFrom()) {
                log.pollLastEntry();
                possible.add(describe(log, base));
            }
            long index = persist.firstIndex();
            for (Entry entry : persist.entries()) {
                log.put(index++, entry);
                possible.add(describe(log, base));
            }
        }
        return possible;
    }

    private static String describe(NavigableMap<Long, Entry> log, long base) {
        return lines(log.tailMap(base + 1).values());
    }

    /** Tags may be lost in a power failure; {@link JournalCrashTest} says when. */
    private static String lines(Collection<Entry> entries) {
        StringBuilder lines = new StringBuilder();
        entries.forEach(entry -> lines.append(JournalFixture.line(entry)));
        return lines.toString();
    }

    private static List<String> expectedToBeSeen(Recovery recovery, long base, List<Entry> found) {
        List<String> expected = new ArrayList<>();
        EntryId snapshot = recovery.snapshot();
        if (!snapshot.equals(EntryId.NONE)) {
            expected.add(new SnapshotHeader(snapshot, 2500, 0, 0).toString());
            expected.add(new SessionRecord(1, 0, 1, 1, List.of(1L)).toString());
            values(snapshot).forEach((key, value) -> expected.add(key + '=' + value));
        }
        for (int i = 0; i < found.size(); i++) {
            long index = base + 1 + i;
            if (index > snapshot.index()) {
                expected.add(index + " " + JournalFixture.line(found.get(i)).strip());
            }
        }
        return expected;
    }
}

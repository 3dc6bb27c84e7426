package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A damaged entry that was never committed is cut, with all that follows it. Simulated seed 424369: the records were cut, and
 * the power failed before the lines were; so the damaged line came back as one whose record was lost.
 */
final class RepairCutTest {
    private static final int DAMAGED = 6;
    private static final int LAST = 12;

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> committed = new ArrayList<>();
    private CrashDisk damaged;

    @BeforeEach
    void damageAnEntryOfARolledPair() {
        CrashDisk disk = new CrashDisk();
        Journal journal = JournalFixture.open(disk, new JournalLimits(60, 1 << 20));
        JournalFixture.write(journal, JournalFixture.state(1, 1, 1));
        for (int i = 1; i <= LAST; i++) {
            entries.add(i == 1 ? LineEncoder.noOp(1) : set(i, 1));
            committed.add(i < DAMAGED ? entries.get(i - 1) : set(100 + i, 2));
            JournalFixture.write(journal, JournalFixture.append(i + 1, i, entries.get(i - 1)));
        }
        damaged = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        String text = FOLDER + "/logs-5.txt";
        byte[] bytes = damaged.content(text);
        int end = entries.get(DAMAGED - 2).length() + entries.get(DAMAGED - 1).length();
        bytes[end - 4] ^= 1; // The value's last digit: it still is a line.
        damaged.setContent(text, bytes);
        try (Repair repair = open(damaged)) {
            assertThat(repair.needs()).containsExactly(new Need.Entries(DAMAGED, DAMAGED));
        }
        damaged.calls = 0;
    }

    @Test
    void noCrashBringsBackWhatIsCut() {
        CrashDisk whole = damaged.afterCrash(Unforced.SURVIVES, new Random(1));
        repair(whole);
        keepsTheRest(whole, "no crash");
        assertThat(whole.calls).isGreaterThan(30);
        for (int call = 1; call <= whole.calls; call++) {
            for (int seed = 0; seed < 20; seed++) {
                Random random = new Random(call * 1_000_003L + seed);
                CrashDisk left = damaged.afterCrash(Unforced.SURVIVES, random);
                left.crashAt = call;
                try {
                    repair(left);
                } catch (CrashDisk.Crash e) {
                    assertThat(left.calls).isEqualTo(call);
                }
                left = left.afterCrash(seed % 2 == 0 ? Unforced.VANISHES : Unforced.SURVIVES_IN_PART, random);
                repair(left);
                keepsTheRest(left, "call " + call + ", seed " + seed);
            }
        }
    }

    private static Repair open(CrashDisk disk) {
        return Repair.open(disk, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN);
    }

    /** As a start does it: the journal is tried first. */
    private void repair(CrashDisk disk) {
        try (Journal journal = JournalFixture.open(disk)) {
            assertThat(journal.lastIndex()).isGreaterThanOrEqualTo(DAMAGED - 1L);
            return;
        } catch (DamagedException e) {
            assertThat(e.getMessage()).contains("Damaged");
        }
        try (Repair repair = open(disk)) {
            for (int round = 0; !repair.isDone(); round++) {
                assertThat(round).as("%s %s", repair.needs(), repair.problems()).isLessThan(10);
                Need.Entries need = (Need.Entries) repair.needs().get(0);
                int end = (int) Math.min(LAST, need.lastIndex() + 1);
                repair.offer(JournalFixture.ofPeer(committed, need.firstIndex(), end), LAST);
            }
        }
    }

    private void keepsTheRest(CrashDisk disk, String where) {
        try (Journal journal = JournalFixture.open(disk)) {
            assertThat(JournalFixture.describe(JournalFixture.readAll(journal)))
                    .as(where)
                    .isEqualTo(JournalFixture.describe(entries.subList(0, DAMAGED - 1)));
        }
    }
}

package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.IndexRecord;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Entries that nothing proves are replaced, and all pairs after them must go on from another checksum. The current pair is one
 * group, so that no record in it proves that it was forced: should it be judged by the new pair before it while it still goes
 * on from the old one, it would look like a torn end, and be cut.
 */
final class RepairMoveTest {
    private static final int FIRST_OF_CURRENT = 7;
    private static final int LAST = 12;

    private final List<Entry> entries = new ArrayList<>();
    private CrashDisk damaged;

    @BeforeEach
    void damageRecordsOfThePairBeforeTheCurrentOne() {
        CrashDisk disk = new CrashDisk();
        for (int i = 1; i <= LAST; i++) {
            entries.add(set(i, 1));
        }
        try (Journal journal = JournalFixture.open(disk, new JournalLimits(60, 1 << 20))) {
            JournalFixture.write(journal, JournalFixture.state(1, 1, 1));
            for (int i = 1; i < FIRST_OF_CURRENT; i++) {
                JournalFixture.write(journal, JournalFixture.append(i + 1L, i, entries.get(i - 1)));
            }
            Entry[] group = entries.subList(FIRST_OF_CURRENT - 1, LAST).toArray(Entry[]::new);
            JournalFixture.write(journal, JournalFixture.append(20, FIRST_OF_CURRENT, group));
        }
        damaged = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        byte[] records = damaged.content(FOLDER + "/logs-4.idx");
        for (int at = IndexRecord.LENGTH; at < records.length; at++) {
            records[at] ^= 0x55;
        }
        damaged.setContent(FOLDER + "/logs-4.idx", records);
        damaged.calls = 0;
    }

    @Test
    void noCrashTakesTheEndOfTheLogAlong() {
        CrashDisk whole = damaged.afterCrash(Unforced.SURVIVES, new Random(1));
        assertThat(repair(whole)).isTrue();
        keepsAll(whole, "no crash");
        assertThat(whole.calls).isGreaterThan(30);
        for (int call = 1; call <= whole.calls; call++) {
            for (int seed = 0; seed < 12; seed++) {
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
                keepsAll(left, "call " + call + ", seed " + seed);
            }
        }
    }

    /** As a start does it: the journal is tried first. Whether a repair was needed. */
    private boolean repair(CrashDisk disk) {
        try (Journal journal = JournalFixture.open(disk)) {
            assertThat(journal.lastIndex()).isEqualTo(LAST);
            return false;
        } catch (DamagedException e) {
            assertThat(e.getMessage()).contains("Damaged");
        }
        try (Repair repair = Repair.open(disk, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            for (int round = 0; !repair.isDone(); round++) {
                assertThat(round).as("%s %s", repair.needs(), repair.problems()).isLessThan(10);
                Need.Entries need = (Need.Entries) repair.needs().get(0);
                repair.offer(JournalFixture.ofPeer(entries, need.firstIndex(), LAST), LAST);
            }
        }
        return true;
    }

    private void keepsAll(CrashDisk disk, String where) {
        try (Journal journal = JournalFixture.open(disk)) {
            assertThat(JournalFixture.readAll(journal).stream()
                            .map(JournalFixture::line)
                            .toList())
                    .as(where)
                    .isEqualTo(entries.stream().map(JournalFixture::line).toList());
        }
    }
}

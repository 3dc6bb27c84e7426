package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Replacements and sets of entries against plain maps and sets. */
final class ReplacementsTest {
    private final CrashDisk disk = new CrashDisk();

    @Test
    void areWhatWasPutHoweverFewFitIntoMemory() throws IOException {
        disk.createFolder("data");
        disk.createFolder(FOLDER);
        for (int bytes : new int[] {10, 44, 200, 1 << 20}) {
            Random random = new Random(bytes);
            TreeMap<Long, Replacement> expected = new TreeMap<>();
            try (Replacements replacements = new Replacements(disk, FOLDER, bytes)) {
                for (int round = 0; round < 2; round++) {
                    for (int run = 0; run < 40; run++) {
                        long index = 1L + random.nextInt(400);
                        for (int i = random.nextInt(12); i > 0 && !expected.containsKey(index); i--, index++) {
                            Entry entry = index % 7 == 0 ? LineEncoder.noOp(index) : set((int) index, 3);
                            Replacement each =
                                    new Replacement(entry, index / 2, (int) index * 77, index * 3, index % 5 > 0);
                            replacements.put(index, each);
                            expected.put(index, each);
                        }
                    }
                    for (long index = 0; index < 420; index++) {
                        assertThat(describe(replacements.get(index))).isEqualTo(describe(expected.get(index)));
                    }
                    EntryRanges proven = new EntryRanges();
                    expected.forEach((index, each) -> {
                        if (each.proven()) {
                            proven.add(index);
                        }
                    });
                    assertThat(replacements.areProven(proven)).isTrue();
                    proven.add(expected.keySet().stream()
                            .filter(index -> index % 5 == 0)
                            .findFirst()
                            .orElseThrow());
                    assertThat(replacements.areProven(proven)).isFalse();
                    boolean isOnDisk = disk.contents().containsKey(FOLDER + "/repair-lines.tmp");
                    assertThat(isOnDisk).isEqualTo(bytes < 1 << 20);
                    expected.clear();
                    replacements.clear();
                }
            }
            assertThat(disk.contents()).isEmpty();
        }
    }

    private static List<Object> describe(Replacement replacement) {
        return replacement == null
                ? List.of()
                : List.of(
                        JournalFixture.describe(replacement.entry()),
                        replacement.entry().session(),
                        replacement.entry().number(),
                        replacement.mark(),
                        replacement.checksum(),
                        replacement.proven());
    }

    @Test
    void rangesAreASet() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            List<EntryRanges> ranges = List.of(new EntryRanges(), new EntryRanges());
            List<TreeSet<Long>> sets = new ArrayList<>(List.of(new TreeSet<>(), new TreeSet<>()));
            int size = 1 + random.nextInt(60);
            for (int i = random.nextInt(60); i > 0; i--) {
                int which = random.nextInt(2);
                long index = 1L + random.nextInt(size);
                ranges.get(which).add(index);
                sets.get(which).add(index);
            }
            EntryRanges first = ranges.get(0);
            assertThat(first.isEmpty()).isEqualTo(sets.get(0).isEmpty());
            assertThat(first.containsAll(ranges.get(1))).isEqualTo(sets.get(0).containsAll(sets.get(1)));
            assertThat(first.intersects(ranges.get(1)))
                    .isEqualTo(sets.get(0).stream().anyMatch(sets.get(1)::contains));
            for (long index = 0; index < size + 2; index++) {
                assertThat(first.contains(index)).isEqualTo(sets.get(0).contains(index));
                Long next = sets.get(0).ceiling(index);
                assertThat(first.next(index)).isEqualTo(next == null ? Long.MAX_VALUE : next);
                long gap = index;
                while (sets.get(0).contains(gap)) {
                    gap++;
                }
                assertThat(first.nextGap(index)).isEqualTo(gap);
            }
        }
    }
}

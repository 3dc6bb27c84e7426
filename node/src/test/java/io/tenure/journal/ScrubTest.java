package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rot under a running node is found in one pass; what the journal does meanwhile is no rot. */
final class ScrubTest {
    private static final JournalLimits LIMITS = new JournalLimits(120, 1 << 20);
    private static final int LAST = 47;
    private static final int MARK = 45;

    private final CrashDisk disk = new CrashDisk();
    private final List<String> badMetadata = new ArrayList<>();
    private Journal journal;

    @BeforeEach
    void fill() throws IOException {
        journal = JournalFixture.open(disk, LIMITS);
        for (int i = 1; i <= LAST; i++) {
            write(journal, append(i, i, set(i, i / 15)));
        }
        takeSnapshot(20);
        assertThat(journal.compact(15).index()).isPositive();
        journal.noteCommit(MARK);
    }

    private void takeSnapshot(long index) throws IOException {
        long term = journal.read(index, 1).get(0).term();
        SnapshotHeader header = new SnapshotHeader(new EntryId(index, term), 0, 0, 0);
        SnapshotFileTest.write(disk, header, List.of(), Map.of("a", "" + index));
        assertThat(journal.adoptSnapshot()).isEqualTo(header.last());
    }

    private Scrub scrub() {
        return new Scrub(disk, FOLDER, badMetadata::add);
    }

    private static int pass(Scrub scrub) {
        int steps = 1;
        while (!scrub.step(50)) {
            steps++;
            assertThat(steps).isLessThan(1_000);
        }
        return steps;
    }

    /** What one pass over files with this content says; null if nothing. */
    private String verdict(String file, byte[] content) {
        byte[] good = disk.content(file);
        disk.setContent(file, content);
        badMetadata.clear();
        try (Scrub scrub = scrub()) {
            pass(scrub);
            return badMetadata.isEmpty() ? null : badMetadata.get(0);
        } catch (DamagedException e) {
            assertThat(e.getMessage()).startsWith("Damaged: " + e.place() + ": ");
            return e.place();
        } finally {
            disk.setContent(file, good);
        }
    }

    private static byte[] flipped(byte[] good, int at, int bit) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << bit);
        return bad;
    }

    @Test
    void goodFilesAreReadInPieces() {
        try (Scrub scrub = scrub()) {
            assertThat(pass(scrub)).isGreaterThan(20);
            assertThat(scrub.bytes()).isGreaterThan(2_000);
            assertThat(pass(scrub)).isGreaterThan(20);
        }
        assertThat(badMetadata).isEmpty();
    }

    @Test
    void everyFlippedBitOfWhatIsSafelyOnDiskIsFound() {
        int files = 0;
        for (String file : disk.contents().keySet()) {
            byte[] good = disk.content(file);
            int end = safeBytes(file, good);
            files += end > 0 ? 1 : 0;
            for (int at = 0; at < end; at++) {
                int bit = at % 8;
                assertThat(verdict(file, flipped(good, at, bit)))
                        .as("%s, bit %d of byte %d", file, bit, at)
                        .isNotNull()
                        .startsWith(file.replaceAll("idx$", "txt"));
            }
        }
        // Both copies of the metadata, the snapshot, the current pair and several rolled ones.
        assertThat(files).isGreaterThan(9);
    }

    /** Of the current pair, what the mark covers. */
    private int safeBytes(String file, byte[] good) {
        long entries = MARK - currentFirstIndex() + 1;
        if (file.endsWith("/logs.idx")) {
            return (int) entries * 48;
        }
        if (!file.endsWith("/logs.txt")) {
            return file.endsWith("/lock") ? 0 : good.length;
        }
        int end = 0;
        for (long left = entries; left > 0; end++) {
            left -= good[end] == '\n' ? 1 : 0;
        }
        return end;
    }

    private long currentFirstIndex() {
        return LAST
                - new String(disk.content(FOLDER + "/logs.txt"), StandardCharsets.UTF_8)
                        .lines()
                        .count()
                + 1;
    }

    @Test
    void rotAboveTheMarkIsLeftToRecovery() {
        for (String file : List.of(FOLDER + "/logs.txt", FOLDER + "/logs.idx")) {
            byte[] good = disk.content(file);
            assertThat(safeBytes(file, good)).isBetween(1, good.length - 2);
            for (int at = safeBytes(file, good); at < good.length; at++) {
                assertThat(verdict(file, flipped(good, at, at % 8))).isNull();
            }
        }
    }

    @Test
    void aCutFileIsFound() {
        for (String file : disk.contents().keySet()) {
            byte[] good = disk.content(file);
            int end = safeBytes(file, good);
            for (int size = 0; size < end; size += 7) {
                byte[] cut = Arrays.copyOf(good, size);
                assertThat(verdict(file, cut)).as("%s cut to %d", file, size).isNotNull();
            }
        }
    }

    @Test
    void aMissingFileIsFound() throws IOException {
        for (String file : disk.contents().keySet()) {
            if (file.endsWith("/lock")) {
                continue;
            }
            byte[] good = disk.content(file);
            disk.delete(file);
            badMetadata.clear();
            try (Scrub scrub = scrub()) {
                if (file.contains("metadata")) {
                    pass(scrub);
                    assertThat(badMetadata).containsExactly(file + ": it is missing");
                } else {
                    assertThatThrownBy(() -> pass(scrub))
                            .as(file)
                            .isInstanceOf(DamagedException.class)
                            .hasMessageContaining(file.replaceAll("idx$", ""))
                            .hasMessageContaining("missing");
                }
            } finally {
                disk.setContent(file, good);
            }
        }
    }

    @Test
    void theJournalMendsMetadataFromMemory() {
        for (String name : List.of(MetadataFiles.NAME, MetadataFiles.COPY_NAME)) {
            disk.setContent(FOLDER + '/' + name, new byte[] {1, 2, 3});
        }
        try (Scrub scrub = scrub()) {
            assertThat(pass(scrub)).isOne();
            assertThat(badMetadata).hasSize(1);
            journal.mendMetadata();
            assertThat(pass(scrub)).isGreaterThan(20);
            assertThat(badMetadata).hasSize(1);
        }
        journal.close();
        journal = JournalFixture.open(disk, LIMITS);
        assertThat(journal.recovery().commitIndex()).isEqualTo(MARK);
    }

    /** Rolls, truncations, compactions and new snapshots between any two steps. */
    @Test
    void whatTheJournalDoesIsNoRot() throws IOException {
        Random random = new Random(3);
        int passes = 0;
        long last = LAST;
        long term = 3;
        try (Scrub scrub = scrub()) {
            for (int i = 100; i < 6_000; i++) {
                long safe = journal.notedCommit();
                switch (random.nextInt(14)) {
                    case 0 -> {
                        term++;
                        last = safe + 1 + random.nextInt((int) (last - safe) + 1);
                        write(journal, replace(i, last, set(i, term)));
                    }
                    case 1 -> journal.noteCommit(Math.max(safe, last - 3));
                    case 2 -> {
                        if (safe > journal.snapshot().index() && random.nextInt(10) == 0) {
                            takeSnapshot(safe);
                            journal.compact(safe - random.nextInt(30));
                        }
                    }
                    case 3, 4 -> write(journal, append(i, ++last, set(i, term)));
                    default -> passes += scrub.step(100) ? 1 : 0;
                }
            }
        }
        assertThat(passes).isGreaterThan(20);
        assertThat(badMetadata).isEmpty();
    }

    /** Without metadata nothing tells where the log begins: such a pass says nothing of the log. */
    @Test
    void aPassThatCouldJudgeNothingIsNoGoodOne() {
        try (Scrub scrub = scrub()) {
            assertThat(scrub.judgedAll()).isFalse();
            pass(scrub);
            assertThat(scrub.judgedAll()).isTrue();
            byte[] metadata = disk.content(FOLDER + "/metadata.txt");
            byte[] copy = disk.content(FOLDER + "/metadata.copy.txt");
            for (int goodSteps : new int[] {0, 1, 3}) {
                for (int step = 0; step < goodSteps; step++) {
                    assertThat(scrub.step(50)).isFalse();
                }
                disk.setContent(FOLDER + "/metadata.txt", new byte[0]);
                disk.setContent(FOLDER + "/metadata.copy.txt", new byte[0]);
                pass(scrub);
                assertThat(scrub.judgedAll()).as("%d good steps", goodSteps).isFalse();
                disk.setContent(FOLDER + "/metadata.txt", metadata);
                disk.setContent(FOLDER + "/metadata.copy.txt", copy);
                pass(scrub);
                assertThat(scrub.judgedAll()).isTrue();
            }
        }
    }
}

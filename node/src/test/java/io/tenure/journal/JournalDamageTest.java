package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.TEXT;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.state;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.entry.LineEncoder;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a journal refuses: damage, named with file, line and the way out, and never repaired by guessing. */
final class JournalDamageTest {
    private final CrashDisk disk = new CrashDisk();

    /** What the last group proves of the one before is proof enough: an end that is cut off there is rot. */
    @Test
    void rotBelowTheMarkStopsTheNodeAndIsNotCut() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0), set(2, 0)));
        write(journal, append(2, 3, set(3, 0), LineEncoder.noOp(1)));
        write(journal, append(3, 5, set(5, 1)));
        byte[] text = disk.content(TEXT);
        int proven = lineEnd(text, 4);
        for (int at = 0; at < proven; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] rotten = text.clone();
                rotten[at] ^= (byte) (1 << bit);
                expectRot(rotten, "byte " + at + " bit " + bit);
            }
        }
    }

    /** The lines went that would have proven the records of the last groups: what these say of earlier ones counts all the same. */
    @Test
    void textThatEndsBelowWhatItsRecordsVouchForIsRot() {
        Journal journal = JournalFixture.open(disk);
        for (int i = 1; i <= 9; i += 2) {
            write(journal, append(i, i, set(i, 0), set(i + 1, 0)));
        }
        byte[] text = disk.content(TEXT);
        int proven = lineEnd(text, 8);
        for (int size = 0; size < text.length; size++) {
            for (byte[] left :
                    List.of(Arrays.copyOf(text, size), Arrays.copyOf(Arrays.copyOf(text, size), text.length))) {
                String where = size + " bytes of " + left.length;
                if (size < proven) {
                    expectRot(left, where);
                } else {
                    CrashDisk crashed = disk.afterCrash(Unforced.SURVIVES, new Random(1));
                    crashed.setContent(TEXT, left);
                    Journal again = JournalFixture.open(crashed);
                    assertThat(again.lastIndex()).as(where).isEqualTo(size < lineEnd(text, 9) ? 8 : 9);
                    again.close();
                }
            }
        }
    }

    /** The last group never reached the text, and one of its records is rotten: no proof that more was there. */
    @Test
    void oneRottenRecordWithoutItsLineProvesNothing() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        write(journal, append(2, 3, set(3, 0)));
        write(journal, append(3, 4, set(4, 0), set(5, 0), set(6, 0), set(7, 0)));
        byte[] text = Arrays.copyOf(disk.content(TEXT), lineEnd(disk.content(TEXT), 3) + 5);
        byte[] records = disk.content(JournalFixture.INDEX);
        for (int bit = 3 * 48 * 8; bit < records.length * 8; bit++) {
            byte[] rotten = records.clone();
            rotten[bit / 8] ^= (byte) (1 << bit % 8);
            CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
            left.setContent(TEXT, text);
            left.setContent(JournalFixture.INDEX, rotten);
            Journal again = JournalFixture.open(left);
            assertThat(again.lastIndex()).as("bit %d", bit).isEqualTo(3);
            again.close();
        }
    }

    /** Where the text is to be cut, the last record that stays tells: a rotten one must not have good entries cut off. */
    @Test
    void aCutDoesNotTrustARottenRecord() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0), set(3, 0), set(4, 0)));
        byte[] records = disk.content(JournalFixture.INDEX);
        for (int bit = 2 * 48 * 8; bit < 3 * 48 * 8; bit++) {
            CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
            Journal again = JournalFixture.open(left);
            byte[] rotten = records.clone();
            rotten[bit / 8] ^= (byte) (1 << bit % 8);
            left.setContent(JournalFixture.INDEX, rotten);
            byte[] text = left.content(TEXT);
            assertThatThrownBy(() -> write(again, JournalFixture.replace(2, 4, set(44, 1))))
                    .as("bit %d", bit)
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining("line 3 (entry 3)");
            assertThat(left.content(TEXT)).as("bit %d", bit).isEqualTo(text);
            assertThat(left.content(JournalFixture.INDEX)).as("bit %d", bit).isEqualTo(rotten);
            again.close();
        }
    }

    /** A first line whose term still fits: only its record, whose mark is 0, tells. */
    @Test
    void rotInTheFirstLineIsFound() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0)));
        write(journal, append(2, 2, LineEncoder.noOp(5)));
        write(journal, append(3, 3, set(3, 5)));
        expectRot("NO-OP 1\nNO-OP 5\nSET key\\s3 value3 5\n".getBytes(StandardCharsets.US_ASCII), "first term");
        expectRot("NO-OP 0\nNO-OP 4\nSET key\\s3 value3 5\n".getBytes(StandardCharsets.US_ASCII), "second term");
    }

    @Test
    void rotInTheNotedCommitIsFoundWithoutAnyRecord() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0), set(2, 0), set(3, 0)));
        journal.noteCommit(2);
        byte[] text = disk.content(TEXT);
        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        left.setContent(TEXT, Arrays.copyOf(text, lineEnd(text, 2) - 1));
        assertThatThrownBy(() -> JournalFixture.open(left))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("Damaged: data/logs_node_0/logs.txt, line 2 (entry 2): the line has no end. "
                        + "Entries up to 2 were safely on disk")
                .hasMessageContaining("node.jar rejoin");
    }

    /** A flipped bit in the last group may cost that group, which nothing proves yet; never more, never a wrong entry. */
    @Test
    void damageAboveTheMarkNeverLeavesAWrongEntry() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0), set(2, 0)));
        write(journal, append(2, 3, set(3, 0), set(4, 1)));
        byte[] text = disk.content(TEXT);
        List<String> whole = lines(JournalFixture.readAll(journal));
        for (int at = lineEnd(text, 2); at < text.length; at++) {
            byte[] damaged = text.clone();
            damaged[at] ^= 1;
            CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
            left.setContent(TEXT, damaged);
            Journal again = JournalFixture.open(left);
            List<String> found = lines(JournalFixture.readAll(again));
            assertThat(found).as("byte %d", at).hasSizeBetween(2, 3).isEqualTo(whole.subList(0, found.size()));
        }
    }

    @Test
    void rotInRolledSegmentIsNamed() {
        JournalLimits limits = new JournalLimits(50, 1 << 20);
        Journal journal = JournalFixture.open(disk, limits);
        for (int i = 1; i <= 10; i++) {
            write(journal, append(i, i, set(i, 0)));
        }
        journal.close();
        assertThat(disk.contents())
                .containsKeys(FOLDER + "/logs-1.txt", FOLDER + "/logs-4.idx", FOLDER + "/logs-7.txt");
        for (String file : List.of("/logs-4.txt", "/logs-4.idx")) {
            byte[] bytes = disk.content(FOLDER + file);
            for (int at = 0; at < bytes.length; at += 3) {
                byte[] rotten = bytes.clone();
                rotten[at] ^= 4;
                CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
                left.setContent(FOLDER + file, rotten);
                assertThatThrownBy(() -> JournalFixture.open(left, limits))
                        .isInstanceOf(JournalException.class)
                        .hasMessageMatching("Damaged: data/logs_node_0/logs-4.txt, line [123] \\(entry [456]\\): .*");
            }
        }
        CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        left.remove(FOLDER + "/logs-4.txt");
        left.remove(FOLDER + "/logs-4.idx");
        assertThatThrownBy(() -> JournalFixture.open(left, limits))
                .hasMessageStartingWith(
                        "Damaged: data/logs_node_0/logs-7.txt follows entry 3: the files between are missing");
    }

    @Test
    void oneDamagedCopyOfTheMetadataIsReplaced() {
        Journal journal = JournalFixture.open(disk);
        write(journal, state(1, 3, 1), append(2, 1, set(1, 3)));
        journal.noteCommit(1);
        journal.close();
        for (String copy : List.of("/metadata.txt", "/metadata.copy.txt")) {
            CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
            left.setContent(FOLDER + copy, "term 7\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(JournalFixture.open(left).recovery().hardState()).isEqualTo(new HardState(3, 1, 2500));
            assertThat(left.content(FOLDER + copy)).asString().contains("bootCount 2");
        }
        disk.setContent(FOLDER + "/metadata.txt", new byte[0]);
        disk.setContent(FOLDER + "/metadata.copy.txt", new byte[] {'x'});
        assertThatThrownBy(() -> JournalFixture.open(disk))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("Damaged: data/logs_node_0/metadata.txt: the checksum line is missing; "
                        + "data/logs_node_0/metadata.copy.txt: the checksum line is missing. No copy");
        disk.remove(FOLDER + "/metadata.txt");
        disk.remove(FOLDER + "/metadata.copy.txt");
        assertThatThrownBy(() -> JournalFixture.open(disk))
                .hasMessageStartingWith("Damaged: data/logs_node_0/metadata.txt and its copy are missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/logs.txt", "/logs.idx"})
    void missingFileIsNamed(String file) {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0)));
        journal.close();
        disk.remove(FOLDER + file);
        assertThatThrownBy(() -> JournalFixture.open(disk))
                .hasMessageStartingWith("Damaged: data/logs_node_0" + file + " is missing. Nothing was changed");
    }

    @Test
    void checkReportsAndChangesNothing() {
        Journal journal = JournalFixture.open(disk, new JournalLimits(60, 1 << 20));
        for (int i = 1; i <= 8; i++) {
            write(journal, append(i, i, i == 5 ? LineEncoder.noOp(1) : set(i, i / 5)));
        }
        journal.noteCommit(3);
        journal.close();
        JournalCheck.Report good = JournalCheck.check(disk, FOLDER);
        assertThat(good.problems()).isEmpty();
        assertThat(good.entries()).isEqualTo(8);
        assertThat(good.terms()).isEqualTo(2);
        assertThat(good.mark()).isEqualTo(7);
        assertThat(good.notes()).containsExactly("node 0 of cluster 'tenure', boot 1, term -1, committed 3");

        byte[] text = disk.content(TEXT);
        disk.setContent(TEXT, JournalFixture.concat(text, "SET half".getBytes(StandardCharsets.US_ASCII)));
        byte[] rolled = disk.content(FOLDER + "/logs-1.txt");
        rolled[5] = 'K';
        disk.setContent(FOLDER + "/logs-1.txt", rolled);
        Map<String, String> before = disk.contents();
        JournalCheck.Report bad = JournalCheck.check(disk, FOLDER);
        assertThat(bad.isDamaged()).isTrue();
        assertThat(bad.problems())
                .extracting(JournalCheck.Problem::toString)
                .containsExactly(
                        "data/logs_node_0/logs-1.txt, line 1: the line is not what its record in the index was "
                                + "written for (entry 1)");
        assertThat(bad.notes()).anyMatch(note -> note.contains("the line has no end. Torn end"));
        assertThat(disk.contents()).isEqualTo(before);
    }

    private void expectRot(byte[] text, String where) {
        CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        left.setContent(TEXT, text);
        Map<String, String> before = left.contents();
        assertThatThrownBy(() -> JournalFixture.open(left))
                .as(where)
                .isInstanceOf(JournalException.class)
                .hasMessageMatching("Damaged: data/logs_node_0/logs.txt, line [1-8] \\(entry [1-8]\\): .*");
        assertThat(left.contents()).as(where).isEqualTo(before);
    }

    private static List<String> lines(List<Entry> entries) {
        return entries.stream().map(JournalFixture::line).toList();
    }

    private static int lineEnd(byte[] text, int line) {
        int at = 0;
        for (int i = 0; i < line; at++) {
            if (text[at] == '\n') {
                i++;
            }
        }
        return at;
    }
}

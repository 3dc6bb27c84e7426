package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.INDEX;
import static io.tenure.journal.JournalFixture.TEXT;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.state;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineEncoder;
import io.tenure.handoff.KnownPeer;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.Persist;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a journal keeps and cuts. */
final class JournalTest {
    private final CrashDisk disk = new CrashDisk();

    @Test
    void logIsTheLinesAndNothingElse() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0), LineEncoder.set("name1", "Sam", 1, 1, 0)));
        write(journal, append(2, 3, LineEncoder.set("name3", "Aujla Singh", 1, 2, 1)));

        assertThat(new String(disk.content(TEXT), StandardCharsets.UTF_8))
                .isEqualTo("NO-OP 0\nSET name1 Sam 0\nSET name3 Aujla\\sSingh 1\n");
        assertThat(disk.content(INDEX)).hasSize(3 * IndexRecord.LENGTH);
    }

    @Test
    void metadataIsReadable() {
        Journal journal = JournalFixture.open(disk);
        write(journal, state(1, 4, 2), append(2, 1, LineEncoder.noOp(4)));
        journal.noteCommit(9);

        String text = new String(disk.content(FOLDER + "/metadata.txt"), StandardCharsets.UTF_8);
        assertThat(text.lines().filter(line -> !line.matches("(incarnation|write|checksum) .*")))
                .containsExactly(
                        "format 2",
                        "cluster tenure",
                        "node 0",
                        "bootCount 1",
                        "term 4",
                        "votedFor 2",
                        "leasePromisedMillisMax 2500",
                        "committed 1",
                        "tagsLostUpTo 0",
                        "logStart none",
                        "install none",
                        "rejoining false");
    }

    /** One write call and one force of logs.txt, whatever waited; nothing else is forced. */
    @Test
    void whereThePeersCameFromIsRemembered() {
        List<KnownPeer> peers = List.of(new KnownPeer(1, 5, 6, 7), new KnownPeer(2, -8, KnownPeer.SHUT_OUT, 0));
        Journal journal = JournalFixture.open(disk);
        journal.notePeers(List.of(new KnownPeer(1, 5, 6, 7)));
        journal.notePeers(peers);
        int calls = disk.calls;
        journal.notePeers(List.copyOf(peers));
        assertThat(disk.calls).as("nothing new").isEqualTo(calls);

        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        assertThat(JournalFixture.open(left).recovery().peers()).isEqualTo(peers);
    }

    @Test
    void groupTakesOneWriteAndOneForce() {
        Journal journal = JournalFixture.open(disk);
        int before = disk.calls;
        write(journal, append(1, 1, set(1, 0)), append(2, 2, set(2, 0), set(3, 0)), append(3, 4, set(4, 0)));
        assertThat(disk.calls - before)
                .as("index write, text write, text force")
                .isEqualTo(3);
        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        assertThat(left.content(TEXT)).isEqualTo(disk.content(TEXT));
        assertThat(left.content(INDEX)).isEmpty();
    }

    /** A group that is larger than the buffer: several writes, still whole. */
    @Test
    void largeGroupsAndLargeLines() {
        Journal journal = JournalFixture.open(disk);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            entries.add(LineEncoder.set("k" + i, "v".repeat(i == 9 ? 9 << 20 : 700_000), i + 1, i, 0));
        }
        write(journal, new Persist(1, null, 0, 1, entries, null));
        journal.close();

        Journal again = JournalFixture.open(disk);
        assertThat(JournalFixture.describe(JournalFixture.readAll(again)).hashCode())
                .isEqualTo(JournalFixture.describe(entries).hashCode());
        assertThat(again.read(1, 2_000_000)).hasSize(2);
        assertThat(again.read(10, 1)).hasSize(1);
        assertThat(again.read(25, 100)).isEmpty();
        assertThat(again.recovery().tagsLostUpTo()).isZero();
    }

    @Test
    void windowOfRecoveryIsBoundedByCommit() {
        Journal journal = JournalFixture.open(disk);
        for (int i = 1; i <= 20; i++) {
            write(journal, append(i, i, set(i, 0)));
        }
        journal.noteCommit(15);
        journal.close();

        Recovery recovery =
                JournalFixture.open(disk, new JournalLimits(1 << 20, 40)).recovery();
        assertThat(recovery.log().firstInWindow()).isEqualTo(16);
        assertThat(recovery.log().lastIndex()).isEqualTo(20);
        assertThat(recovery.commitIndex()).isEqualTo(15);
    }

    /** The same index written twice: what comes back is the second, with its own tag. */
    @Test
    void replacedEntriesStayReplaced() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0), set(3, 0)));
        write(journal, replace(2, 2, set(22, 1)), replace(3, 2, set(2, 2)));
        write(journal, append(4, 3, set(3, 2)));
        List<String> expected = JournalFixture.describe(List.of(set(1, 0), set(2, 2), set(3, 2)));
        assertThat(JournalFixture.describe(JournalFixture.readAll(journal))).isEqualTo(expected);

        for (Unforced unforced : List.of(Unforced.VANISHES, Unforced.SURVIVES)) {
            Journal again = JournalFixture.open(disk.afterCrash(unforced, new Random(1)));
            assertThat(lines(JournalFixture.readAll(again)))
                    .containsExactly("SET key\\s1 value1 0\n", "SET key\\s2 value2 2\n", "SET key\\s3 value3 2\n");
        }
    }

    /** Neither the torn end nor the size of the file makes a whole line of the last group disappear. */
    @Test
    void tornEndIsCutAtEveryByte() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        write(journal, append(2, 3, set(3, 0), set(4, 0)));
        write(journal, append(3, 5, set(5, 0), set(6, 0)));
        byte[] text = disk.content(TEXT);
        int proven = lineEnd(text, 4);
        for (int size = proven; size <= text.length; size++) {
            for (boolean zeros : new boolean[] {false, true}) {
                CrashDisk torn = disk.afterCrash(Unforced.SURVIVES, new Random(1));
                byte[] cut = Arrays.copyOf(text, size);
                torn.setContent(TEXT, zeros ? Arrays.copyOf(cut, text.length) : cut);
                Journal again = JournalFixture.open(torn);
                int kept = size == text.length ? 6 : size >= lineEnd(text, 5) ? 5 : 4;
                assertThat(again.lastIndex()).as("size %d", size).isEqualTo(kept);
                assertThat(again.recovery().tagsLostUpTo()).isZero();
                assertThat(torn.content(TEXT)).hasSize(lineEnd(text, kept));
                assertThat(torn.content(INDEX)).hasSize(kept * IndexRecord.LENGTH);
                write(again, append(4, kept + 1L, set(9, 1)));
                again.close();
                assertThat(JournalFixture.open(torn).lastIndex()).isEqualTo(kept + 1L);
            }
        }
    }

    /** Lines that were forced are there even if not a byte of the index is. */
    @Test
    void wholeLinesWithoutRecordAreKeptWithoutTags() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, LineEncoder.noOp(0), set(2, 0), set(3, 0)));
        journal.forceIndex();
        write(journal, append(2, 4, set(4, 0)));
        write(journal, append(3, 5, set(5, 0), LineEncoder.noOp(0)));

        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        List<String> seen = new ArrayList<>();
        for (int boot = 0; boot < 2; boot++) {
            seen.clear();
            Journal again = open(left, seen);
            assertThat(again.recovery().tagsLostUpTo()).isEqualTo(5);
            assertThat(seen)
                    .containsExactly(
                            "1 session 0",
                            "2 session 1002",
                            "3 session 1003",
                            "4 session 0 lost",
                            "5 session 0 lost",
                            "6 session 0");
            again.close();
        }
    }

    @Test
    void truncationGoesBackOverRolls() {
        JournalLimits limits = new JournalLimits(50, 1 << 20);
        Journal journal = JournalFixture.open(disk, limits);
        for (int i = 1; i <= 9; i++) {
            write(journal, append(i, i, set(i, 0)));
        }
        write(journal, replace(10, 2, set(22, 1)));
        assertThat(lines(JournalFixture.readAll(journal)))
                .containsExactly("SET key\\s1 value1 0\n", "SET key\\s22 value22 1\n");
        assertThat(disk.contents().keySet()).noneMatch(name -> name.contains("logs-"));
        journal.close();
        assertThat(JournalFixture.open(disk, limits).lastIndex()).isEqualTo(2);
    }

    @Test
    void folderOfAnotherNodeIsRefused() {
        JournalFixture.open(disk).close();
        assertThatThrownBy(() -> Journal.open(
                        disk,
                        FOLDER,
                        new Identity("other", 1),
                        JournalLimits.DEFAULT,
                        JournalFixture.random(),
                        (index, entry, committed, tagLost) -> {}))
                .isInstanceOf(JournalException.class)
                .hasMessage("data/logs_node_0 belongs to node 0 of cluster 'tenure', not to node 1 of cluster 'other'. "
                        + "Set nodeId and clusterId to that, or dataDir to another folder");
        assertThat(JournalFixture.open(disk).recovery().bootCount())
                .as("the lock was given back")
                .isEqualTo(2);
    }

    @Test
    void secondNodeInTheFolderIsRefused() {
        Journal journal = JournalFixture.open(disk);
        assertThatThrownBy(() -> JournalFixture.open(disk)).hasMessageContaining("is in use by process 1");
        write(journal, append(1, 1, set(1, 0)));
    }

    /** LEASE.md, 4 #8: no retry after a failed force, ever. */
    @ParameterizedTest
    @ValueSource(strings = {"force", "write"})
    void failureOfTheDiskIsFinal(String call) {
        Journal journal = JournalFixture.open(disk);
        disk.fail(call);
        assertThatThrownBy(() -> write(journal, append(1, 1, set(1, 0))))
                .isInstanceOf(JournalFailure.class)
                .hasMessage("Can't write in data/logs_node_0: no " + call
                        + " today. What is on disk now is unknown, so this " + "node stops; a restart finds out");
        disk.fail("");
        assertThat(journal.hasFailed()).isTrue();
        assertThatThrownBy(() -> write(journal, append(1, 1, set(1, 0)))).isInstanceOf(JournalFailure.class);
        assertThatThrownBy(() -> journal.read(1, 1)).isInstanceOf(JournalFailure.class);
        assertThat(journal.lastIndex()).isZero();
        journal.close();
        assertThat(JournalFixture.open(disk).recovery().bootCount()).isEqualTo(2);
    }

    /** LEASE.md, 4 #8: after a failed force the pages look clean; forcing them again would prove nothing. */
    @Test
    void whatIsFoundAfterAFailedForceIsWrittenAgain() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        disk.fail("force");
        assertThatThrownBy(() -> write(journal, append(2, 3, set(3, 0), set(4, 0))))
                .isInstanceOf(JournalFailure.class);
        disk.fail("");
        journal.close();

        assertThat(JournalFixture.open(disk).lastIndex()).isEqualTo(4);

        Journal again = JournalFixture.open(disk.afterCrash(Unforced.VANISHES, new Random(1)));
        assertThat(again.lastIndex()).isEqualTo(4);
        assertThat(again.recovery().tagsLostUpTo()).isZero();
    }

    /** Recovery takes the index for forced up to there. */
    @Test
    void noteOfTheCommitForcesTheIndexFirst() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        journal.noteCommit(1);
        assertThat(journal.hasUnforcedIndex()).isFalse();
        Journal again = JournalFixture.open(disk.afterCrash(Unforced.VANISHES, new Random(1)));
        assertThat(again.recovery().tagsLostUpTo()).isZero();
    }

    @Test
    void indexFoundAfterAFailedForceIsWrittenAgainBeforeItIsRolled() {
        JournalLimits limits = new JournalLimits(100, 1 << 20);
        Journal journal = JournalFixture.open(disk, limits);
        write(journal, append(1, 1, set(1, 0)));
        journal.noteCommit(1);
        write(journal, append(2, 2, set(2, 0), set(3, 0)));
        write(journal, append(3, 4, set(4, 0), set(5, 0)));
        disk.fail("force");
        assertThatThrownBy(journal::forceIndex).isInstanceOf(JournalFailure.class);
        disk.fail("");
        journal.close();

        Journal again = JournalFixture.open(disk, limits);
        write(again, append(4, 6, set(6, 0)));

        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        Journal last = JournalFixture.open(left, limits);
        assertThat(left.contents()).containsKey(FOLDER + "/logs-1.txt");
        assertThat(last.lastIndex()).isEqualTo(6);
        assertThat(last.recovery().tagsLostUpTo())
                .as("all but the last group's")
                .isIn(0L, 6L);
    }

    @Test
    void committedEntriesCannotBeCut() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        journal.noteCommit(2);
        assertThatThrownBy(() -> write(journal, replace(2, 2, set(3, 1)))).isInstanceOf(IllegalStateException.class);
    }

    /** A leader can know of a commit before its own disk has the entries. */
    @Test
    void commitIsNotedOnlyUpToWhatIsForced() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0)));
        journal.noteCommit(50);
        assertThat(journal.notedCommit()).isEqualTo(1);
        Journal again = JournalFixture.open(disk.afterCrash(Unforced.VANISHES, new Random(1)));
        assertThat(again.recovery().commitIndex()).isEqualTo(1);
    }

    private static Journal open(CrashDisk disk, List<String> seen) {
        return Journal.open(
                disk,
                FOLDER,
                JournalFixture.IDENTITY,
                JournalLimits.DEFAULT,
                JournalFixture.random(),
                (index, entry, committed, tagLost) ->
                        seen.add(index + " session " + entry.session() + (tagLost ? " lost" : "")));
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

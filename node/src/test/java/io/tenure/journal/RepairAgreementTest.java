package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.INDEX;
import static io.tenure.journal.JournalFixture.TEXT;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Of a damaged entry nothing is left that proves anything, and a peer's committed one is put in its place only if the logs agree
 * around it: otherwise this log would hold what no leader ever wrote behind one another (Raft, 5.3, Log Matching). Simulated seed
 * 443539: after entries of its own leadership, which were never committed, a node got a committed one of the next.
 */
final class RepairAgreementTest {
    private static final int COMMITTED = 2;
    /** In a record. */
    private static final int CHECKSUM_AT = 12;

    private final CrashDisk disk = new CrashDisk();

    @Test
    void whatFollowsEntriesThatWereReplacedElsewhereIsCut() {
        write(1, 1, 2, 2, 2, 2, 2);
        damage(4, 5);
        assertThat(repaired(7, 1, 1, 3, 3, 3, 3, 3)).containsExactly(1L, 1L, 2L);
    }

    @Test
    void whatIsFollowedByEntriesOfAnEarlierTermIsCut() {
        write(1, 1, 2, 2, 2);
        damageAllButChecksum(3);
        assertThat(repaired(5, 1, 1, 3, 3, 3)).containsExactly(1L, 1L);
    }

    @Test
    void severalThatAreFollowedByEntriesOfAnEarlierTermAreReplacedWithThem() {
        write(1, 1, 2, 2, 3, 3);
        damage(3);
        assertThat(repaired(6, 1, 1, 4, 4, 4, 4)).startsWith(1L, 1L, 4L, 4L).allMatch(term -> term != 3);
    }

    @Test
    void noneIsTakenIfWhatFollowsWasWrittenAfterAnother() {
        write(1, 1, 2, 4, 4);
        damageAllButChecksum(3);
        assertThat(repaired(5, 1, 1, 3, 5, 5)).isEmpty();
    }

    @Test
    void noneIsTakenIfNothingTellsWhatFollowsIt() {
        write(1, 1, 2, 2, 4, 4);
        damage(3);
        assertThat(repaired(4, 1, 1, 3, 3)).isEmpty();
    }

    @Test
    void theNextEntryTellsThoughItIsNotCommitted() {
        write(1, 1, 2, 2, 3, 3);
        damage(3);
        assertThat(repaired(4, 1, 1, 2, 2, 3)).containsExactly(1L, 1L, 2L, 2L, 3L, 3L);
    }

    @Test
    void theNextEntryOfTheSameTermTells() {
        write(1, 1, 2, 2, 2, 2);
        damage(3);
        assertThat(repaired(4, 1, 1, 2, 2)).containsExactly(1L, 1L, 2L, 2L, 2L, 2L);
    }

    private static List<Entry> log(int... terms) {
        List<Entry> entries = new ArrayList<>();
        for (int term : terms) {
            entries.add(set(entries.size() + 1, term));
        }
        return entries;
    }

    private void write(int... terms) {
        try (Journal journal = JournalFixture.open(disk)) {
            JournalFixture.write(journal, JournalFixture.state(1, terms[terms.length - 1], 1));
            List<Entry> entries = log(terms);
            for (int i = 1; i <= terms.length; i++) {
                JournalFixture.write(journal, JournalFixture.append(i + 1L, i, entries.get(i - 1)));
            }
            journal.noteCommit(COMMITTED);
        }
    }

    /** Lines and records: no checksum tells anything of these, nor of the one that follows. */
    private void damage(int... indexes) {
        for (int index : indexes) {
            damage(index, 0, IndexRecord.LENGTH);
        }
    }

    /** What follows is proven by it. */
    private void damageAllButChecksum(int index) {
        damage(index, 0, CHECKSUM_AT);
        damage(index, CHECKSUM_AT + Integer.BYTES, IndexRecord.LENGTH);
    }

    private void damage(int index, int from, int to) {
        byte[] text = disk.content(TEXT);
        byte[] records = disk.content(INDEX);
        int start = (index - 1) * IndexRecord.LENGTH;
        int length = text.length / (records.length / IndexRecord.LENGTH);
        text[index * length - 4] = '?';
        for (int at = start + from; at < start + to; at++) {
            records[at] ^= 0x55;
        }
        disk.setContent(TEXT, text);
        disk.setContent(INDEX, records);
    }

    /** Terms of the log after a repair with what a peer has; empty if nothing came of it. */
    private List<Long> repaired(long peerCommitIndex, int... peerTerms) {
        List<Entry> peer = log(peerTerms);
        try (Repair repair = Repair.open(disk, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.isDone()).isFalse();
            while (!repair.isDone()) {
                Need.Entries need = (Need.Entries) repair.needs().get(0);
                if (!repair.offer(JournalFixture.ofPeer(peer, need.firstIndex(), peer.size()), peerCommitIndex)) {
                    return List.of();
                }
            }
        }
        try (Journal journal = JournalFixture.open(disk)) {
            Stream<Long> terms = JournalFixture.readAll(journal).stream().map(Entry::term);
            return terms.toList();
        }
    }
}

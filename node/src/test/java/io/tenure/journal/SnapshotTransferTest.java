package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.EntryId;
import io.tenure.raft.SnapshotChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a journal gives of its snapshot to a peer, and what it keeps meanwhile. */
final class SnapshotTransferTest {
    private static final JournalLimits LIMITS = new JournalLimits(50, 1 << 20);
    private static final String SNAPSHOT = FOLDER + "/snapshot.txt";
    private static final int PEER = 1;
    private static final int PIECE = 10_000;

    private final CrashDisk disk = new CrashDisk();

    private static void take(Disk disk, long index, int values) throws IOException {
        TreeMap<String, String> content = new TreeMap<>();
        for (int i = 0; i < values; i++) {
            content.put(String.format("key%06d", i), "value " + i + " of " + index);
        }
        SnapshotFileTest.write(disk, new SnapshotHeader(new EntryId(index, 0), 0, 0, 0), List.of(), content);
    }

    /** Pairs of three. */
    private Journal journal(int entries, int values) throws IOException {
        Journal journal = JournalFixture.open(disk, LIMITS);
        append(journal, 1, entries);
        adopt(journal, entries / 2, values);
        return journal;
    }

    private static void append(Journal journal, int from, int to) {
        for (int i = from; i <= to; i++) {
            write(journal, JournalFixture.append(i, i, set(i, 0)));
        }
    }

    private void adopt(Journal journal, long index, int values) throws IOException {
        take(disk, index, values);
        assertThat(journal.adoptSnapshot()).isEqualTo(new EntryId(index, 0));
    }

    /** All pieces until {@code end}; the rest of them if that is the size. */
    private static byte[] transfer(Journal journal, long end) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        EntryId of = EntryId.NONE;
        long total = end;
        while (sent.size() < Math.min(end, total)) {
            SnapshotChunk chunk = journal.readSnapshot(PEER, of, sent.size(), PIECE);
            assertThat(chunk.offset()).isEqualTo(sent.size());
            of = chunk.last();
            total = chunk.totalBytes();
            sent.write(chunk.bytes());
        }
        return sent.toByteArray();
    }

    @Test
    void aGoodSnapshotIsSentAsItIs() throws IOException {
        for (int values : new int[] {0, 1, 2000, 20_000}) {
            try (Journal journal = journal(10, values)) {
                assertThat(transfer(journal, Long.MAX_VALUE)).isEqualTo(disk.content(SNAPSHOT));
            }
            for (String name : List.copyOf(disk.contents().keySet())) {
                disk.delete(name);
            }
        }
    }

    /** Wherever a bit turns: what is sent before the damage is told is what was written, and the file is never sent whole. */
    @Test
    void nothingOfADamagedPartIsSent() throws IOException {
        journal(10, 8000).close();
        byte[] good = disk.content(SNAPSHOT);
        assertThat(good.length).isGreaterThan(3 * (64 << 10));
        for (int at = 3; at < good.length; at += 6007) {
            rotAndSend(good, at);
        }
        for (int fromEnd = 1; fromEnd < 20; fromEnd++) {
            rotAndSend(good, good.length - fromEnd);
        }
    }

    private void rotAndSend(byte[] good, int at) throws IOException {
        byte[] bad = good.clone();
        bad[at] ^= 4;
        disk.setContent(SNAPSHOT, good);
        try (Journal journal = JournalFixture.open(disk, LIMITS)) {
            disk.setContent(SNAPSHOT, bad);
            ByteArrayOutputStream sent = new ByteArrayOutputStream();
            assertThatThrownBy(() -> {
                        EntryId of = EntryId.NONE;
                        while (sent.size() < good.length) {
                            SnapshotChunk chunk = journal.readSnapshot(PEER, of, sent.size(), PIECE);
                            of = chunk.last();
                            sent.write(chunk.bytes());
                        }
                    })
                    .as("byte %d of %d", at, good.length)
                    .isInstanceOf(DamagedException.class)
                    .hasMessageContaining("snapshot.txt");
            assertThat(sent.toByteArray())
                    .as("byte %d of %d", at, good.length)
                    .isEqualTo(Arrays.copyOf(good, sent.size()));
            assertThat(sent.size()).isLessThanOrEqualTo(at);
        }
    }

    /** Compaction leaves what a peer needs after the snapshot that it is being sent, within a bound, until that is over. */
    @Test
    void compactionKeepsWhatFollowsASnapshotThatIsBeingSent() throws IOException {
        Journal journal = journal(20, 2000);
        byte[] first = disk.content(SNAPSHOT);
        byte[] begun = transfer(journal, PIECE);
        append(journal, 21, 40);
        adopt(journal, 35, 1);
        assertThat(journal.compact(journal.firstIndexKeeping(0, 1 << 20)).index())
                .isLessThanOrEqualTo(10);
        assertThat(journal.read(11, 1000))
                .as("the entry after the first snapshot")
                .isNotEmpty();

        EntryId of = new EntryId(10, 0);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.write(begun);
        while (sent.size() < first.length) {
            SnapshotChunk chunk = journal.readSnapshot(PEER, of, sent.size(), PIECE);
            assertThat(chunk.last()).isEqualTo(of);
            sent.write(chunk.bytes());
        }
        assertThat(sent.toByteArray()).as("the transfer goes on where it was").isEqualTo(first);

        adopt(journal, 38, 1);
        assertThat(journal.compact(journal.firstIndexKeeping(0, 1 << 20)).index())
                .isLessThanOrEqualTo(10);
        adopt(journal, 39, 1);
        assertThat(journal.compact(journal.firstIndexKeeping(0, 1 << 20)).index())
                .as("nobody reads it any more")
                .isGreaterThan(30);
    }

    @Test
    void compactionDoesNotKeepTheLogForAPeerForEver() throws IOException {
        Journal journal = journal(20, 0);
        SnapshotChunk piece = journal.readSnapshot(PEER, EntryId.NONE, 0, 10);
        append(journal, 21, 100);
        adopt(journal, 100, 1);
        long bound = 2 * piece.totalBytes();
        long first = journal.firstIndexKeeping(0, 60);
        assertThat(first).isBetween(12L, 98L);
        assertThat((100 - first) * 15).as("text kept").isLessThan(bound + 200);
    }
}

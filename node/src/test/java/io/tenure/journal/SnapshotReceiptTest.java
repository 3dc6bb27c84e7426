package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.handoff.Inbox;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Pieces of a leader's snapshot as they come in. */
class SnapshotReceiptTest {
    private static final EntryId LAST = new EntryId(880, 9);

    private final CrashDisk disk = new CrashDisk();
    private final Journal journal = JournalFixture.open(disk);
    private final List<ReceivedSnapshot> received = new ArrayList<>();
    private final List<Input> completions = new ArrayList<>();
    private final SnapshotWork work =
            new SnapshotWork(journal, 0, new Inbox<>(4, () -> {}), received::add, completions::add);

    /** Two leaders may have snapshots of the same entry that differ, as sessions are forgotten at other times. */
    @Test
    void theSameSnapshotOfAnotherLeaderIsVerifiedToo() throws IOException {
        byte[] first = snapshot(7);
        byte[] second = snapshot(1234);

        work.store(new SnapshotChunk(LAST, first.length, 0, first));
        work.store(new SnapshotChunk(LAST, second.length, 0, second));
        journal.install(LAST);

        assertThat(completions)
                .containsExactly(
                        new Input.ChunkStored(LAST, first.length, true),
                        new Input.ChunkStored(LAST, second.length, true));
        assertThat(received).extracting(each -> each.sessions().get(0).id()).containsExactly(7L, 1234L);
        assertThat(disk.content(FOLDER + "/snapshot.txt")).isEqualTo(second);
        journal.close();
    }

    private static byte[] snapshot(long session) throws IOException {
        CrashDisk other = new CrashDisk();
        JournalFixture.open(other).close();
        SnapshotFileTest.write(
                other,
                new SnapshotHeader(LAST, 2500, 0, 0),
                List.of(new SessionRecord(session, 0, 1, 1, List.of(1L))),
                new TreeMap<>());
        return other.content(FOLDER + "/snapshot.tmp");
    }
}

package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.handoff.Inbox;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.Output;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pieces of leaders' snapshots on their way to disk. */
final class SnapshotWorkTest {
    private static final EntryId FIRST = new EntryId(30, 5);
    private static final EntryId OTHER = new EntryId(40, 6);

    private final CrashDisk disk = new CrashDisk();
    private final List<Input> told = new ArrayList<>();
    private Journal journal;
    private SnapshotWork work;

    @BeforeEach
    void open() {
        journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        work = new SnapshotWork(journal, 0, new Inbox<>(1, () -> {}), received -> {}, told::add);
    }

    private static byte[] snapshotOf(EntryId last) throws IOException {
        CrashDisk leader = new CrashDisk();
        JournalFixture.open(leader).close();
        SnapshotFileTest.write(
                leader, new SnapshotHeader(last, 2500, 0, 0), List.of(), new TreeMap<>(Map.of("a", "1")));
        return leader.content(FOLDER + "/snapshot.tmp");
    }

    private void store(EntryId last, byte[] snapshot, int from, int to, long verifiedSeen) {
        byte[] bytes = Arrays.copyOfRange(snapshot, from, to);
        work.store(new Output.StoreChunk(new SnapshotChunk(last, snapshot.length, from, bytes), verifiedSeen));
    }

    /**
     * To verify a large snapshot takes seconds. Meanwhile there may be a new leader, which sends its own; the core, which has
     * not heard yet that the first is there, hands that on, and then has the first installed.
     */
    @Test
    void anotherLeadersPieceDoesNotDropWhatIsAboutToBeInstalled() throws IOException {
        byte[] first = snapshotOf(FIRST);
        byte[] other = snapshotOf(OTHER);
        store(FIRST, first, 0, first.length, 0);
        store(OTHER, other, 0, 50, 0);
        store(FIRST, first, 0, first.length, 0);
        assertThat(told).containsExactly(new Input.ChunkStored(FIRST, first.length, true));

        journal.install(FIRST);
        assertThat(journal.base()).isEqualTo(FIRST);
        store(OTHER, other, 0, 50, 1);
        assertThat(told).hasSize(2).endsWith(new Input.ChunkStored(OTHER, 50, false));
    }

    /** The core may have no use for a snapshot by the time that it is there. */
    @Test
    void oneThatIsNotInstalledMakesRoomForTheNext() throws IOException {
        byte[] first = snapshotOf(FIRST);
        byte[] other = snapshotOf(OTHER);
        store(FIRST, first, 0, first.length, 0);
        store(OTHER, other, 0, other.length, 1);
        assertThat(told)
                .containsExactly(
                        new Input.ChunkStored(FIRST, first.length, true),
                        new Input.ChunkStored(OTHER, other.length, true));
        journal.install(OTHER);
        assertThat(journal.base()).isEqualTo(OTHER);
    }
}

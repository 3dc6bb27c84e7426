package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.Bell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotTask;
import io.tenure.handoff.SnapshotValues;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.journal.FileDisk;
import io.tenure.raft.EntryId;
import io.tenure.store.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on a disk that becomes full: given up without a trace, and written when they are next asked for. */
final class SnapshotStageTest {
    private static final long LEFT_BYTES_MIN = 5_000;
    private static final EntryId LAST = new EntryId(7, 2);
    private static final int VALUES = 2_000;

    @TempDir
    private Path folder;

    private final RefusingDisk disk = new RefusingDisk(new FileDisk());
    private final Inbox<SnapshotTask> tasks = new Inbox<>(4, () -> {});
    private final List<WrittenSnapshot> written = new ArrayList<>();
    private int opened;
    private int closed;

    private SnapshotStage stage() {
        return new SnapshotStage(
                disk,
                folder.toString(),
                System::nanoTime,
                1L << 40,
                LEFT_BYTES_MIN,
                tasks,
                new StateMachine(),
                new Bell(),
                written::add);
    }

    private void ask() {
        opened++;
        tasks.offer(new SnapshotTask.Write(new SnapshotHeader(LAST, 0, 0, 0), List.of(), new SnapshotValues() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < VALUES;
            }

            @Override
            public byte[] keyValue() {
                return KeyValue.of("key" + (10_000 + at), "v".repeat(1_000));
            }

            @Override
            public void close() {
                closed++;
            }
        }));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static void run(SnapshotStage stage, List<WrittenSnapshot> written) {
        int before = written.size();
        for (int turn = 0; written.size() == before; turn++) {
            assertThat(turn).isLessThan(100_000);
            stage.doWork();
        }
    }

    /** Nothing is written, but whoever ordered it learns that it won't be. */
    @Test
    void whatTheApplierDeclinesIsToldAsGivenUp() throws IOException {
        SnapshotStage stage = stage();
        tasks.offer(new SnapshotTask.Decline(LAST));
        run(stage, written);
        assertThat(written).containsExactly(new WrittenSnapshot(LAST, 0));
        assertThat(names()).isEmpty();
    }

    @Test
    void isGivenUpForLackOfRoomAndWrittenTheNextTime() throws IOException {
        SnapshotStage stage = stage();
        for (long bytesLeft : new long[] {0, LEFT_BYTES_MIN - 1, LEFT_BYTES_MIN, 700_000, 1_500_000}) {
            disk.refuseAfterBytes(bytesLeft);
            ask();
            run(stage, written);
            assertThat(written).last().as("%d bytes left", bytesLeft).isEqualTo(new WrittenSnapshot(LAST, 0));
            assertThat(names()).as("%d bytes left", bytesLeft).isEmpty();
        }
        disk.refuseAfterBytes(Long.MAX_VALUE);
        ask();
        run(stage, written);
        assertThat(written.get(written.size() - 1).bytes()).isGreaterThan(2_000_000);
        assertThat(names()).containsExactly("snapshot.tmp");
        assertThat(closed).isEqualTo(opened);
    }
}

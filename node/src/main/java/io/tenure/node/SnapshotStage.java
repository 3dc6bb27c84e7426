package io.tenure.node;

import io.tenure.handoff.Bell;
import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotTask;
import io.tenure.handoff.SnapshotVisitor;
import io.tenure.handoff.Stage;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.journal.Disk;
import io.tenure.journal.DiskFullException;
import io.tenure.journal.JournalFailure;
import io.tenure.journal.SnapshotWriter;
import io.tenure.journal.Snapshots;
import io.tenure.store.StateMachine;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Writes snapshots off every other thread, a piece a turn and no faster than a limit, so that the log's forces don't wait
 * behind it; and loads an installed one, while the applier waits.
 */
final class SnapshotStage implements Stage {
    private static final int VALUES_A_TURN = 512;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Disk disk;
    private final String folder;
    private final Clock clock;
    private final long bytesPerSecondMax;
    private final long leftBytesMin;
    private final Inbox<SnapshotTask> tasks;
    private final StateMachine store;
    private final Bell applierBell;
    private final Consumer<WrittenSnapshot> written;

    private SnapshotTask.Write writing;
    private SnapshotWriter writer;
    private SnapshotTask.Load loading;
    private long startNanos;
    private long pacedNanos;

    /**
     * Makes the stage.
     *
     * @param leftBytesMin with less room on the disk, a snapshot is given up; it may be less than the log leaves, as snapshots
     *     let the log shrink
     */
    SnapshotStage(
            Disk disk,
            String folder,
            Clock clock,
            long bytesPerSecondMax,
            long leftBytesMin,
            Inbox<SnapshotTask> tasks,
            StateMachine store,
            Bell applierBell,
            Consumer<WrittenSnapshot> written) {
        this.disk = disk;
        this.folder = folder;
        this.clock = clock;
        this.bytesPerSecondMax = bytesPerSecondMax;
        this.leftBytesMin = leftBytesMin;
        this.tasks = tasks;
        this.store = store;
        this.applierBell = applierBell;
        this.written = written;
    }

    @Override
    public String roleName() {
        return "snapshot";
    }

    @Override
    public long wakeAtNanos() {
        return writing == null ? NEVER : pacedNanos;
    }

    @Override
    public int doWork() {
        if (loading == null && (writing == null || !tasks.isEmpty())) {
            tasks.drain(this::take, 1);
        }
        try {
            if (loading != null) {
                load();
                return 1;
            }
            return writing == null || clock.nanoTime() - pacedNanos < 0 ? 0 : writeSome();
        } catch (DiskFullException e) {
            return giveUpForLackOfRoom();
        } catch (IOException e) {
            throw Snapshots.failure(folder, e);
        }
    }

    /** The next one is due in the usual time. */
    private int giveUpForLackOfRoom() {
        try {
            giveUp();
            return 1;
        } catch (IOException e) {
            throw Snapshots.failure(folder, e);
        }
    }

    /** What was not finished is dropped at the next start. */
    @Override
    public void onClose() {
        try {
            giveUp();
        } catch (IOException e) {
            throw Snapshots.failure(folder, e);
        }
    }

    private void take(SnapshotTask task) {
        if (task instanceof SnapshotTask.Decline declined) {
            written.accept(new WrittenSnapshot(declined.last(), 0));
            return;
        }
        try {
            giveUp();
            if (task instanceof SnapshotTask.Load load) {
                loading = load;
            } else if (task instanceof SnapshotTask.Write write) {
                writing = write;
                checkRoom();
                writer = new SnapshotWriter(disk, folder, write.header());
                for (SessionRecord session : write.sessions()) {
                    writer.session(session);
                }
                startNanos = clock.nanoTime();
                pacedNanos = startNanos;
            }
        } catch (DiskFullException e) {
            giveUpForLackOfRoom();
        } catch (IOException e) {
            throw Snapshots.failure(folder, e);
        }
    }

    private void checkRoom() throws IOException {
        if (disk.usableBytes(folder) < leftBytesMin) {
            throw new DiskFullException("the disk is full but for its reserve");
        }
    }

    private int writeSome() throws IOException {
        checkRoom();
        for (int count = 0; count < VALUES_A_TURN; count++) {
            if (!writing.values().next()) {
                finish();
                return 1;
            }
            writer.value(writing.values().keyValue());
        }
        pacedNanos = startNanos + (long) (writer.bytes() * (double) NANOS_PER_SECOND / bytesPerSecondMax);
        return clock.nanoTime() - pacedNanos < 0 ? 0 : 1;
    }

    private void finish() throws IOException {
        writer.finish();
        writing.values().close();
        written.accept(new WrittenSnapshot(writing.header().last(), writer.bytes()));
        writing = null;
        writer = null;
    }

    /** A snapshot came from the leader meanwhile, the disk is full, or the node stops. */
    private void giveUp() throws IOException {
        if (writing == null) {
            return;
        }
        writing.values().close();
        if (writer != null) {
            writer.abandon();
        }
        written.accept(new WrittenSnapshot(writing.header().last(), 0));
        writing = null;
        writer = null;
    }

    private void load() throws IOException {
        SnapshotHeader header = Snapshots.readInstalled(disk, folder, new Loading());
        if (header.last().index() < loading.last().index()) {
            throw new JournalFailure(
                    folder + ": the snapshot ends at " + header.last() + ", one at " + loading.last()
                            + " was installed",
                    null);
        }
        loading = null;
        store.finishLoad(header.last().index());
        applierBell.ring();
    }

    /** Fills the state machine. */
    private final class Loading implements SnapshotVisitor {
        @Override
        public void begin(SnapshotHeader header) {
            // The applier has cleared the state already.
        }

        @Override
        public void session(SessionRecord session) {
            // The raft agent has them.
        }

        @Override
        public void value(byte[] keyValue) {
            store.load(keyValue);
        }
    }
}

package io.tenure.journal;

import io.tenure.handoff.Clock;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Stage;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees whether the log stage's disk is full: has less left than the reserve, from which term, vote, leases and what was taken
 * before live until there is room again. Looks after every group, and at times though nothing is written, as others fill and
 * empty the disk, too: every {@value #LOOK_MILLIS} ms while it has room, every {@value #FULL_LOOK_MILLIS} ms while it is full.
 * Confined to the log stage's thread.
 */
public final class DiskWatch {
    /** Longest time between two looks at a disk that has room: seldom, as each wakes an idle node. */
    public static final long LOOK_MILLIS = 1_000;

    /** Longest time between two looks at a full disk: often, as writes wait for room. */
    public static final long FULL_LOOK_MILLIS = 100;

    private final Disk disk;
    private final String folder;
    private final Clock clock;
    private final long reserveBytes;
    private final Consumer<DiskSpace> listener;
    private boolean looked;
    private boolean full;
    private long lookAtNanos = Stage.NEVER;

    /**
     * Makes it for the disk that {@code folder} is on, which exists by the first look.
     *
     * @param listener told when the disk becomes full, at each look while it is, and when it is no longer
     */
    public DiskWatch(Disk disk, String folder, Clock clock, long reserveBytes, Consumer<DiskSpace> listener) {
        this.disk = disk;
        this.folder = folder;
        this.clock = clock;
        this.reserveBytes = reserveBytes;
        this.listener = listener;
    }

    /**
     * Looks, if there is cause to.
     *
     * @param wrote whether something has been written since the last time
     * @param refused whether the disk has no room for what is to be written, whatever it says
     */
    void look(boolean wrote, boolean refused) {
        long now = clock.nanoTime();
        boolean due = !looked || wrote || (refused && !full) || now - lookAtNanos >= 0;
        if (!due) {
            return;
        }
        looked = true;
        DiskSpace space = new DiskSpace(folder, now, refused ? 0 : usableBytes(), reserveBytes);
        if (full || space.isFull()) {
            listener.accept(space);
        }
        full = space.isFull();
        lookAtNanos = now + TimeUnit.MILLISECONDS.toNanos(full ? FULL_LOOK_MILLIS : LOOK_MILLIS);
    }

    /** When the next look is due though nothing happens. */
    long wakeAtNanos() {
        return lookAtNanos;
    }

    private long usableBytes() {
        try {
            return disk.usableBytes(folder);
        } catch (IOException e) {
            throw new JournalFailure(
                    "Can't see how much room the disk has: " + JournalException.describe(e) + ". This node stops", e);
        }
    }
}

package io.tenure.peers.aeron;

import io.aeron.CommonContext;
import io.aeron.archive.ArchiveMarkFile;
import io.aeron.cluster.service.ClusterMarkFile;
import java.io.File;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.SystemEpochClock;

/** By its mark files a node that was killed is taken for running for a while, and another start is refused. */
final class MarkFiles {
    /** So long after its last sign of life a process is taken for running; Aeron's own default. */
    static final int ACTIVE_SECONDS = 10;

    private static final long ACTIVE_MILLIS = TimeUnit.SECONDS.toMillis(ACTIVE_SECONDS);
    private static final long LOOK_MILLIS = 50;

    private MarkFiles() {}

    /**
     * Waits until the driver, the archive, the consensus module and the service that ran in these folders count as ended.
     *
     * @throws IllegalStateException if one of them still gives signs of life after twice that time: it runs
     */
    static void awaitInactive(String driver, File archive, File cluster) throws InterruptedException {
        CommonContext context = new CommonContext().aeronDirectoryName(driver);
        await("media driver", () -> !context.isDriverActive(ACTIVE_MILLIS, line -> {}));
        await(archive, ArchiveMarkFile.FILENAME, () -> {
            try (ArchiveMarkFile mark = new ArchiveMarkFile(
                    archive, ArchiveMarkFile.FILENAME, SystemEpochClock.INSTANCE, ACTIVE_MILLIS, line -> {})) {
                return isOld(mark.activityTimestampVolatile());
            }
        });
        for (String name : new String[] {ClusterMarkFile.FILENAME, ClusterMarkFile.markFilenameForService(0)}) {
            await(cluster, name, () -> {
                try (ClusterMarkFile mark =
                        new ClusterMarkFile(cluster, name, SystemEpochClock.INSTANCE, ACTIVE_MILLIS, line -> {})) {
                    return isOld(mark.activityTimestampVolatile());
                }
            });
        }
    }

    private static boolean isOld(long activityMillis) {
        return SystemEpochClock.INSTANCE.time() - activityMillis > ACTIVE_MILLIS;
    }

    private static void await(File folder, String name, BooleanSupplier isInactive) throws InterruptedException {
        if (new File(folder, name).exists()) {
            await(name, isInactive);
        }
    }

    private static void await(String what, BooleanSupplier isInactive) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * ACTIVE_SECONDS);
        while (!isInactive.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(what + ": a process that uses it still runs");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}

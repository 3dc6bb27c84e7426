package io.tenure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.process.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void operationsAreToldApart() throws Exception {
        try (SnapshotWatch watch = new SnapshotWatch(List.of(folder))) {
            long before = System.nanoTime();
            watch.ended(before - 1000, before);
            assertThat(watch.otherwise().getTotalCount()).isEqualTo(1);
            Path file = Files.createFile(folder.resolve("snapshot.tmp"));
            Await.await(
                    PATIENCE,
                    () -> {
                        watch.ended(before, System.nanoTime());
                        return watch.during().getTotalCount() > 0 ? Boolean.TRUE : null;
                    },
                    () -> "the snapshot to be seen");
            assertThat(watch.snapshots()).isZero();
            Files.delete(file);
            Await.await(
                    PATIENCE,
                    () -> watch.snapshots() == 1 ? Boolean.TRUE : null,
                    () -> "the snapshot's end to be seen");
            long after = System.nanoTime() + 1_000_000_000;
            long count = watch.otherwise().getTotalCount();
            watch.ended(after, after + 1);
            assertThat(watch.otherwise().getTotalCount()).isEqualTo(count + 1);
        }
    }
}

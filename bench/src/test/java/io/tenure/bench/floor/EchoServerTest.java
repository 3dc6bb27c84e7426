package io.tenure.bench.floor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.TenureTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EchoServerTest {
    @TempDir
    Path folder;

    @Test
    void answersTheSdk() throws Exception {
        try (EchoServer server = EchoServer.open(0);
                TenureTarget target = TenureTarget.connect("127.0.0.1:" + server.port())) {
            assertThat(target.get("any").get(10, TimeUnit.SECONDS)).isNull();
            target.set("key", "value").get(10, TimeUnit.SECONDS);
            assertThat(target.get("any").get(10, TimeUnit.SECONDS)).isEqualTo("value");
            List<CompletableFuture<?>> many = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                many.add(target.set("key" + i, "value"));
            }
            CompletableFuture.allOf(many.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void forcesAreCountedAndLeaveNothing() throws Exception {
        Forces forces = Forces.measure(folder, 3, 0.2);
        assertThat(forces.perSecond()).isPositive();
        assertThat(forces.p50Micros()).isPositive().isLessThanOrEqualTo(forces.p99Micros());
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}

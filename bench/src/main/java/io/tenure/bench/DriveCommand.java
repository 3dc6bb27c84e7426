package io.tenure.bench;

import io.tenure.bench.compare.Contender;
import io.tenure.bench.compare.Driver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench.jar drive}: a client that {@code bench.jar compare} gives orders to. */
@Command(
        name = "drive",
        mixinStandardHelpOptions = true,
        hidden = true,
        description = "Loads a cluster as standard input says; started by compare.")
final class DriveCommand implements Callable<Integer> {
    @Option(names = "--cluster", paramLabel = "H:P,...", required = true, description = "client addresses")
    private String cluster;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Contender contender = new TenureContender(TenureTarget.connect(cluster));
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            new Driver(contender, orders, System.out).serve();
        }
        return 0;
    }

    /** Who leads is asked by other means. */
    private record TenureContender(TenureTarget target) implements Contender {
        @Override
        public int leader() {
            return -1;
        }

        @Override
        public CompletableFuture<?> set(String key, String value) {
            return target.set(key, value);
        }

        @Override
        public CompletableFuture<String> get(String key) {
            return target.get(key);
        }

        @Override
        public Failure failure(Throwable error) {
            return target.failure(error);
        }

        @Override
        public void close() {
            target.close();
        }
    }
}

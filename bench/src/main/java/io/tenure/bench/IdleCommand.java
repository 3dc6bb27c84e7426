package io.tenure.bench;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.Footprint;
import io.tenure.bench.process.ProcessCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar idle}. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Starts a cluster of processes of its own and measures what it takes when nobody asks it anything.")
final class IdleCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** From then on nothing is measured but what goes on for good, and the compiler at its work. */
    private static final int WARMING_SECONDS = 10;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--settle",
            paramLabel = "S",
            description = "seconds before measuring, that the JVMs may be warm (${DEFAULT-VALUE})")
    private int settleSeconds = 60;

    @Option(names = "--seconds", paramLabel = "S", description = "seconds of measuring (${DEFAULT-VALUE})")
    private int seconds = 30;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterPlan plan = cluster.plan("idle");
        try (ProcessCluster processes = new ProcessCluster(plan)) {
            long start = System.nanoTime();
            processes.startAll();
            for (int id : processes.ids()) {
                Await.await(PATIENCE, () -> accepts(processes.clientPort(id)), processes::describe);
            }
            long bound = System.nanoTime();
            processes.awaitLeader(PATIENCE);
            System.out.printf(
                    Locale.ROOT,
                    "all ports bound after %d ms, first leader %d ms later%n",
                    (bound - start) / 1_000_000,
                    (System.nanoTime() - bound) / 1_000_000);
            Await.pause(Duration.ofSeconds(WARMING_SECONDS));
            if (settleSeconds > WARMING_SECONDS) {
                measure("while the JVMs warm up", processes, settleSeconds - WARMING_SECONDS);
            }
            measure("idle", processes, seconds);
        }
        cluster.tidyUp(plan.folder());
        return 0;
    }

    private static void measure(String what, ProcessCluster processes, int seconds)
            throws IOException, InterruptedException {
        long[] before = processes.ids().stream()
                .mapToLong(id -> processes.cpuTime(id).toMillis())
                .toArray();
        long start = System.nanoTime();
        Await.pause(Duration.ofSeconds(seconds));
        double millis = (System.nanoTime() - start) / 1e6;
        double total = 0;
        for (int id : processes.ids()) {
            double percent = 100 * (processes.cpuTime(id).toMillis() - before[id]) / millis;
            total += percent;
            System.out.printf(
                    Locale.ROOT,
                    "node %d: %.2f%% of a core, %d MiB resident%n",
                    id,
                    percent,
                    Footprint.residentBytes(processes.pid(id)) >> 20);
        }
        System.out.printf(Locale.ROOT, "%s: together %.2f%% of a core, measured over %d s%n", what, total, seconds);
    }

    private static Boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected() ? Boolean.TRUE : null;
        } catch (IOException e) {
            return null; // not yet
        }
    }
}

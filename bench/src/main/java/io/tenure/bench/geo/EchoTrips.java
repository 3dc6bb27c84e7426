package io.tenure.bench.geo;

import io.tenure.bench.process.Await;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures an emulated network: a byte goes from each region to an echo in each region and back, again and again. */
final class EchoTrips {
    /** The first makes the connection. */
    private static final int LEFT_OUT = 3;
    /** Between neighbours and before all else, for the JVM to compile what a relay does. */
    private static final int WARMUP_SAMPLES = 1_000;

    private static final Duration BETWEEN = Duration.ofMillis(5);
    private static final int TIMEOUT_MILLIS = 20_000;

    private EchoTrips() {}

    /**
     * Measures all ways at the same time, as clients reach nodes.
     *
     * @param samples of which the median counts
     */
    static RoundTrips measure(Wan wan, int samples) throws IOException, InterruptedException {
        List<String> regions = wan.matrix().regions();
        ExecutorService threads = Executors.newCachedThreadPool(EchoTrips::daemon);
        try (ServerSocket echo =
                new ServerSocket(0, regions.size() * regions.size(), InetAddress.getLoopbackAddress())) {
            threads.execute(() -> serve(echo, threads));
            Map<Matrix.Way, Future<Double>> medians = new HashMap<>();
            List<Integer> ports = new ArrayList<>();
            int neighbour = wan.openForClients(regions.get(0), regions.get(0), echo.getLocalPort());
            ports.add(neighbour);
            median(neighbour, WARMUP_SAMPLES, Duration.ZERO);
            for (String from : regions) {
                for (String to : regions) {
                    int port = wan.openForClients(from, to, echo.getLocalPort());
                    ports.add(port);
                    Callable<Double> measuring = () -> median(port, samples, BETWEEN);
                    medians.put(new Matrix.Way(from, to), threads.submit(measuring));
                }
            }
            Map<Matrix.Way, Double> millis = new HashMap<>();
            for (Map.Entry<Matrix.Way, Future<Double>> median : medians.entrySet()) {
                millis.put(median.getKey(), median.getValue().get());
            }
            ports.forEach(wan::shut);
            return RoundTrips.of(regions, (from, to) -> millis.get(new Matrix.Way(from, to)));
        } catch (ExecutionException e) {
            throw new IOException(
                    "the network can't be measured: " + e.getCause().getMessage(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "echo");
        thread.setDaemon(true);
        return thread;
    }

    private static double median(int port, int samples, Duration between) throws IOException, InterruptedException {
        List<Long> nanos = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            for (int i = 0; i < LEFT_OUT + samples; i++) {
                long sent = System.nanoTime();
                socket.getOutputStream().write(i);
                if (socket.getInputStream().read() < 0) {
                    throw new IOException("a connection was closed");
                }
                nanos.add(System.nanoTime() - sent);
                Await.pause(between);
            }
        }
        long[] sorted = nanos.stream().skip(LEFT_OUT).mapToLong(each -> each).toArray();
        Arrays.sort(sorted);
        return Math.round(sorted[sorted.length / 2] / 1e3) / 1e3;
    }

    private static void serve(ServerSocket echo, ExecutorService threads) {
        while (!echo.isClosed()) {
            try {
                Socket caller = echo.accept();
                threads.execute(() -> answer(caller));
            } catch (IOException e) {
                if (!echo.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void answer(Socket caller) {
        try (caller) {
            caller.setTcpNoDelay(true);
            InputStream in = caller.getInputStream();
            OutputStream out = caller.getOutputStream();
            for (int read = in.read(); read >= 0; read = in.read()) {
                out.write(read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

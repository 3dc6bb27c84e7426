package io.tenure.bench.jmh;

import io.tenure.client.TenureClient;
import io.tenure.client.WriteResult;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A commit as a client sees it: three whole nodes and the SDK in this JVM, over the loopback address, each node's log forced to the
 * same real disk.
 */
@State(Scope.Benchmark)
public class CommitBenchmark extends Forked {
    private static final int NODES = 3;
    private static final int OUTSTANDING = 64;

    /** Where the nodes keep their files. */
    @Param(ScratchFolder.DEFAULT)
    public String folder;

    /** As in the settings of a node. */
    @Param("shared")
    public String threading;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final List<String> keys = Writes.keys();
    private final Semaphore places = new Semaphore(OUTSTANDING);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private String value;
    private ScratchFolder scratch;
    private NodesInProcess nodes;
    private TenureClient client;

    /** Starts the nodes; done when one leads and has committed. */
    @Setup
    public void setUp() throws IOException {
        value = Writes.value(valueBytes);
        scratch = new ScratchFolder(folder);
        nodes = new NodesInProcess(NODES, scratch.path(), threading);
        nodes.start();
        client = TenureClient.connect(nodes.clientAddresses());
        client.set(keys.get(0), value);
    }

    /** Lets what is under way end, before the time of another iteration begins. */
    @TearDown(Level.Iteration)
    public void finish() throws InterruptedException {
        places.acquire(OUTSTANDING);
        places.release(OUTSTANDING);
        check();
    }

    /** Stops the nodes, and removes their files. */
    @TearDown
    public void tearDown() throws IOException {
        client.close();
        nodes.close();
        scratch.close();
    }

    /** One SET at a time. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public WriteResult oneAtATime() {
        return client.set(key(), value);
    }

    /** SETs with 64 under way at any time. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public CompletableFuture<WriteResult> sixtyFourOutstanding() throws InterruptedException {
        places.acquire();
        check();
        return client.setAsync(key(), value).whenComplete((done, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            }
            places.release();
        });
    }

    private void check() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("a write failed: " + cause.getMessage(), cause);
        }
    }

    private String key() {
        return keys.get(ThreadLocalRandom.current().nextInt(Writes.KEYS));
    }
}

package io.tenure.bench.jmh;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A stage of a commit: requests, as they lie in the client ring's memory outside the heap, become the entries of one turn. The
 * score is for the whole batch. The session table and the core are not in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark extends Forked {
    /** Requests of a turn. */
    @Param({"1", "64"})
    public int batch;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final LineEncoder encoder = new LineEncoder();
    private UnsafeBuffer request;
    private int keyBytes;

    /** Puts a request into memory like the ring's. */
    @Setup
    public void setUp() {
        byte[] key = Writes.key(1).getBytes(StandardCharsets.UTF_8);
        byte[] value = Writes.value(valueBytes).getBytes(StandardCharsets.UTF_8);
        keyBytes = key.length;
        request = new UnsafeBuffer(ByteBuffer.allocateDirect(key.length + value.length));
        request.putBytes(0, key);
        request.putBytes(key.length, value);
    }

    /** One batch. */
    @Benchmark
    public List<Entry> requestsToEntries() {
        encoder.begin();
        for (int i = 0; i < batch; i++) {
            encoder.appendSet(request, 0, keyBytes, keyBytes, valueBytes, Writes.SESSION, i + 1, Writes.TERM);
        }
        return encoder.finish();
    }
}

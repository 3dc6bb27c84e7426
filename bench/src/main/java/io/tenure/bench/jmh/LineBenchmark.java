package io.tenure.bench.jmh;

import io.tenure.entry.LineEncoder;
import io.tenure.entry.LineParser;
import io.tenure.raft.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a write costs the leader (encode) and a recovering node (parse), per entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LineBenchmark {
    private static final int BATCH = 64;
    private static final long TERM = 7;
    private static final long SESSION = 1;
    private static final String KEY = "user:000001";

    /** Bytes of a value. */
    @Param({"10", "100", "1000"})
    public int valueBytes;

    /** Whether the value holds characters that need an escape. */
    @Param({"false", "true"})
    public boolean escaped;

    private final LineEncoder encoder = new LineEncoder();
    private final LineParser parser = new LineParser();
    private DirectBuffer request;
    private int keyLength;
    private List<Entry> entries;

    /** Makes one request, and the batch that it becomes. */
    @Setup
    public void setUp() {
        String value = escaped ? "two words ".repeat(valueBytes / 10) : "x".repeat(valueBytes);
        byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
        keyLength = key.length;
        request = new UnsafeBuffer((KEY + value).getBytes(StandardCharsets.UTF_8));
        entries = encode();
    }

    /** A batch of equal writes into lines. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Entry> encode() {
        encoder.begin();
        for (int i = 0; i < BATCH; i++) {
            encoder.appendSet(request, 0, keyLength, keyLength, request.capacity() - keyLength, SESSION, i + 1, TERM);
        }
        return encoder.finish();
    }

    /** The lines of a batch into operations. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long parse() {
        long hashes = 0;
        for (Entry entry : entries) {
            parser.parse(entry.bytes(), entry.offset(), entry.length());
            hashes += parser.keyHash() + parser.value().length();
        }
        return hashes;
    }
}

package io.tenure.bench.jmh;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineEncoder;
import io.tenure.entry.LineParser;
import io.tenure.raft.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What readable logs cost, per entry. {@code encode} and {@code parse} are the line of {@code logs.txt} alone. {@code encodeSealed}
 * and {@code parseSealed} go with its record of {@code logs.idx}, which holds the checksum: all that is written of an entry and
 * verified at a recovery. {@code encodeBinary} and {@code parseBinary} are the baseline for those: the same fields with the same checksum
 * in a binary record, nothing to escape.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LineBenchmark extends Forked {
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
    private final IndexRecord record = new IndexRecord();
    private final ByteBuffer records = ByteBuffer.allocate(BATCH * IndexRecord.LENGTH);
    private final BinaryRecord binary = new BinaryRecord();
    private ByteBuffer binaryRecords;

    /** Makes one request, and the batch that it becomes. */
    @Setup
    public void setUp() {
        String value = escaped ? "two words ".repeat(valueBytes / 10) : "x".repeat(valueBytes);
        byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
        keyLength = key.length;
        request = new UnsafeBuffer((KEY + value).getBytes(StandardCharsets.UTF_8));
        entries = encode();
        encodeSealed();
        binaryRecords = ByteBuffer.allocate(BATCH * BinaryRecord.length(keyLength, request.capacity() - keyLength));
        encodeBinary();
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

    /** As {@link #encode}, with the index records. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public List<Entry> encodeSealed() {
        List<Entry> encoded = encode();
        records.clear();
        long offset = 0;
        int checksum = 0;
        for (Entry entry : encoded) {
            record.set(offset, entry.length(), entry.session(), entry.number(), entry.keyHash(), 0);
            checksum = record.seal(checksum, entry.bytes(), entry.offset());
            record.writeTo(records);
            offset += entry.length();
        }
        return encoded;
    }

    /** As {@link #parse}, with the index records. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long parseSealed() {
        long hashes = 0;
        int checksum = 0;
        int position = 0;
        for (Entry entry : entries) {
            record.readFrom(records, position);
            if (!record.isSealed(checksum, entry.bytes(), entry.offset())) {
                throw new IllegalStateException("not what was written");
            }
            parser.parse(entry.bytes(), entry.offset(), entry.length());
            hashes += record.keyHash() + parser.key().length() + parser.value().length();
            checksum = record.checksum();
            position += IndexRecord.LENGTH;
        }
        return hashes;
    }

    /** A batch of equal writes into binary records. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public ByteBuffer encodeBinary() {
        binaryRecords.clear();
        int checksum = 0;
        for (int i = 0; i < BATCH; i++) {
            checksum = binary.append(binaryRecords, checksum, request, keyLength, SESSION, i + 1, TERM);
        }
        return binaryRecords;
    }

    /** Binary records into operations. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long parseBinary() {
        binaryRecords.rewind();
        long hashes = 0;
        int checksum = 0;
        for (int i = 0; i < BATCH; i++) {
            checksum = binary.read(binaryRecords, checksum);
            hashes += binary.keyHash() + binary.key().length() + binary.value().length();
        }
        return hashes;
    }
}

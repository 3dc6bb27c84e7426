package io.tenure.bench.jmh;

import io.tenure.raft.Entry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * Group commit (DESIGN.md, D5): the journal appends a group of entries and forces once. The score is in groups; {@code entries} and
 * {@code forces} tell the same in those. Each iteration has a log of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class GroupCommitBenchmark extends Forked {
    /** Where the log is. */
    @Param(ScratchFolder.DEFAULT)
    public String folder;

    /** Entries of a group. */
    @Param({"1", "8", "64", "512"})
    public int batch;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private ScratchFolder scratch;
    private LogOnDisk log;
    private List<Entry> entries;

    /** The same throughput in other units. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Counts {
        /** Entries appended. */
        public long entries;

        /** Files forced. */
        public long forces;
    }

    /** Begins a log. */
    @Setup(Level.Iteration)
    public void setUp() throws IOException {
        scratch = new ScratchFolder(folder);
        log = new LogOnDisk(scratch.path().resolve("node"), NodesInProcess.identity(0));
        entries = Writes.batch(batch, valueBytes, 1);
    }

    /** Removes the log. */
    @TearDown(Level.Iteration)
    public void tearDown() throws IOException {
        log.close();
        scratch.close();
    }

    /** One group, durable. */
    @Benchmark
    public void group(Counts counts) {
        long before = log.forces();
        log.append(entries);
        counts.entries += batch;
        counts.forces += log.forces() - before;
    }
}

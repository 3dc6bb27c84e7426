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
 * A stage of a commit: the journal appends one entry to {@code logs.txt} and {@code logs.idx}, and forces {@code logs.txt}. The
 * thread of the log stage and its inbox are not in it. Each iteration has a log of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AppendForceBenchmark extends Forked {
    /** Where the log is. */
    @Param(ScratchFolder.DEFAULT)
    public String folder;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private ScratchFolder scratch;
    private LogOnDisk log;
    private List<Entry> entry;

    /** How often the disk was asked to force, beside the appends that asked for it. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        /** Entries appended. */
        public long appends;

        /** Files forced. */
        public long forces;
    }

    /** Begins a log. */
    @Setup(Level.Iteration)
    public void setUp() throws IOException {
        scratch = new ScratchFolder(folder);
        log = new LogOnDisk(scratch.path().resolve("node"), NodesInProcess.identity(0));
        entry = Writes.batch(1, valueBytes, 1);
    }

    /** Removes the log. */
    @TearDown(Level.Iteration)
    public void tearDown() throws IOException {
        log.close();
        scratch.close();
    }

    /** One entry, durable. */
    @Benchmark
    public void oneEntry(Counts counts) {
        long before = log.forces();
        log.append(entry);
        counts.appends++;
        counts.forces += log.forces() - before;
    }
}

package io.tenure.bench.jmh;

import io.tenure.journal.FileDisk;
import io.tenure.journal.Journal;
import io.tenure.journal.JournalLimits;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Recovery of a log of {@code mebibytes} (MiB of {@code logs.txt}) without a snapshot, as after a stop, with the files in the
 * system's page cache: MiB a second are {@code mebibytes} by the score.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class RecoveryBenchmark extends Forked {
    private static final int BATCH = 4_096;

    /** Where the log is. */
    @Param(ScratchFolder.DEFAULT)
    public String folder;

    /** Size of the log. */
    @Param("64")
    public int mebibytes;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private ScratchFolder scratch;
    private Path nodeFolder;
    private NodesInProcess node;
    private Journal journal;

    /** Writes the log. */
    @Setup
    public void setUp() throws IOException {
        scratch = new ScratchFolder(folder);
        nodeFolder = NodesInProcess.nodeFolder(scratch.path(), 0);
        node = new NodesInProcess(1, scratch.path(), "shared");
        try (LogOnDisk log = new LogOnDisk(nodeFolder, NodesInProcess.identity(0))) {
            long bytesLeft = (long) mebibytes << 20;
            for (int first = 1; bytesLeft > 0; first += BATCH) {
                List<Entry> entries = Writes.batch(BATCH, valueBytes, first);
                log.append(entries);
                bytesLeft -= entries.stream().mapToLong(Entry::length).sum();
            }
            log.noteAllCommitted();
        }
    }

    /** Ends what was started. */
    @TearDown(Level.Invocation)
    public void stop() {
        node.close();
        if (journal != null) {
            journal.close();
            journal = null;
        }
    }

    /** Removes the log. */
    @TearDown
    public void tearDown() throws IOException {
        scratch.close();
    }

    /** The journal alone: reads and verifies every entry, and gives it to somebody who does nothing with it. */
    @Benchmark
    public long journal() {
        journal = Journal.open(
                new FileDisk(),
                nodeFolder.toString(),
                NodesInProcess.identity(0),
                JournalLimits.DEFAULT,
                new SplittableRandom(1),
                (index, entry, committed, tagLost) -> {});
        return journal.lastIndex();
    }

    /** The start of a node, until it listens: the same, with session table and map rebuilt. */
    @Benchmark
    public void nodeStart() {
        node.start();
    }
}

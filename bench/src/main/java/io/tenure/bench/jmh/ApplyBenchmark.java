package io.tenure.bench.jmh;

import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.Reply;
import io.tenure.raft.Entry;
import io.tenure.raft.Output;
import io.tenure.store.Applier;
import io.tenure.store.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A stage of a commit: the applier takes a batch of committed entries out of its inbox, parses their lines, sets the keys in a map
 * that holds all of them already, and answers each ticket. The score is for the whole batch. {@code dump.txt} is not in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ApplyBenchmark extends Forked {
    /** Keys come in another order than the one in which they were first set, or what lies side by side would be met so. */
    private static final long STRIDE = 7_368_787;

    /** Entries that the core commits in a turn. */
    @Param({"1", "64"})
    public int batch;

    /** Keys that there are; the more, the fewer of them lie in the caches. */
    @Param({"10000", "100000", "1000000"})
    public int keys;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final StateMachine store = new StateMachine();
    private final Inbox<ApplyBatch> batches = new Inbox<>(2, () -> {});
    private final List<List<Entry>> turns = new ArrayList<>();
    private final List<Output.Ready> tickets = new ArrayList<>();
    private Inbox<Reply> replies;
    private Applier applier;
    private int turn;
    private long nextIndex = 1;

    /** Makes the batches of all keys. */
    @Setup
    public void setUp() {
        for (int first = 0; first < keys; first += batch) {
            turns.add(Writes.batch(batch, valueBytes, first, keys, STRIDE));
        }
        for (int i = 0; i < batch; i++) {
            tickets.add(new Output.Ready(i, i));
        }
        replies = new Inbox<>(2 * batch, () -> {});
        applier = new Applier(store, batches, replies, new Inbox<>(1, () -> {}), (index, entry, leader) -> {});
        for (int first = 0; first < keys; first += batch) {
            apply(Writes.batch(batch, 0, first, keys, 1));
        }
    }

    /** One batch; returns how many answers there were. */
    @Benchmark
    public int batchToAnswers() {
        List<Entry> entries = turns.get(turn);
        turn = (turn + 1) % turns.size();
        return apply(entries);
    }

    private int apply(List<Entry> entries) {
        batches.offer(new ApplyBatch(Writes.TERM, 0, true, nextIndex, null, entries, null, tickets, List.of()));
        nextIndex += batch;
        applier.doWork();
        int answers = replies.drain(reply -> {}, 2 * batch);
        if (answers != batch) {
            throw new IllegalStateException(answers + " answers to " + batch + " tickets");
        }
        return answers;
    }
}

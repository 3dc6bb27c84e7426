package io.tenure.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.SnapshotValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * One thread writes, others read, one writes snapshots. In round r the writer sets each of the first r * {@link #STEP} keys to r, so
 * an index says what every key must be at least, and what it is in a snapshot.
 */
final class ConcurrentStoreTest {
    private static final int STEP = 50;
    private static final int ROUNDS = 120;
    private static final int READERS = 3;
    private static final long LAST = indexBefore(ROUNDS + 1);

    private final StateMachine store = new StateMachine();
    private final AtomicReference<Ordered> ordered = new AtomicReference<>();

    private record Ordered(long index, SnapshotValues values) {}

    @Test
    void whoSeesTheIndexSeesItsValuesAndSnapshotsAreOfOneIndex() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(i);
                counts.add(threads.submit(() -> read(random)));
            }
            counts.add(threads.submit(this::readSnapshots));
            counts.add(threads.submit(this::write));
            for (Future<Long> count : counts) {
                assertThat(count.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private long write() {
        long index = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            for (int key = 0; key < round * STEP; key++) {
                byte[] keyValue = KeyValue.of("k" + key, Integer.toString(round));
                store.set(KeyValue.keyHash(keyValue), keyValue);
                store.advanceTo(++index);
                if (ordered.get() == null) {
                    ordered.set(new Ordered(index, store.snapshot()));
                }
            }
        }
        return index;
    }

    private long read(Random random) {
        int[] seen = new int[ROUNDS * STEP];
        long reads = 0;
        for (long index = 0; index < LAST; reads++) {
            index = store.appliedIndex();
            int key = random.nextInt(STEP * Math.max(1, roundAt(index)));
            String value = store.get("k" + key);
            int found = value == null ? 0 : Integer.parseInt(value);
            if (found < at(index, key) || found < seen[key]) {
                throw new AssertionError("key " + key + " is " + found + " as of " + index + ", where it is "
                        + at(index, key) + "; it was seen as " + seen[key]);
            }
            seen[key] = found;
        }
        return reads;
    }

    private long readSnapshots() {
        long snapshots = 0;
        while (store.appliedIndex() < LAST) {
            Ordered order = ordered.get();
            if (order == null) {
                Thread.onSpinWait();
                continue;
            }
            // Every fourth is given up.
            if (++snapshots % 4 != 0) {
                check(order);
            }
            order.values().close();
            ordered.set(null);
        }
        return snapshots;
    }

    private static void check(Ordered order) {
        int round = roundAt(order.index());
        int keys = (int) Math.max((round - 1L) * STEP, order.index() - indexBefore(round));
        int count = 0;
        while (order.values().next()) {
            byte[] keyValue = order.values().keyValue();
            int key = Integer.parseInt(KeyValue.key(keyValue).substring(1));
            int found = Integer.parseInt(KeyValue.value(keyValue));
            if (found != at(order.index(), key)) {
                throw new AssertionError("key " + key + " is " + found + " in the snapshot at " + order.index()
                        + ", not " + at(order.index(), key));
            }
            count++;
        }
        assertThat(count).as("keys in the snapshot at %d", order.index()).isEqualTo(keys);
    }

    /** Writes of all rounds before this one. */
    private static long indexBefore(int round) {
        return (long) STEP * round * (round - 1) / 2;
    }

    /** The round that the write at this index belongs to, 0 before the first. */
    private static int roundAt(long index) {
        int round = (int) Math.sqrt(2.0 * index / STEP);
        while (indexBefore(round + 1) < index) {
            round++;
        }
        while (indexBefore(round) >= index && round > 0) {
            round--;
        }
        return round;
    }

    /** Value of a key when the write at this index is the last, 0 if it is absent. */
    private static int at(long index, int key) {
        int round = roundAt(index);
        int inRound = (int) (index - indexBefore(round));
        return key < inRound ? round : key < (round - 1) * STEP ? round - 1 : 0;
    }
}

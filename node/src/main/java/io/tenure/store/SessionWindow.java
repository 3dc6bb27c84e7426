package io.tenure.store;

import io.tenure.handoff.SessionRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest request numbers of one session and the log index of each: a ring that covers the numbers from the largest seen
 * down. The upper end never goes back, not even when entries are truncated: what has once left the window stays "too
 * old", since it could not be told from a number never used. Numbers go up to {@link Long#MAX_VALUE}, so loops over them
 * count down from {@link #highest}.
 */
final class SessionWindow {
    private static final int INITIAL_SLOTS = 16;

    private final int window;
    private final long forgottenUpTo;
    private long[] indexBySlot;
    private long highest;
    private long lastIndex;

    /**
     * Makes an empty window.
     *
     * @param forgottenUpTo an older window of the same session may have been evicted, with entries up to this index
     */
    SessionWindow(int window, long forgottenUpTo) {
        this.window = window;
        this.forgottenUpTo = forgottenUpTo;
        this.indexBySlot = new long[Math.min(INITIAL_SLOTS, window)];
    }

    /** Makes the window that a snapshot tells of; of its indexes as many as fit. */
    SessionWindow(int window, SessionRecord record) {
        this(window, record.forgottenUpTo());
        int count = Math.min(window, record.indexes().size());
        if (count > indexBySlot.length) {
            resize(Math.min(window, roundedUp(count)));
        }
        highest = record.highest();
        lastIndex = record.lastIndex();
        for (int below = 0; below < count; below++) {
            indexBySlot[slot(highest - below)] = record.indexes().get(below);
        }
    }

    /**
     * What a snapshot at {@code index} holds of this. A session is held even if none of its requests up to there is in the window
     * any more: its oldest numbers must stay "too old".
     */
    SessionRecord record(long id, long index) {
        List<Long> indexes = new ArrayList<>();
        int used = 0;
        for (long below = 0; below < Math.min(indexBySlot.length, highest); below++) {
            long at = indexBySlot[slot(highest - below)];
            indexes.add(at <= index ? at : 0);
            if (at > 0 && at <= index) {
                used = indexes.size();
            }
        }
        return new SessionRecord(
                id,
                Math.min(forgottenUpTo, index),
                highest,
                Math.min(lastIndex, index),
                List.copyOf(indexes.subList(0, used)));
    }

    /** Log index of the request, 0 if it is not in the window or was never appended. */
    long indexOf(long number) {
        return number > highest || isBelow(number) || number <= highest - indexBySlot.length
                ? 0
                : indexBySlot[slot(number)];
    }

    /** Whether the number is so old that nothing is known of it. */
    boolean isBelow(long number) {
        return number <= highest - window;
    }

    /** A number that is not found here may have been written up to here all the same; 0 if not. */
    long forgottenUpTo() {
        return forgottenUpTo;
    }

    /** Largest log index of the session. */
    long lastIndex() {
        return lastIndex;
    }

    void put(long number, long index) {
        lastIndex = Math.max(lastIndex, index);
        if (number > highest) {
            advance(number);
        }
        if (number > highest - indexBySlot.length) {
            indexBySlot[slot(number)] = index;
        } else if (!isBelow(number)) {
            resize(Math.min(window, roundedUp(highest - number + 1)));
            indexBySlot[slot(number)] = index;
        }
    }

    /**
     * The entry at {@code index} is gone, as all are after {@code logEnd}: were this still said to reach further, its eviction would
     * mark what later sessions have written as unknown.
     */
    void remove(long number, long index, long logEnd) {
        lastIndex = Math.min(lastIndex, logEnd);
        if (indexOf(number) == index) {
            indexBySlot[slot(number)] = 0;
        }
    }

    /** Moves the upper end; grows rather than forget a number that is still in the window. */
    private void advance(long number) {
        long wanted = Math.min(window, number - oldestHeld() + 1);
        if (wanted > indexBySlot.length) {
            resize(Math.min(window, roundedUp(wanted)));
        }
        long cleared = Math.min(number - highest, indexBySlot.length);
        for (long below = 0; below < cleared; below++) {
            indexBySlot[slot(number - below)] = 0;
        }
        highest = number;
    }

    /** Smallest number with an index, or the next one if there is none. */
    private long oldestHeld() {
        for (long below = Math.min(indexBySlot.length, highest) - 1; below >= 0; below--) {
            if (indexBySlot[slot(highest - below)] != 0) {
                return highest - below;
            }
        }
        return highest + 1;
    }

    private void resize(int slots) {
        long[] old = indexBySlot;
        int oldLength = old.length;
        indexBySlot = new long[slots];
        for (long below = 0; below < Math.min(oldLength, highest); below++) {
            long number = highest - below;
            indexBySlot[slot(number)] = old[(int) (number % oldLength)];
        }
    }

    private static int roundedUp(long slots) {
        return (int) Math.min(
                Integer.MAX_VALUE, Math.max(INITIAL_SLOTS, Long.highestOneBit(Math.max(1, slots - 1)) * 2));
    }

    private int slot(long number) {
        return (int) (number % indexBySlot.length);
    }
}

package io.tenure.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * For each state, by the order in which they were found: the step that led to it. The state itself is kept only while it is
 * needed to go on from there, as there are tens of millions; {@link #wayTo} and the steps make it again.
 */
final class Steps {
    private static final int FIRST_CAPACITY = 1 << 12;

    private int[][] rows = new int[FIRST_CAPACITY][];
    private int[] hashes = new int[FIRST_CAPACITY];
    private int[] parents = new int[FIRST_CAPACITY];
    private int[] events = new int[FIRST_CAPACITY];
    private byte[] nodes = new byte[FIRST_CAPACITY];
    private short[] depths = new short[FIRST_CAPACITY];
    private int size;
    private int depth;

    /** Adds a state; which number it has. */
    int add(int[] row, int parent, int node, int event) {
        if (size == parents.length) {
            grow();
        }
        int here = parent < 0 ? 0 : depths[parent] + 1;
        rows[size] = row;
        hashes[size] = Arrays.hashCode(row);
        parents[size] = parent;
        events[size] = event;
        nodes[size] = (byte) node;
        depths[size] = (short) here;
        depth = Math.max(depth, here);
        return size++;
    }

    private void grow() {
        int capacity = size + (size >> 1);
        rows = Arrays.copyOf(rows, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        parents = Arrays.copyOf(parents, capacity);
        events = Arrays.copyOf(events, capacity);
        nodes = Arrays.copyOf(nodes, capacity);
        depths = Arrays.copyOf(depths, capacity);
    }

    int size() {
        return size;
    }

    /** The state, or null if it was forgotten. Where a way begins it never is. */
    int[] row(int id) {
        return rows[id];
    }

    /** Keeps only how the state was reached; true. */
    boolean forget(int id) {
        if (parents[id] >= 0) {
            rows[id] = null;
        }
        return true;
    }

    /** The node that took the step, negative if all did or it is a beginning. */
    int node(int id) {
        return nodes[id];
    }

    int event(int id) {
        return events[id];
    }

    /** Whether this is what was found as state {@code id}. */
    boolean matches(int id, int[] row) {
        return Arrays.hashCode(row) == hashes[id];
    }

    /** The states on the way on which this one was found, from the beginning up to it. */
    List<Integer> wayTo(int id) {
        Deque<Integer> way = new ArrayDeque<>();
        for (int at = id; at >= 0; at = parents[at]) {
            way.push(at);
        }
        return new ArrayList<>(way);
    }

    /** Steps from the beginning to the state that is farthest from it on the way on which it was found. */
    int depth() {
        return depth;
    }
}

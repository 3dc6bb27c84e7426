package io.tenure.client.logic;

import java.util.ArrayList;
import java.util.List;

/** Operations by the time at which they need attention: a binary heap in which each knows its slot. */
final class Timers {
    private final List<Operation> heap = new ArrayList<>();

    /** Sets or moves the operation's only timer. */
    void set(Operation operation, long atNanos) {
        if (operation.timerSlot >= 0 && operation.timerNanos == atNanos) {
            return;
        }
        operation.timerNanos = atNanos;
        if (operation.timerSlot < 0) {
            operation.timerSlot = heap.size();
            heap.add(operation);
        }
        siftDown(siftUp(operation.timerSlot));
    }

    void remove(Operation operation) {
        int slot = operation.timerSlot;
        if (slot < 0) {
            return;
        }
        operation.timerSlot = -1;
        Operation last = heap.remove(heap.size() - 1);
        if (last != operation) {
            place(last, slot);
            siftDown(siftUp(slot));
        }
    }

    /** The operation whose time comes first, or null. */
    Operation first() {
        return heap.isEmpty() ? null : heap.get(0);
    }

    private int siftUp(int from) {
        int slot = from;
        Operation moved = heap.get(slot);
        while (slot > 0 && isBefore(moved, heap.get((slot - 1) / 2))) {
            place(heap.get((slot - 1) / 2), slot);
            slot = (slot - 1) / 2;
        }
        place(moved, slot);
        return slot;
    }

    private void siftDown(int from) {
        int slot = from;
        Operation moved = heap.get(slot);
        while (2 * slot + 1 < heap.size()) {
            int child = 2 * slot + 1;
            if (child + 1 < heap.size() && isBefore(heap.get(child + 1), heap.get(child))) {
                child++;
            }
            if (!isBefore(heap.get(child), moved)) {
                break;
            }
            place(heap.get(child), slot);
            slot = child;
        }
        place(moved, slot);
    }

    private void place(Operation operation, int slot) {
        heap.set(slot, operation);
        operation.timerSlot = slot;
    }

    /** Equal times go by age, so that the order never depends on the heap's history. */
    private static boolean isBefore(Operation a, Operation b) {
        return a.timerNanos != b.timerNanos ? a.timerNanos < b.timerNanos : a.id < b.id;
    }
}

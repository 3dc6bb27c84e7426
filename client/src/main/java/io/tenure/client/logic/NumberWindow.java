package io.tenure.client.logic;

import java.util.BitSet;

/**
 * Numbers of a session's writes. An open number is always less than the window above the oldest open one, so that the
 * cluster never has to forget a number that may still come again (DESIGN.md, D6).
 */
final class NumberWindow {
    /** More can't be used at once: a larger window only costs memory. */
    private static final int WINDOW_MAX = 1 << 16;

    private final int window;
    /** Open numbers, modulo the window. */
    private final BitSet open = new BitSet();
    /** No number below it is open. */
    private long oldest = 1;

    private long next = 1;

    NumberWindow(long window) {
        this.window = (int) Math.max(1, Math.min(window, WINDOW_MAX));
    }

    boolean hasRoom() {
        return next - oldest < window;
    }

    /** Opens the next number. Needs {@link #hasRoom()}. */
    long open() {
        if (!hasRoom()) {
            throw new IllegalStateException("window of " + window + " is full");
        }
        open.set(slot(next));
        return next++;
    }

    /** Opens an old number again if the window still holds it; otherwise nothing is promised for it. */
    void reopen(long number) {
        if (number >= 1 && number < next && next - number <= window) {
            open.set(slot(number));
            oldest = Math.min(oldest, number);
        }
    }

    /** The number will not be sent again. */
    void close(long number) {
        if (number < oldest || number >= next) {
            return;
        }
        open.clear(slot(number));
        while (oldest < next && !open.get(slot(oldest))) {
            oldest++;
        }
    }

    private int slot(long number) {
        return (int) (number % window);
    }
}

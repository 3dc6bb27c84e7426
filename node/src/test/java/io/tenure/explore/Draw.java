package io.tenure.explore;

import java.util.random.RandomGenerator;

/** Draws nothing: every election timeout has run out when it begins, so that the timer may fire at any time. */
final class Draw implements RandomGenerator {
    @Override
    public long nextLong() {
        return 0;
    }

    @Override
    public long nextLong(long origin, long bound) {
        return 0;
    }
}

package io.tenure.raft;

import java.util.random.RandomGenerator;

/** Jitter that a test chooses: every draw falls at {@code position} of its range, 0 being the smallest. */
final class Draw implements RandomGenerator {
    double position;

    Draw(double position) {
        this.position = position;
    }

    @Override
    public long nextLong(long origin, long bound) {
        return origin + (long) ((bound - 1 - origin) * position);
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("only bounded draws");
    }
}

package io.tenure.bench;

import java.util.Arrays;

/** Numbers from 0 up, the n-th in proportion to 1 / (n + 1)^exponent. Immutable; 8 bytes a number. */
final class Zipf {
    /** The one that YCSB uses. */
    static final double EXPONENT = 0.99;

    private final double[] cumulated;

    /** Prepares numbers below {@code count}. */
    Zipf(int count, double exponent) {
        cumulated = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.pow(i + 1.0, -exponent);
            cumulated[i] = sum;
        }
        for (int i = 0; i < count; i++) {
            cumulated[i] /= sum;
        }
    }

    /**
     * The number that falls to a throw.
     *
     * @param dice uniform in [0, 1)
     */
    int pick(double dice) {
        int at = Arrays.binarySearch(cumulated, dice);
        // A throw on the very bound belongs to the number above it.
        return Math.min(cumulated.length - 1, at >= 0 ? at + 1 : -at - 1);
    }
}

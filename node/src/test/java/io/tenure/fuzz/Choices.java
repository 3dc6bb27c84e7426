package io.tenure.fuzz;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Decisions one after the other: taken out of the bytes of an input, so that a fuzzer can change any of them alone, or by
 * lot. Once the bytes are used up every choice is the first one.
 */
public final class Choices {
    /** Numbers at which code goes wrong. */
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        -2,
        127,
        128,
        65_535,
        65_536,
        65_537,
        Integer.MAX_VALUE - 1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffffffffL,
        3_600_000,
        3_600_001,
        Long.MAX_VALUE / 2,
        Long.MAX_VALUE / 2 + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final byte[] bytes;
    private final RandomGenerator random;
    private int at;

    private Choices(byte[] bytes, RandomGenerator random) {
        this.bytes = bytes;
        this.random = random;
    }

    /** Choices out of an input. */
    public static Choices of(byte[] input) {
        return new Choices(input, null);
    }

    /** Choices without end. */
    public static Choices by(RandomGenerator random) {
        return new Choices(new byte[0], random);
    }

    /** Whether all bytes are used up. */
    public boolean isEmpty() {
        return random == null && at >= bytes.length;
    }

    /** One of 0..bound-1. */
    public int below(int bound) {
        if (random != null) {
            return random.nextInt(bound);
        }
        int drawn = next();
        for (int most = 256; most < bound; most <<= 8) {
            drawn = drawn << 8 | next();
        }
        return Math.floorMod(drawn, bound);
    }

    /** Yes or no. */
    public boolean flip() {
        return below(2) == 1;
    }

    /** Yes, once in {@code times}. */
    public boolean onceIn(int times) {
        return below(times) == times - 1;
    }

    /** A number: mostly one at which code goes wrong, or near it. */
    public long number() {
        return switch (below(4)) {
            case 0 -> below(16);
            case 1 -> EDGES[below(EDGES.length)];
            case 2 -> EDGES[below(EDGES.length)] + below(5) - 2;
            default -> (long) below(1 << 24) << below(40);
        };
    }

    /** Some bytes, up to {@code lengthMax} and what is left. */
    public byte[] bytes(int lengthMax) {
        int length = below(lengthMax + 1);
        byte[] taken = new byte[random != null ? length : Math.min(length, bytes.length - Math.min(at, bytes.length))];
        if (random != null) {
            random.nextBytes(taken);
        } else {
            System.arraycopy(bytes, at, taken, 0, taken.length);
            at += taken.length;
        }
        return taken;
    }

    /** All bytes that are left of an input. */
    public byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, Math.min(at, bytes.length), bytes.length);
        at = bytes.length;
        return rest;
    }

    private int next() {
        return at < bytes.length ? bytes[at++] & 0xff : 0;
    }
}

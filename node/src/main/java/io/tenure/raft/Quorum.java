package io.tenure.raft;

import java.util.Arrays;

/**
 * What a majority has reached. One question, three meanings: of match indexes it is what is committed, of acknowledged
 * send times where the lease starts, of acknowledged sequence numbers which reads may go.
 */
final class Quorum {
    private Quorum() {}

    /** Number of voters that make a majority of {@code voters}. */
    static int majority(int voters) {
        return voters / 2 + 1;
    }

    /** The largest value that at least a majority of the voters has reached; {@code values} is left as it is. */
    static long reached(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - majority(sorted.length)];
    }
}

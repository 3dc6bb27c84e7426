package io.tenure.raft;

import java.util.Arrays;

/**
 * A leader's right to answer reads alone, as published to the read path (LEASE.md, 3.7). Immutable.
 *
 * @param term term of the leader
 * @param epoch lease epoch within the term
 * @param endNanos on this node's monotonic clock: no answer may rest on the lease at or after it
 * @param readIndexFloor the applied index must have reached it before a read
 * @param limbo keys that the lease does not cover, as hashes (LEASE.md, 3.6)
 */
public record Lease(long term, long epoch, long endNanos, long readIndexFloor, Limbo limbo) {

    /** Whether {@code other} speaks for the same leadership and epoch, so that a read may span both records. */
    public boolean sameHolderAs(Lease other) {
        return other != null && term == other.term && epoch == other.epoch;
    }

    /** A set of key hashes: entries that an earlier leader may have committed and acknowledged unknown to this one. */
    public static final class Limbo {
        /** No key. */
        public static final Limbo NONE = new Limbo(new long[0], false);
        /** Every key. */
        public static final Limbo ALL = new Limbo(new long[0], true);

        private final long[] sortedHashes;
        private final boolean all;

        private Limbo(long[] sortedHashes, boolean all) {
            this.sortedHashes = sortedHashes;
            this.all = all;
        }

        /** The set of these hashes; the array is copied. */
        public static Limbo of(long[] keyHashes) {
            long[] sorted = keyHashes.clone();
            Arrays.sort(sorted);
            return sorted.length == 0 ? NONE : new Limbo(sorted, false);
        }

        /** Whether a read of a key with this hash must not use the lease. */
        public boolean contains(long keyHash) {
            return all || Arrays.binarySearch(sortedHashes, keyHash) >= 0;
        }

        /** Whether no key is in limbo. */
        public boolean isEmpty() {
            return !all && sortedHashes.length == 0;
        }
    }
}

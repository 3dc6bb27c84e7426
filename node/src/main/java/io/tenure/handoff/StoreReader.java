package io.tenure.handoff;

/** What the read path may see of the store. Any thread. */
public interface StoreReader {
    /** All entries up to here are visible to {@link #find}. */
    long appliedIndex();

    /**
     * The key, given in UTF-8, and its value in one array as {@code io.tenure.entry.KeyValue} says, which nobody may write to;
     * null if it is absent.
     */
    byte[] find(byte[] key);

    /** Nothing after this index is in what {@link #find} has returned before; entries up to it may be missing. */
    default long reflectedIndex() {
        return appliedIndex();
    }

    /**
     * Reads a key of a state that holds all entries up to {@code leastIndex} and no half-loaded snapshot; null if there is none now. Here
     * for a store that does not change meanwhile.
     */
    default Found read(byte[] key, long leastIndex) {
        long applied = appliedIndex();
        return applied < leastIndex ? null : new Found(find(key), applied, reflectedIndex());
    }

    /** What was read. */
    final class Found {
        private final byte[] keyValue;
        private final long appliedIndex;
        private final long reflectedIndex;

        /** Read from a state in which all up to {@code appliedIndex} is, and nothing after {@code reflectedIndex}. */
        public Found(byte[] keyValue, long appliedIndex, long reflectedIndex) {
            this.keyValue = keyValue;
            this.appliedIndex = appliedIndex;
            this.reflectedIndex = reflectedIndex;
        }

        /** As {@link StoreReader#find} has it; null if the key is absent. */
        public byte[] keyValue() {
            return keyValue;
        }

        /** All entries up to here are in it. */
        public long appliedIndex() {
            return appliedIndex;
        }

        /** No later entry is in it. */
        public long reflectedIndex() {
            return reflectedIndex;
        }
    }
}

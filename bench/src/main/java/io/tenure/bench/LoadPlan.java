package io.tenure.bench;

/**
 * Which operations a load issues, and at what pace.
 *
 * @param outstanding operations under way at most, of all clients together
 * @param opsPerSecond pace of an open loop: each operation has an intended time from which its latency counts; 0 is a
 *     closed loop, in which an operation starts when another ends
 * @param keys how many keys there are; each operation picks one at random
 * @param keyDistribution how it picks
 * @param keyPrefix what stands before the number of a key
 * @param keyBytes length of the keys, zeros before the number making up for it; a key that is longer stays as it is
 * @param valueBytes length of the values; a unique value that is longer stays as it is
 * @param uniqueValues whether no value is ever written twice, which a history needs
 */
public record LoadPlan(
        Workload workload,
        int outstanding,
        double opsPerSecond,
        int keys,
        KeyDistribution keyDistribution,
        String keyPrefix,
        int keyBytes,
        int valueBytes,
        boolean uniqueValues) {

    /** Refuses what can't be carried out. */
    public LoadPlan {
        if (outstanding < 1 || keys < 1) {
            throw new IllegalArgumentException("outstanding and keys must be at least 1");
        }
        if (valueBytes < 0 || keyBytes < 0 || opsPerSecond < 0) {
            throw new IllegalArgumentException("key size, value size and rate must not be negative");
        }
    }

    /** All keys asked for alike, and as short as they can be. */
    public LoadPlan(
            Workload workload,
            int outstanding,
            double opsPerSecond,
            int keys,
            String keyPrefix,
            int valueBytes,
            boolean uniqueValues) {
        this(
                workload,
                outstanding,
                opsPerSecond,
                keys,
                KeyDistribution.UNIFORM,
                keyPrefix,
                0,
                valueBytes,
                uniqueValues);
    }

    /** Whether operations have intended times. */
    public boolean isOpenLoop() {
        return opsPerSecond > 0;
    }
}

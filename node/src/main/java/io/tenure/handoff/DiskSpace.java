package io.tenure.handoff;

/**
 * How much room a node's disk had when last looked at.
 *
 * @param folder which the node writes to
 * @param lookedNanos when, on the node's clock
 * @param usableBytes what is left; 0 if the disk has refused a write for lack of room
 * @param reserveBytes what is kept for term, vote and leases; with less than that left, no writes are taken
 */
public record DiskSpace(String folder, long lookedNanos, long usableBytes, long reserveBytes) {
    /** Before the first look. */
    public static final DiskSpace UNKNOWN = new DiskSpace("", 0, Long.MAX_VALUE, 0);

    private static final long KIB = 1 << 10;

    /** Whether the disk counts as full. */
    public boolean isFull() {
        return usableBytes < reserveBytes;
    }

    /** For a person. */
    @Override
    public String toString() {
        return "the disk of " + folder + " is full, " + usableBytes / KIB + " KiB left and " + reserveBytes / KIB
                + " KiB reserved";
    }
}

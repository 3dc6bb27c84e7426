package io.tenure.node;

/**
 * When snapshots are written, what is kept beside them, and how they are sent (setting {@code snapshots}).
 *
 * @param everyLogBytes bytes of log committed since the last snapshot after which the next is due; or the size of the last
 *     snapshot, if that is larger, so that writing them costs no more than writing the log; the first one up to twice that, as nodes take turns
 * @param keepLogBytes bytes of log kept below a snapshot, for nodes that lag
 * @param bytesPerSecondMax how fast a snapshot is written, and how fast one is sent to another node
 */
public record SettingsSnapshots(long everyLogBytes, long keepLogBytes, long bytesPerSecondMax) {
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    static SettingsSnapshots read(SettingsSection section) {
        return new SettingsSnapshots(
                section.bytes("everyLogBytes", 128 * MIB, KIB, 1024 * GIB),
                section.bytes("keepLogBytes", 64 * MIB, 0, 1024 * GIB),
                section.bytes("bytesPerSecondMax", 64 * MIB, KIB, 64 * GIB));
    }

    String summary() {
        return "a snapshot every " + SettingsSection.inBytes(everyLogBytes) + " of log, "
                + SettingsSection.inBytes(keepLogBytes) + " of log kept below it, written and sent at up to "
                + SettingsSection.inBytes(bytesPerSecondMax) + " a second";
    }
}

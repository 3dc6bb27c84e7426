package io.tenure.node;

/**
 * How often and how fast a running node reads its own files to find rot (setting {@code scrub}).
 *
 * @param everyMillis shortest time between the beginnings of two passes; with much data it is longer, so that a node reads for
 *     at most a quarter of the time
 * @param bytesPerSecondMax how fast it reads
 */
public record SettingsScrub(int everyMillis, long bytesPerSecondMax) {
    private static final int WEEK_MILLIS = 7 * 24 * 3600 * 1000;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    static SettingsScrub read(SettingsSection section) {
        return new SettingsScrub(
                section.whole("everyMillis", 30_000, 50, WEEK_MILLIS),
                section.bytes("bytesPerSecondMax", 4 * MIB, KIB, 64 * GIB));
    }

    String summary() {
        return "all files read every " + everyMillis + " ms at up to " + SettingsSection.inBytes(bytesPerSecondMax)
                + " a second";
    }
}

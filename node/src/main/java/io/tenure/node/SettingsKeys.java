package io.tenure.node;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The names of all settings, and what to say of a name that is none. */
final class SettingsKeys {
    static final List<String> TOP = List.of(
            "nodeId",
            "clusterId",
            "members",
            "bindAddress",
            "dataDir",
            "profile",
            "heartbeatMillis",
            "leaseMillis",
            "electionTimeoutMillis",
            "adaptiveTiming",
            "strictLease",
            "clockDriftMax",
            "threading",
            "limits",
            "snapshots",
            "scrub",
            "dump",
            "logLevel");

    static final List<String> MEMBER = List.of("id", "peer", "client");

    static final List<String> RANGE = List.of("min", "max");

    static final List<String> LIMITS = List.of(
            "keyBytesMax",
            "valueBytesMax",
            "connectionsMax",
            "clientRingBytes",
            "sessionsMax",
            "requestWindow",
            "outstandingRequestsMax",
            "outstandingPerConnectionMax",
            "peerQueueBytesMax",
            "batchBytesMax",
            "inflightBytesMax",
            "uncommittedBytesMax",
            "logWindowBytesMax",
            "segmentBytes",
            "diskDeadlineMillis",
            "diskReserveBytes");

    static final List<String> SNAPSHOTS = List.of("everyLogBytes", "keepLogBytes", "bytesPerSecondMax");

    static final List<String> SCRUB = List.of("everyMillis", "bytesPerSecondMax");

    static final List<String> DUMP = List.of("enabled", "dumpLinesPerSecond", "fileBytesMax", "filesKept");

    private static final Map<String, List<String>> GROUPS = new TreeMap<>(Map.of(
            "",
            TOP,
            "limits.",
            LIMITS,
            "dump.",
            DUMP,
            "snapshots.",
            SNAPSHOTS,
            "scrub.",
            SCRUB,
            "electionTimeoutMillis.",
            RANGE));

    /** Names that differ in more letters than this are not alike. */
    private static final int DISTANCE_MAX = 4;

    private SettingsKeys() {}

    /** What an operator who wrote {@code key} under {@code prefix} should do about it. */
    static String advice(String prefix, String key, List<String> known) {
        for (var group : GROUPS.entrySet()) {
            if (group.getValue().contains(key)) {
                return group.getKey().isEmpty()
                        ? "did you mean " + key + " at the top level?"
                        : "did you mean " + group.getKey() + key + "?";
            }
        }
        String nearest = nearest(key, known);
        if (nearest != null) {
            return "did you mean " + prefix + nearest + "?";
        }
        return "allowed: " + String.join(", ", known);
    }

    /** The known name that is most like {@code key}, or null if none is much like it. */
    static String nearest(String key, List<String> known) {
        String small = key.toLowerCase(Locale.ROOT);
        String nearest = null;
        int smallest = Math.max(1, Math.min(key.length() / 3, DISTANCE_MAX)) + 1;
        for (String name : known) {
            String other = name.toLowerCase(Locale.ROOT);
            boolean begins = small.length() >= 3 && (other.startsWith(small) || small.startsWith(other));
            int distance = begins ? 1 : distance(small, other);
            if (distance < smallest) {
                nearest = name;
                smallest = distance;
            }
        }
        return nearest;
    }

    /** How many letters must be added, taken away or changed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j - 1], row[j]));
            }
        }
        return row[b.length()];
    }
}

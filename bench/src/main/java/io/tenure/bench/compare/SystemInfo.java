package io.tenure.bench.compare;

import java.util.List;

/**
 * What a report says of a system.
 *
 * @param name as on the command line
 * @param title as people write it
 * @param settings that were chosen for it, a phrase each
 * @param caveats to keep in mind when reading its figures, a sentence each
 */
record SystemInfo(String name, String title, String version, List<String> settings, List<String> caveats) {
    SystemInfo {
        settings = List.copyOf(settings);
        caveats = List.copyOf(caveats);
    }
}

package io.tenure.bench.geo;

import java.util.List;

/**
 * What there is to say of a system.
 *
 * @param settings a phrase each
 * @param caveats a sentence each
 */
record SystemNote(String name, String version, List<String> settings, List<String> caveats) {
    SystemNote {
        settings = List.copyOf(settings);
        caveats = List.copyOf(caveats);
    }
}

package io.tenure.raft;

import java.util.Map;
import java.util.TreeMap;

/**
 * The latest release that this node has heard of each holder. Kept for good, so that a promise which another voter still
 * remembers, or one renewed by a message that was late, is known to be void.
 */
final class Releases {
    private final Map<Integer, Release> byHolder = new TreeMap<>();

    /** Takes in a release; an older one than is known says nothing new. */
    void add(Release release) {
        byHolder.merge(
                release.holder(),
                release,
                (known, added) -> known.covers(added.term(), added.epochUpTo()) ? known : added);
    }

    /** Whether what {@code holder} was promised in that epoch is released. */
    boolean cover(int holder, long term, long epoch) {
        Release release = byHolder.get(holder);
        return release != null && release.covers(term, epoch);
    }
}

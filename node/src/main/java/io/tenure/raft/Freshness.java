package io.tenure.raft;

import java.util.List;
import java.util.OptionalLong;

/**
 * How new the data of a node are (LEASE.md, 3.13), as published to the read path: whoever has applied all entries up to such an
 * index has everything that any client was told before such a moment. Once true it stays true, whoever leads. Immutable.
 */
public final class Freshness {
    /**
     * A leader has confirmed it.
     *
     * @param sinceNanos when this node sent what the leader answered, on this node's clock
     * @param index the leader's commit index afterwards
     */
    public record Confirmed(long sinceNanos, long index) {}

    private final Confirmed[] confirmed;

    /** Of these, the oldest first. */
    Freshness(List<Confirmed> confirmed) {
        this.confirmed = confirmed.toArray(Confirmed[]::new);
    }

    /** Since when the data may be out of date, with all up to {@code appliedIndex} applied; empty if that is not known. */
    public OptionalLong sinceNanos(long appliedIndex) {
        for (int i = confirmed.length - 1; i >= 0; i--) {
            if (confirmed[i].index <= appliedIndex) {
                return OptionalLong.of(confirmed[i].sinceNanos);
            }
        }
        return OptionalLong.empty();
    }
}

package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Release;

/**
 * I6: when the word that releases a lease leaves its holder, readers see that lease no more, and they never see it again; and
 * whoever passes such a word on has it from the holder (LEASE.md, 3.12).
 */
final class ReleaseOnlyAfterStop extends Invariant {
    private final KnownReleases releases;
    private int created;

    ReleaseOnlyAfterStop(KnownReleases releases) {
        this.releases = releases;
    }

    /** Releases that were created so far. */
    int created() {
        return created;
    }

    @Override
    void onLeaving(SimNode from, Message message) {
        Release release = KnownReleases.in(message);
        if (release == null) {
            return;
        }
        if (release.holder() == from.id) {
            Lease published = from.lease.get();
            require(
                    published == null || !release.covers(published.term(), published.epoch()),
                    "{} lets out {} while readers see its lease of term {}, epoch {}",
                    from,
                    message,
                    published == null ? -1 : published.term(),
                    published == null ? -1 : published.epoch());
            created++;
            releases.add(release);
        }
        require(
                releases.covers(release.holder(), release.term(), release.epochUpTo()),
                "{} passes on {}, which node {} has not said",
                from,
                release,
                release.holder());
    }

    @Override
    void onTurn(SimNode node, long firstChanged) {
        requireNotReleased(node, "is published");
    }

    /** A read was answered by the lease that readers see. */
    void onLeaseRead(SimNode node) {
        requireNotReleased(node, "answers a read");
    }

    private void requireNotReleased(SimNode node, String what) {
        Lease published = node.lease.get();
        require(
                !releases.covers(node.id, published),
                "the lease of {} {} in term {}, epoch {}, though it was released",
                node,
                what,
                published == null ? -1 : published.term(),
                published == null ? -1 : published.epoch());
    }
}

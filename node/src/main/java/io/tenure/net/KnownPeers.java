package io.tenure.net;

import io.tenure.handoff.KnownPeer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * The data folder and the life that each peer has shown last. A member that comes back with another folder, or an older copy of
 * its own, has forgotten votes and promises that it gave, and must not speak as if it had not (LEASE.md, 3.8 and 4 #39): it is
 * let in only if it knows that it has forgotten. Confined to the network thread.
 */
public final class KnownPeers {
    private static final String WAY_OUT =
            "it has forgotten what it voted for, promised and acknowledged. Way out: stop that node, "
                    + "run \"java -jar node.jar rejoin --conf FILE\" there, and start it again";

    private final SortedMap<Integer, KnownPeer> known = new TreeMap<>();
    /** Those that knew, when they connected last, that they have forgotten. */
    private final Set<Integer> rejoining = new HashSet<>();

    private final Consumer<List<KnownPeer>> changed;
    private final Supplier<List<KnownPeer>> noted;
    private final List<IntConsumer> shutOut = new ArrayList<>();

    /** Goes on with what is known, and holds what it learns for noted at once. */
    public KnownPeers(List<KnownPeer> remembered, Consumer<List<KnownPeer>> changed) {
        remembered.forEach(peer -> known.put(peer.id(), peer));
        this.changed = changed;
        this.noted = () -> List.copyOf(known.values());
    }

    /**
     * Goes on with what is known.
     *
     * @param changed takes all that is known, in order of ids, whenever it has changed; to be remembered for the next start
     * @param noted what the next start will know for sure
     */
    public KnownPeers(List<KnownPeer> remembered, Consumer<List<KnownPeer>> changed, Supplier<List<KnownPeer>> noted) {
        remembered.forEach(peer -> known.put(peer.id(), peer));
        this.changed = changed;
        this.noted = noted;
    }

    /**
     * Why the peer must be refused, or null, in which case this is remembered.
     *
     * @param isRejoining whether it says that it has forgotten everything
     */
    public String admit(KnownPeer peer, boolean isRejoining) {
        KnownPeer before = known.get(peer.id());
        boolean sameFolder = before != null && before.incarnation() == peer.incarnation();
        if (before != null && !sameFolder && !isRejoining) {
            return "node " + peer.id() + " came with another data folder than before (incarnation "
                    + Long.toHexString(peer.incarnation()) + ", before " + Long.toHexString(before.incarnation())
                    + "), so " + WAY_OUT;
        }
        if (sameFolder && before.bootCount() == KnownPeer.SHUT_OUT) {
            return "node " + peer.id() + " has lost what it had acknowledged, or its data folder is an old copy, so "
                    + WAY_OUT;
        }
        if (sameFolder && isOlder(peer, before)) {
            // For good: once it has started often enough, its count would tell nothing any more.
            remember(new KnownPeer(peer.id(), peer.incarnation(), KnownPeer.SHUT_OUT, 0));
            return "node " + peer.id() + " came with boot count " + Long.toUnsignedString(peer.bootCount()) + " after "
                    + Long.toUnsignedString(before.bootCount())
                    + ": its data folder is an old copy that was put back, so " + WAY_OUT;
        }
        if (isRejoining) {
            rejoining.add(peer.id());
        } else {
            rejoining.remove(peer.id());
        }
        if (!sameFolder || peer.bootId() != 0) {
            remember(peer);
        }
        return isWaiting(peer)
                ? "node " + peer.id() + " has a new data folder, which is let in once that is noted here for good: a"
                        + " moment later"
                : null;
    }

    /**
     * Whether the peer rejoins, and this node might have forgotten its new folder after a crash. It must not answer it before: it
     * would refuse it once it has rejoined, and no longer says so.
     */
    public boolean isWaiting(KnownPeer peer) {
        return rejoining.contains(peer.id())
                && noted.get().stream()
                        .noneMatch(each -> each.id() == peer.id() && each.incarnation() == peer.incarnation());
    }

    /** Of one folder and one count there is one start. Who repairs its files has not counted its start yet. */
    private static boolean isOlder(KnownPeer peer, KnownPeer before) {
        int order = Long.compareUnsigned(peer.bootCount(), before.bootCount());
        return order < 0 || (order == 0 && peer.bootId() != 0 && peer.bootId() != before.bootId());
    }

    /** Is told of every peer that is shut out. */
    void onShutOut(IntConsumer listener) {
        shutOut.add(listener);
    }

    /**
     * A peer has lost what it had acknowledged. Unless it knows that, it is not spoken with until it rejoins.
     *
     * @return whether it is not spoken with
     */
    public boolean shutOut(int peer) {
        KnownPeer last = known.get(peer);
        if (last == null || rejoining.contains(peer)) {
            return false;
        }
        remember(new KnownPeer(peer, last.incarnation(), KnownPeer.SHUT_OUT, 0));
        shutOut.forEach(listener -> listener.accept(peer));
        return true;
    }

    private void remember(KnownPeer peer) {
        if (!peer.equals(known.put(peer.id(), peer))) {
            changed.accept(List.copyOf(known.values()));
        }
    }
}

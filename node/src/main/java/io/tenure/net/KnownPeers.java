package io.tenure.net;

import java.util.HashMap;
import java.util.Map;

/**
 * The data folder and the largest boot count that each peer has shown so far. A member that comes back with another
 * folder has forgotten votes and promises that it gave, and must not speak under its old id (LEASE.md, 3.8 and 4 #39).
 * Confined to the network thread.
 */
public final class KnownPeers {
    private record Seen(long incarnation, long bootCount) {}

    private final Map<Integer, Seen> seen = new HashMap<>();

    /** Why the peer must be refused, or null, in which case this is remembered. */
    String admit(int peer, long incarnation, long bootCount) {
        Seen before = seen.get(peer);
        if (before != null && before.incarnation != incarnation) {
            return "node " + peer + " came with another data folder than before (incarnation "
                    + Long.toHexString(incarnation) + ", before " + Long.toHexString(before.incarnation)
                    + "); it must rejoin under a new id";
        }
        if (before != null && Long.compareUnsigned(bootCount, before.bootCount) < 0) {
            return "node " + peer + " came with boot count " + Long.toUnsignedString(bootCount) + " after "
                    + Long.toUnsignedString(before.bootCount) + "; its data folder is an old copy";
        }
        seen.put(peer, new Seen(incarnation, bootCount));
        return null;
    }
}

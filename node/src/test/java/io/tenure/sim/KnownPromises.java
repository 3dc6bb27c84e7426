package io.tenure.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lease promises as they were really made, on the evidence of messages alone: what a voter has granted lasts at least until
 * its fastest possible clock has counted the length from the arrival of the message. Survives restarts.
 */
final class KnownPromises {
    private static final double NANOS_PER_MILLI = 1e6;

    private final int nodes;
    private final KnownReleases releases;
    /** By voter and holder: when the promise of each term and epoch ends at the earliest, in real time. */
    private final List<List<Map<Epoch, Double>>> untilReal = new ArrayList<>();
    /** By voter and holder: term, number, arrival and length of the messages that arrived last. */
    private final Arrived[][] arrived;

    private record Epoch(long term, long epoch) {}

    private static final class Arrived {
        private static final int REMEMBERED = 512;
        /** By number, modulo the length. */
        private final long[] term = new long[REMEMBERED];

        private final long[] epoch = new long[REMEMBERED];
        private final long[] seq = new long[REMEMBERED];
        private final long[] time = new long[REMEMBERED];
        private final long[] millis = new long[REMEMBERED];
    }

    KnownPromises(int nodes, KnownReleases releases) {
        this.nodes = nodes;
        this.releases = releases;
        this.arrived = new Arrived[nodes][nodes];
        for (int voter = 0; voter < nodes; voter++) {
            untilReal.add(new ArrayList<>());
            for (int holder = 0; holder < nodes; holder++) {
                untilReal.get(voter).add(new HashMap<>());
                arrived[voter][holder] = new Arrived();
            }
        }
    }

    int nodes() {
        return nodes;
    }

    /** When the voter's promise to the holder ends at the earliest, in real time; what the holder has released is over. */
    double untilReal(int voter, int holder) {
        Map<Epoch, Double> promised = untilReal.get(voter).get(holder);
        promised.keySet().removeIf(each -> releases.covers(holder, each.term, each.epoch));
        double latest = 0;
        for (double until : promised.values()) {
            latest = Math.max(latest, until);
        }
        return latest;
    }

    /** Takes in that a request for a promise arrived; only the first arrival of a number counts. */
    void onArrival(int holder, int voter, LeaseTalk.Ask message, long now) {
        Arrived known = arrived[voter][holder];
        int at = slot(message.seq());
        if (known.seq[at] != message.seq() || known.term[at] != message.term()) {
            known.term[at] = message.term();
            known.seq[at] = message.seq();
            known.epoch[at] = message.epoch();
            known.time[at] = now;
            known.millis[at] = 0;
        }
        // Messages of one moment share a number; with strictLease the first of them may ask for nothing yet.
        known.millis[at] = Math.max(known.millis[at], message.leaseMillis());
    }

    /** The length asked for by the message that a reply answers, in milliseconds; 0 if it is forgotten. */
    long lengthAskedFor(int voter, int holder, LeaseTalk.Answer reply) {
        int at = find(arrived[voter][holder], reply.term(), reply.seq());
        return at < 0 ? 0 : arrived[voter][holder].millis[at];
    }

    /** Takes in that a promise was granted. */
    void onReply(int voter, int holder, LeaseTalk.Answer reply, double rho) {
        Arrived known = arrived[voter][holder];
        int at = find(known, reply.term(), reply.seq());
        if (at < 0) {
            return;
        }
        double until = known.time[at] + known.millis[at] * NANOS_PER_MILLI / (1 + rho);
        untilReal.get(voter).get(holder).merge(new Epoch(known.term[at], known.epoch[at]), until, Math::max);
    }

    private static int find(Arrived known, long term, long seq) {
        int at = slot(seq);
        return known.seq[at] == seq && known.term[at] == term ? at : -1;
    }

    private static int slot(long seq) {
        return (int) (seq % Arrived.REMEMBERED);
    }
}

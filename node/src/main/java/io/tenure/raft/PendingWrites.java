package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Tickets of writes that this leadership appended, or that wait for an entry that the log already held. A ticket belongs to
 * an index of this leader's log, which this leader never truncates; with the leadership they all end as unknown.
 */
final class PendingWrites {
    private final ArrayDeque<Output.Ready> proposed = new ArrayDeque<>();
    private final List<Output.Ready> awaited = new ArrayList<>();

    void propose(long ticket, long index) {
        proposed.add(new Output.Ready(ticket, index));
    }

    void await(long ticket, long index) {
        awaited.add(new Output.Ready(ticket, index));
    }

    int size() {
        return proposed.size() + awaited.size();
    }

    /** Hands out the tickets whose entries are committed. */
    void onCommit(long commitIndex, Output output) {
        while (!proposed.isEmpty() && proposed.peek().index() <= commitIndex) {
            output.ready.add(proposed.poll());
        }
        awaited.removeIf(each -> each.index() <= commitIndex && output.ready.add(each));
    }

    /** Leadership is over: the entries may yet be committed by another leader, or be lost. */
    void onLeadershipLost(Output output) {
        proposed.forEach(each -> refuse(each, output));
        awaited.forEach(each -> refuse(each, output));
        proposed.clear();
        awaited.clear();
    }

    private static void refuse(Output.Ready each, Output output) {
        output.refused.add(new Output.Refused(each.ticket(), Output.Refusal.OUTCOME_UNKNOWN));
    }
}

package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * ReadIndex (thesis, 6.4): a read waits until an entry of the leader's own term is committed, takes the commit index, and
 * goes once a majority has answered a message sent after that. Reads of one turn share a round; a round's number is never
 * used again (LEASE.md 4, #26).
 */
final class PendingReads {
    /** Rounds under way at once; reads that come meanwhile share the next one. Bounds how fast numbers are used up. */
    private static final int ROUNDS_MAX = 64;

    private record Round(long seq, long readIndex, List<Long> tickets) {}

    private final ArrayDeque<Round> rounds = new ArrayDeque<>();
    private List<Long> waiting = new ArrayList<>();
    private int size;

    void add(long ticket) {
        waiting.add(ticket);
        size++;
    }

    int size() {
        return size;
    }

    /** Whether reads wait for a round to begin, and one may. */
    boolean needsRound() {
        return !waiting.isEmpty() && rounds.size() < ROUNDS_MAX;
    }

    /** All waiting reads join a round; {@code seq} is begun after they arrived. */
    void startRound(long seq, long commitIndex) {
        rounds.add(new Round(seq, commitIndex, waiting));
        waiting = new ArrayList<>();
    }

    /** A majority has answered up to {@code quorumSeq}: the reads of these rounds may go. */
    void onQuorum(long quorumSeq, Output output) {
        while (!rounds.isEmpty() && rounds.peek().seq <= quorumSeq) {
            Round round = rounds.poll();
            for (long ticket : round.tickets) {
                output.ready.add(new Output.Ready(ticket, round.readIndex));
            }
            size -= round.tickets.size();
        }
    }

    /** Leadership is over: the reads are asked elsewhere. */
    void onLeadershipLost(Output output) {
        rounds.forEach(round -> round.tickets.forEach(ticket -> refuse(ticket, output)));
        waiting.forEach(ticket -> refuse(ticket, output));
        rounds.clear();
        waiting.clear();
        size = 0;
    }

    private static void refuse(long ticket, Output output) {
        output.refused.add(new Output.Refused(ticket, Output.Refusal.NOT_LEADER));
    }
}

package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * ReadIndex (thesis, 6.4): a read waits until an entry of the leader's own term is committed, takes the commit index, and
 * goes once a majority has answered a message sent after that. Reads of one turn share a round, those that followers ask for
 * among them; a round's number is never used again (LEASE.md 4, #26).
 */
final class PendingReads {
    /** Rounds under way at once; reads that come meanwhile share the next one. Bounds how fast numbers are used up. */
    private static final int ROUNDS_MAX = 64;

    private static final int NO_PEER = -1;

    /** Who asks: a follower by its number, or with {@link #NO_PEER} a client of this node by its ticket. */
    private record Asker(int peer, long number) {}

    private record Round(long seq, long readIndex, List<Asker> askers) {}

    private final NodeState node;
    private final ArrayDeque<Round> rounds = new ArrayDeque<>();
    private List<Asker> waiting = new ArrayList<>();
    private int size;

    PendingReads(NodeState node) {
        this.node = node;
    }

    void add(long ticket) {
        addFor(NO_PEER, ticket);
    }

    /** A follower's question. */
    void addFor(int peer, long number) {
        waiting.add(new Asker(peer, number));
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

    /** A majority has answered up to {@code quorumSeq}: the reads of these rounds may go. Largest index told to a follower, or 0. */
    long onQuorum(long quorumSeq) {
        long told = 0;
        while (!rounds.isEmpty() && rounds.peek().seq <= quorumSeq) {
            Round round = rounds.poll();
            for (Asker asker : round.askers) {
                if (asker.peer == NO_PEER) {
                    node.output.ready.add(new Output.Ready(asker.number, round.readIndex));
                } else {
                    node.send(asker.peer, new Message.ReadIndexReply(node.term(), asker.number, round.readIndex));
                    told = round.readIndex;
                }
            }
            size -= round.askers.size();
        }
        return told;
    }

    /** Leadership is over: the reads are asked elsewhere. Followers know it from the term. */
    void onLeadershipLost() {
        rounds.forEach(round -> round.askers.forEach(this::refuse));
        waiting.forEach(this::refuse);
        rounds.clear();
        waiting.clear();
        size = 0;
    }

    private void refuse(Asker asker) {
        if (asker.peer == NO_PEER) {
            node.refuse(asker.number, Output.Refusal.NOT_LEADER);
        }
    }
}

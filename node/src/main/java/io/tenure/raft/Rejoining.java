package io.tenure.raft;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A node that has lost its files, or whose operator has it begin anew: it may have voted, promised leases and acknowledged
 * entries, and has forgotten all of it (LEASE.md, 3.8 and 4 #39; canonical Raft's amnesia). While this lasts the node gives no
 * vote and no pre-vote and does not stand; and until every other voter has told it its term, it does not answer leaders either.
 * From then on it follows like any other: what it acknowledges and promises counts. It ends when it has caught up with a
 * leader. Why that is sound, as long as those who have forgotten are fewer than half:
 *
 * <p><em>Forgotten votes.</em> A candidate's term is durable before it asks for a vote, so whoever got a forgotten vote of term
 * t tells a term of at least t; if it has forgotten as well and was elected, some other of its voters does. Once all others have told theirs, this node's term is that of its latest
 * vote, or later. Before, it could acknowledge an entry, or promise a lease, to the leader of a term that its own forgotten
 * vote has ended, and the leader that it elected would know of neither: hence it keeps silent until then. In the term in which
 * it ends nobody gets a vote ({@link HardState#FORGOTTEN_VOTE}), as one may have been given; later terms are free.
 *
 * <p><em>New acknowledgements and promises.</em> They speak of what is durable here now, and of what is kept from now on, in a
 * term that no forgotten vote is later than. That is all that a commit or a lease builds on; whether this node would vote does
 * not matter, as to vote less harms no safety. So leaders count them at once, and a cluster of three with one node down and one
 * that rejoins can commit.
 *
 * <p><em>Forgotten acknowledgements.</em> An entry may be committed only because this node had it, or may be called committed
 * later by a leader that counts on it. This node gives no vote meanwhile, and any majority of the others shares with those who
 * committed the entry a node that still has it; so all leaders hold it. One that has committed an entry of its own term has
 * committed it, too, unless it is of this very term. This node votes again when all that such a leader called committed is
 * durable here, and so is all that it believes of this node: what it sends begins where it believes this log to end, at least.
 * It speaks with full knowledge of what the forgotten life had told it: another incarnation is another connection, which ends
 * the old one, so the answer that ended the silence came after all that the old one carried, and before what this leader has
 * sent since.
 *
 * <p><em>Forgotten promises.</em> No vote is given until the longest lease that any member may ask for would be over, counted
 * from boot on this node's clock: the promise was made before that (LEASE.md, 3.12).
 *
 * <p>A restart in between begins anew; what was promised meanwhile is shorter. Confined to the core's thread.
 */
final class Rejoining {
    private static final long NOT_CAUGHT_UP = Long.MAX_VALUE;

    private final NodeState node;
    private final long promisesEndNanos;
    private final Set<Integer> silent;
    private long askDueNanos;
    /** Durable up to here, this node has caught up with the leader of {@link #caughtUpTerm}. */
    private long caughtUpIndex = NOT_CAUGHT_UP;

    private long caughtUpTerm;

    Rejoining(NodeState node) {
        this.node = node;
        this.promisesEndNanos = node.now + node.hardState().leasePromisedMillisMax() * Parameters.NANOS_PER_MILLI;
        this.silent = new HashSet<>(node.parameters.voters());
        silent.remove(node.self());
        askDueNanos = node.now;
    }

    /** Whether leaders get no answer yet: someone has not told its term since this boot. */
    boolean isSilent() {
        return !silent.isEmpty();
    }

    /** When to call {@link #onTick}. */
    long wakeAtNanos() {
        return isSilent() ? askDueNanos : Long.MAX_VALUE;
    }

    /** Asks those who have not told their terms: any answer to a pre-vote tells it, and asking changes nothing there. */
    void onTick() {
        if (isSilent() && node.now - askDueNanos >= 0) {
            askDueNanos = node.now + node.drawElectionTimeoutNanos();
            for (int peer : List.copyOf(silent)) {
                node.send(peer, new Message.RequestVote(node.term() + 1, true, node.log.last()));
            }
        }
    }

    /** A peer has answered, with its real term, which this node has adopted if it is later. */
    void onAnswer(int peer) {
        silent.remove(peer);
    }

    /**
     * A message of the leader of this term has been taken in.
     *
     * @param verifiedIndex up to here this log is the leader's; at least up to the end of the message
     * @param leaderCommit the leader's commit index then
     */
    void onAppendEntry(long verifiedIndex, long leaderCommit) {
        if (isSilent() || node.now - promisesEndNanos < 0) {
            return;
        }
        boolean leaderHasCommitted = node.log.term(node.commitIndex()) == node.term();
        boolean known = caughtUpIndex != NOT_CAUGHT_UP && caughtUpTerm == node.term();
        if (!known && leaderHasCommitted && verifiedIndex >= leaderCommit) {
            caughtUpIndex = verifiedIndex;
            caughtUpTerm = node.term();
        }
        onPersisted();
    }

    /** The log may have become durable further: ends if this was what was missing. */
    void onPersisted() {
        if (caughtUpTerm == node.term() && node.durability.durableIndex() >= caughtUpIndex) {
            node.endRejoining();
        }
    }
}

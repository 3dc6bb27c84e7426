package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Role;
import java.util.Arrays;

/**
 * I4: a leader commits only when every earlier holder is proven stopped, or its last claim is over or released (LEASE.md, 3.12).
 */
final class WaitCovers extends Invariant {
    private final Timeline timeline;
    private final int nodes;
    private final KnownReleases releases;
    private final double[] claimReal;
    private final long[] claimTerm;
    private final long[] claimEpoch;
    private final long[] commitIndex;
    /** By leader: the term in which these nodes were heard of. */
    private final long[] heardTerm;

    private final boolean[][] heard;

    WaitCovers(Timeline timeline, int nodes, KnownReleases releases) {
        this.releases = releases;
        this.timeline = timeline;
        this.nodes = nodes;
        this.claimReal = new double[nodes];
        this.claimTerm = new long[nodes];
        this.claimEpoch = new long[nodes];
        this.commitIndex = new long[nodes];
        this.heardTerm = new long[nodes];
        this.heard = new boolean[nodes][nodes];
        Arrays.fill(claimTerm, -1);
        Arrays.fill(heardTerm, -1);
    }

    @Override
    void onStart(SimNode node) {
        commitIndex[node.id] = node.raft.commitIndex();
    }

    @Override
    void onArrival(int from, SimNode to, Message message) {
        boolean answers = LeaseTalk.answerIn(message) != null
                || (message instanceof Message.RequestVoteReply reply && !reply.preVote());
        if (answers && message.term() >= heardTerm[to.id]) {
            if (message.term() > heardTerm[to.id]) {
                heardTerm[to.id] = message.term();
                Arrays.fill(heard[to.id], false);
            }
            heard[to.id][from] = true;
        }
    }

    @Override
    void onTurn(SimNode node, long firstChanged) {
        if (node.raft.commitIndex() > commitIndex[node.id]) {
            commitIndex[node.id] = node.raft.commitIndex();
            if (node.raft.role() == Role.LEADER) {
                check(node);
            }
        }
        Lease lease = node.validLease();
        if (lease != null) {
            claimTerm[node.id] = lease.term();
            claimEpoch[node.id] = lease.epoch();
            claimReal[node.id] = Math.max(claimReal[node.id], LeaseInvariants.endReal(node, lease, timeline.now()));
        }
    }

    private void check(SimNode leader) {
        long term = leader.raft.currentTerm();
        for (int holder = 0; holder < nodes; holder++) {
            boolean earlier = holder != leader.id && claimTerm[holder] >= 0 && claimTerm[holder] < term;
            boolean stopped = (heardTerm[leader.id] == term && heard[leader.id][holder])
                    || releases.covers(holder, claimTerm[holder], claimEpoch[holder]);
            if (earlier && !stopped && claimReal[holder] > timeline.now()) {
                throw broken(leader + " commits in term " + term + ", but the lease of node " + holder + " in term "
                        + claimTerm[holder] + " may last another " + millis(claimReal[holder] - timeline.now()));
            }
        }
    }
}

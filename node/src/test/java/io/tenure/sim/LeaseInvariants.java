package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.OldLease;
import java.util.Arrays;
import java.util.List;

/**
 * What the lease argument promises (LEASE.md, 3.12). Durations on a node's clock are turned into real time with the worst
 * rates that the bound allows, not with the rates that the run has drawn: a margin that is missing shows at once, not
 * only when the clocks happen to use it up.
 */
final class LeaseInvariants {
    private static final double NANOS_PER_MILLI = 1e6;

    private LeaseInvariants() {}

    /** I2: no leader is leased once a later one has committed an entry of its own term. */
    static final class LeaseDisjointFromCommit extends Invariant {
        private final List<SimNode> nodes;
        private final long[] commitIndex;
        private long committedTerm = -1;

        LeaseDisjointFromCommit(List<SimNode> nodes) {
            this.nodes = nodes;
            this.commitIndex = new long[nodes.size()];
        }

        @Override
        void onStart(SimNode node) {
            commitIndex[node.id] = node.raft.commitIndex();
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            if (node.raft.commitIndex() > commitIndex[node.id]) {
                commitIndex[node.id] = node.raft.commitIndex();
                long term = node.log.term(node.raft.commitIndex());
                if (term > committedTerm) {
                    committedTerm = term;
                    nodes.forEach(this::check);
                }
            }
            check(node);
        }

        private void check(SimNode node) {
            Lease lease = node.validLease();
            if (lease != null && lease.term() < committedTerm) {
                throw broken(node + " has a lease of term " + lease.term() + " though an entry of term " + committedTerm
                        + " is committed");
            }
        }
    }

    /** I3, the leader's half: every lease that is published is backed by promises of a majority that last as long. */
    static final class PromiseBacksClaim extends Invariant {
        private final Timeline timeline;
        private final KnownPromises promises;
        private final long[] checkedEnd;
        private final long[] checkedTerm;

        PromiseBacksClaim(Timeline timeline, KnownPromises promises) {
            this.timeline = timeline;
            this.promises = promises;
            this.checkedEnd = new long[promises.nodes()];
            this.checkedTerm = new long[promises.nodes()];
            Arrays.fill(checkedTerm, -1);
        }

        @Override
        void onArrival(int from, SimNode to, Message message) {
            LeaseTalk.Ask ask = LeaseTalk.askIn(message);
            if (ask != null) {
                promises.onArrival(from, to.id, ask, timeline.now());
            }
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            LeaseTalk.Answer reply = LeaseTalk.answerIn(message);
            if (reply != null && reply.granted()) {
                promises.onReply(from.id, to, reply, from.parameters.clockDriftMax());
            }
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            Lease lease = node.validLease();
            boolean known = lease != null
                    && lease.term() == checkedTerm[node.id]
                    && lease.endNanos() - checkedEnd[node.id] <= 0;
            if (lease == null || known) {
                return;
            }
            checkedTerm[node.id] = lease.term();
            checkedEnd[node.id] = lease.endNanos();
            double endReal = endReal(node, lease, timeline.now());
            int backing = 1;
            for (int voter = 0; voter < promises.nodes(); voter++) {
                backing += voter != node.id && promises.untilReal(voter, node.id) >= endReal ? 1 : 0;
            }
            require(
                    backing > promises.nodes() / 2,
                    "the lease of {} in term {} may last {} from now; only {} of {} have promised as much: {}",
                    node,
                    lease.term(),
                    words(() -> millis(endReal - timeline.now())),
                    backing,
                    promises.nodes(),
                    words(() -> promised(node.id)));
        }

        private String promised(int holder) {
            StringBuilder text = new StringBuilder();
            for (int voter = 0; voter < promises.nodes(); voter++) {
                if (voter != holder) {
                    text.append("node " + voter + " for " + millis(promises.untilReal(voter, holder) - timeline.now())
                            + "; ");
                }
            }
            return text.toString();
        }
    }

    /** Latest real time at which the lease can end if the clock runs as slowly as it may. */
    static double endReal(SimNode node, Lease lease, long now) {
        double left = lease.endNanos() - node.clock.nanoTime();
        return now + left / (1 - node.parameters.clockDriftMax());
    }

    /** I3, the voter's half: a vote reply tells of every promise, for as long as it lasts, even after a restart. */
    static final class VoterTellsPromises extends Invariant {
        private final Timeline timeline;
        private final KnownPromises promises;

        VoterTellsPromises(Timeline timeline, KnownPromises promises) {
            this.timeline = timeline;
            this.promises = promises;
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            if (!(message instanceof Message.RequestVoteReply reply) || reply.preVote()) {
                return;
            }
            for (int holder = 0; holder < promises.nodes(); holder++) {
                double until = promises.untilReal(from.id, holder);
                if (holder == to || holder == from.id || until <= timeline.now()) {
                    continue;
                }
                double told = 0;
                for (OldLease old : reply.oldLeases()) {
                    if (old.holder() == holder || old.holder() == OldLease.UNKNOWN) {
                        told = Math.max(told, old.remainingMillis() * NANOS_PER_MILLI);
                    }
                }
                double covered = timeline.now() + told / (1 + from.parameters.clockDriftMax());
                require(
                        covered >= until,
                        "{} promised node {} a lease for another {}, and tells node {} of {}",
                        from,
                        holder,
                        words(() -> millis(until - timeline.now())),
                        to,
                        reply.oldLeases());
            }
        }
    }
}

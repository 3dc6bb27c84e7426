package io.tenure.sim;

import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import io.tenure.raft.Message;
import io.tenure.raft.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must be on the platter before anything that depends on it leaves (DESIGN.md, D2). */
final class DurabilityInvariants {
    private DurabilityInvariants() {}

    /** No term is spoken of and no vote is given before both are durable; one vote a term, over crashes too. */
    static final class VoteIsDurable extends Invariant {
        private record Ballot(int voter, long term) {}

        private final DurableState durable;
        private final Map<Ballot, Integer> votes = new HashMap<>();

        VoteIsDurable(DurableState durable) {
            this.durable = durable;
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            if (message instanceof Message.RequestVote request) {
                if (!request.preVote()) {
                    vote(from, request.term(), from.id);
                }
            } else if (message instanceof Message.RequestVoteReply reply && !reply.preVote() && reply.granted()) {
                vote(from, reply.term(), to);
            } else {
                HardState state = durable.atLeastTerm(from, message.term());
                if (state.term() < message.term()) {
                    throw broken(from + " speaks of term " + message.term() + "; durable is " + state);
                }
            }
        }

        private void vote(SimNode voter, long term, int candidate) {
            HardState state = durable.withVote(voter, term, candidate);
            boolean isDurable = state.term() > term || (state.term() == term && state.votedFor() == candidate);
            require(isDurable, "{} votes for {} in term {}; durable is {}", voter, candidate, term, state);
            Integer other = votes.putIfAbsent(new Ballot(voter.id, term), candidate);
            require(
                    other == null || other == candidate,
                    "{} votes for {} in term {}, after a vote for {}",
                    voter,
                    candidate,
                    term,
                    other);
        }
    }

    /** I12: no lease is promised that is longer than what a restart would assume. */
    static final class PromiseIsRemembered extends Invariant {
        private final DurableState durable;
        private final KnownPromises promises;

        PromiseIsRemembered(DurableState durable, KnownPromises promises) {
            this.durable = durable;
            this.promises = promises;
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            LeaseTalk.Answer reply = LeaseTalk.answerIn(message);
            if (reply != null && reply.granted()) {
                long millis = promises.lengthAskedFor(from.id, to, reply);
                HardState state = durable.withPromise(from, millis);
                require(
                        state.leasePromisedMillisMax() >= millis,
                        "{} promises node {} a lease of {} ms; durable is {}",
                        from,
                        to,
                        millis,
                        state);
            }
        }
    }

    /** What any node calls committed is on the platters of a majority, whether their processes run or not. */
    static final class CommittedIsDurable extends Invariant {
        private final List<SimNode> nodes;
        private final StoredIsDurable stored;
        private long checked;

        CommittedIsDurable(List<SimNode> nodes, StoredIsDurable stored) {
            this.nodes = nodes;
            this.stored = stored;
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            long commitIndex = node.raft.commitIndex();
            if (commitIndex <= checked) {
                return;
            }
            checked = commitIndex;
            int holders = 0;
            for (SimNode each : nodes) {
                boolean same =
                        each.log.lastIndex() >= commitIndex && each.log.term(commitIndex) == node.log.term(commitIndex);
                boolean had = each.lostLog != null
                        && each.lostStored >= commitIndex
                        && each.lostLog.term(commitIndex) == node.log.term(commitIndex);
                holders += had || (same && stored.isStored(each, commitIndex)) ? 1 : 0;
            }
            require(
                    holders > nodes.size() / 2,
                    "{} calls entry {} committed, which is on {} of {} platters",
                    node,
                    commitIndex,
                    holders,
                    nodes.size());
        }
    }

    /**
     * What a node counts as stored, for itself or in an acknowledgement, is on its platter, and there again after a crash.
     */
    static final class StoredIsDurable extends Invariant {
        private final long[] stored;
        private final long[] verified;
        /** By node and term: the first index that changed while it was in that term. */
        private final List<TreeMap<Long, Long>> changed = new ArrayList<>();

        private final Map<Integer, Long> rolledBytes = new TreeMap<>();

        StoredIsDurable(int nodes) {
            stored = new long[nodes];
            verified = new long[nodes];
            for (int id = 0; id < nodes; id++) {
                changed.add(new TreeMap<>());
            }
        }

        @Override
        void onStart(SimNode node) {
            rolledBytes.remove(node.id);
            changed.get(node.id).clear();
            // What the recovered log lacks or has otherwise shows as a change below what was stored.
            long kept = node.recoveredSame;
            if (node.raft.log().base().index() > kept || node.wasCut) {
                // A leader's snapshot, or a peer's entries, which are committed, have taken the place of what
                // contradicted them.
                stored[node.id] = Math.min(stored[node.id], kept);
            }
            require(
                    kept >= stored[node.id],
                    "{} acknowledged entry {}, and recovered only up to {} of that log",
                    node,
                    stored[node.id],
                    kept);
            verified[node.id] = Math.min(verified[node.id], kept);
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            changed.get(node.id).merge(node.raft.currentTerm(), firstChanged, Math::min);
            if (firstChanged <= stored[node.id] || firstChanged <= verified[node.id]) {
                stored[node.id] = Math.min(stored[node.id], firstChanged - 1);
                verified[node.id] = Math.min(verified[node.id], firstChanged - 1);
            }
            if (node.raft.role() == Role.LEADER) {
                count(node, node.raft.durableIndex());
            }
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            if (message instanceof Message.AppendEntryReply reply && reply.success()) {
                // One of an earlier term waited for the term to be durable, while what it speaks of was replaced
                // perhaps.
                long known = from.log.lastIndex();
                for (long replaced :
                        changed.get(from.id).tailMap(reply.term(), false).values()) {
                    known = Math.min(known, replaced - 1);
                }
                count(from, Math.min(reply.matchIndex(), known));
            }
        }

        /** The node's folder is lost: from now on it is another one. Up to where its log was stored. */
        long forget(SimNode node) {
            long had = stored[node.id];
            stored[node.id] = 0;
            verified[node.id] = 0;
            rolledBytes.remove(node.id);
            return had;
        }

        /** A bit is about to turn on the node's disk: what is on it now has been stored. */
        void beforeRot(SimNode node) {
            isStored(node, node.log.lastIndex());
        }

        private void count(SimNode node, long index) {
            require(
                    isStored(node, index),
                    "{} counts entry {} as stored; {} is the last",
                    node,
                    index,
                    verified[node.id]);
            stored[node.id] = Math.max(stored[node.id], index);
        }

        /** Whether the node's log up to there, as its core has or had it, is on its platter. */
        boolean isStored(SimNode node, long index) {
            while (verified[node.id] < index && isOnPlatter(node, verified[node.id] + 1)) {
                verified[node.id]++;
            }
            return verified[node.id] >= index;
        }

        private boolean isOnPlatter(SimNode node, long index) {
            Entry entry = node.log.entry(index);
            long begin = node.log.begin(index);
            if (entry == null || begin < 0 || isDurable(node, begin, entry)) {
                return true;
            }
            // The text may have been rolled meanwhile; then the current file begins later.
            rolledBytes.put(node.id, node.bytesBeforeCurrent());
            return isDurable(node, begin, entry);
        }

        private boolean isDurable(SimNode node, long begin, Entry entry) {
            long from = begin - rolledBytes.getOrDefault(node.id, 0L);
            return from < 0
                    || node.disk.isDurable(
                            node.folder + "/logs.txt", from, entry.bytes(), entry.offset(), entry.length());
        }
    }
}

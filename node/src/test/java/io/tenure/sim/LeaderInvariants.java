package io.tenure.sim;

import io.tenure.entry.KeyHash;
import io.tenure.raft.Entry;
import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a leader owes while it leads (LEASE.md, 3.12). */
final class LeaderInvariants {
    private static final double NANOS_PER_MILLI = 1e6;

    private LeaderInvariants() {}

    /** I5: until a leader has committed an entry of its own, its lease covers no key that an unknown commit may touch. */
    static final class LimboGuard extends Invariant {
        private final long[] ledTerm;
        private final long[] commitIndex;
        private final long[] firstOwnIndex;
        private final List<Set<Long>> limbo;

        LimboGuard(int nodes) {
            ledTerm = new long[nodes];
            commitIndex = new long[nodes];
            firstOwnIndex = new long[nodes];
            Arrays.fill(ledTerm, -1);
            limbo = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                limbo.add(new TreeSet<>());
            }
        }

        @Override
        void onStart(SimNode node) {
            commitIndex[node.id] = node.raft.commitIndex();
            ledTerm[node.id] = -1;
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            if (node.raft.role() == Role.LEADER) {
                if (ledTerm[node.id] != node.raft.currentTerm()) {
                    onElection(node);
                }
                Lease lease = node.validLease();
                if (lease != null && node.raft.commitIndex() < firstOwnIndex[node.id]) {
                    for (long keyHash : limbo.get(node.id)) {
                        require(
                                lease.limbo().contains(keyHash),
                                "{} leads term {} without an own commit, and its lease covers a key (hash {}) written"
                                        + " at or before entry {}",
                                node,
                                lease.term(),
                                Long.toHexString(keyHash),
                                firstOwnIndex[node.id] - 1);
                    }
                }
            }
            commitIndex[node.id] = node.raft.commitIndex();
        }

        /** A read was answered by the lease; whether the leader had committed nothing of its own by then. */
        boolean onLeaseRead(SimNode node, String key) {
            boolean early = node.raft.role() == Role.LEADER
                    && node.raft.currentTerm() == ledTerm[node.id]
                    && node.raft.commitIndex() < firstOwnIndex[node.id];
            require(
                    !early || !limbo.get(node.id).contains(KeyHash.of(key)),
                    "{} leads term {} without an own commit, and answered a read of {}, which is in limbo",
                    node,
                    ledTerm[node.id],
                    key);
            return early;
        }

        private void onElection(SimNode node) {
            long term = node.raft.currentTerm();
            ledTerm[node.id] = term;
            limbo.get(node.id).clear();
            long last = node.log.lastIndex();
            while (last > 0 && node.log.term(last) == term) {
                last--;
            }
            firstOwnIndex[node.id] = last + 1;
            for (long index = commitIndex[node.id] + 1; index <= last; index++) {
                Entry entry = node.log.entry(index);
                if (entry != null && entry.kind() == Entry.Kind.WRITE) {
                    limbo.get(node.id).add(entry.keyHash());
                }
            }
        }
    }

    /** I9: nobody stays leader for longer than L and a heartbeat, on its own clock, without answers of a majority. */
    static final class LeaderStepsDown extends Invariant {
        private static final long SLACK_NANOS = 10_000_000;

        private final int nodes;
        private final long[] ledTerm;
        private final long[] askedSince;
        private final long[][] answered;

        LeaderStepsDown(int nodes) {
            this.nodes = nodes;
            this.ledTerm = new long[nodes];
            this.askedSince = new long[nodes];
            this.answered = new long[nodes][nodes];
            Arrays.fill(ledTerm, -1);
        }

        @Override
        void onDeath(SimNode node) {
            ledTerm[node.id] = -1;
        }

        @Override
        void onSend(SimNode from, int to, Message message) {
            LeaseTalk.Ask ask = LeaseTalk.askIn(message);
            if (ask != null && ask.leaseMillis() > 0 && ask.term() != ledTerm[from.id]) {
                ledTerm[from.id] = ask.term();
                askedSince[from.id] = from.clock.nanoTime();
                Arrays.fill(answered[from.id], askedSince[from.id]);
            }
        }

        @Override
        void onArrival(int from, SimNode to, Message message) {
            if (LeaseTalk.answerIn(message) != null && message.term() == ledTerm[to.id]) {
                answered[to.id][from] = to.clock.nanoTime();
            }
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            boolean leads = node.raft.role() == Role.LEADER && node.raft.currentTerm() == ledTerm[node.id];
            if (!leads || nodes == 1 || node.pausedInTurn) {
                return;
            }
            long now = node.clock.nanoTime();
            answered[node.id][node.id] = now;
            long[] sorted = answered[node.id].clone();
            Arrays.sort(sorted);
            long majority = sorted[(nodes - 1) / 2];
            long allowed = (long) (node.raft.timing().leaseMillis() * NANOS_PER_MILLI)
                    + node.raft.timing().heartbeatNanos()
                    + SLACK_NANOS;
            if (now - majority > allowed) {
                throw broken(node + " still leads term " + ledTerm[node.id] + ", " + millis((double) (now - majority))
                        + " after a majority answered");
            }
        }
    }

    /** D11: nobody leads on whose disk has owed it an entry for longer than the deadline, on its own clock. */
    static final class LeaderHasDisk extends Invariant {
        private static final long SLACK_NANOS = 10_000_000;
        /** A disk that was full a moment ago may still count as such. */
        private static final long TOLD_WITHIN_NANOS = 250_000_000;

        private final long[] owedIndex;
        private final long[] owedSince;
        private final long[] countsAsFullUntil;

        LeaderHasDisk(int nodes) {
            owedIndex = new long[nodes];
            owedSince = new long[nodes];
            countsAsFullUntil = new long[nodes];
        }

        @Override
        void onStart(SimNode node) {
            owedIndex[node.id] = 0;
            countsAsFullUntil[node.id] = node.clock.nanoTime();
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            long now = node.clock.nanoTime();
            long durable = node.raft.durableIndex();
            // A full disk owes nothing: it takes what waits once there is room.
            boolean full = node.disk.usableBytes() < Scenario.DISK_RESERVE_BYTES;
            if (full) {
                countsAsFullUntil[node.id] = now + TOLD_WITHIN_NANOS;
            }
            if (full || durable >= owedIndex[node.id] || firstChanged <= owedIndex[node.id]) {
                owedIndex[node.id] = node.log.lastIndex();
                owedSince[node.id] = Math.max(now, countsAsFullUntil[node.id]);
            }
            long owed = durable < owedIndex[node.id] ? now - owedSince[node.id] : 0;
            boolean leads = node.raft.role() == Role.LEADER && !node.pausedInTurn;
            if (leads && owed > node.parameters.diskDeadlineNanos() + SLACK_NANOS) {
                throw broken(node + " leads term " + node.raft.currentTerm() + " though its disk owes entry "
                        + owedIndex[node.id] + " for " + millis((double) owed));
            }
        }
    }
}

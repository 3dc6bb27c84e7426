package io.tenure.sim;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Raft promises (paper, figure 3), and what its properties rest on. */
final class RaftInvariants {
    private RaftInvariants() {}

    /** At most one leader can be elected in a term (paper, 5.2). */
    static final class ElectionSafety extends Invariant {
        private final Map<Long, Integer> leaders = new HashMap<>();
        private final long[] known;

        ElectionSafety(int nodes) {
            known = new long[nodes];
            Arrays.fill(known, -1);
        }

        /** Leaderships so far. */
        int leaderships() {
            return leaders.size();
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            long term = node.raft.currentTerm();
            if (node.raft.role() != Role.LEADER || known[node.id] == term) {
                return;
            }
            Integer other = leaders.putIfAbsent(term, node.id);
            require(other == null || other == node.id, "nodes {} and {} both lead term {}", other, node.id, term);
            known[node.id] = term;
        }
    }

    /** A leader never overwrites or deletes entries of its log (paper, 5.3). */
    static final class LeaderAppendOnly extends Invariant {
        private final long[] ledTerm;
        private final long[] lastIndex;

        LeaderAppendOnly(int nodes) {
            ledTerm = new long[nodes];
            lastIndex = new long[nodes];
            Arrays.fill(ledTerm, -1);
        }

        @Override
        void onDeath(SimNode node) {
            ledTerm[node.id] = -1;
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            boolean leads = node.raft.role() == Role.LEADER;
            if (leads && ledTerm[node.id] == node.raft.currentTerm() && firstChanged <= lastIndex[node.id]) {
                throw broken("the leader " + node + " changed entry " + firstChanged + " of its own log");
            }
            ledTerm[node.id] = leads ? node.raft.currentTerm() : -1;
            lastIndex[node.id] = node.log.lastIndex();
        }
    }

    /** If two logs hold an entry of the same index and term, they are equal up to it (paper, 5.3). */
    static final class LogMatching extends Invariant {
        private record Known(long previousTerm, Entry entry) {}

        private final Map<EntryId, Known> entries = new HashMap<>();

        @Override
        void onStart(SimNode node) {
            check(node, 1);
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            check(node, firstChanged);
        }

        private void check(SimNode node, long firstChanged) {
            for (long index = firstChanged; index <= node.log.lastIndex(); index++) {
                EntryId id = new EntryId(index, node.log.term(index));
                Known here = new Known(node.log.term(index - 1), node.log.entry(index));
                Known known = entries.putIfAbsent(id, here);
                if (known == null) {
                    continue;
                }
                require(
                        known.previousTerm == here.previousTerm,
                        "{} holds {} after an entry of term {}, another log after one of term {}",
                        node,
                        id,
                        here.previousTerm,
                        known.previousTerm);
                require(isSame(known.entry, here.entry), "{} holds another {} than another log", node, id);
                if (known.entry == null) {
                    entries.put(id, here);
                }
            }
        }

        /** Tags can be lost with power; what an entry does can't. */
        static boolean isSame(Entry a, Entry b) {
            return a == null
                    || b == null
                    || (a.kind() == b.kind()
                            && Arrays.equals(
                                    a.bytes(),
                                    a.offset(),
                                    a.offset() + a.length(),
                                    b.bytes(),
                                    b.offset(),
                                    b.offset() + b.length()));
        }
    }

    /** Nodes never call different entries of one index committed (paper, 5.4.3). */
    static final class StateMachineSafety extends Invariant {
        private final Committed committed;
        private final long[] seen;

        StateMachineSafety(int nodes, Committed committed) {
            this.committed = committed;
            this.seen = new long[nodes];
        }

        @Override
        void onStart(SimNode node) {
            seen[node.id] = 0;
            check(node);
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            check(node);
        }

        private void check(SimNode node) {
            long commitIndex = node.raft.commitIndex();
            while (seen[node.id] < commitIndex) {
                long index = ++seen[node.id];
                Entry entry = node.log.entry(index);
                if (index > committed.lastIndex()) {
                    committed.add(node.log.term(index), node.raft.currentTerm(), entry);
                    continue;
                }
                Committed.Item known = committed.get(index);
                require(
                        known.term() == node.log.term(index) && LogMatching.isSame(known.entry(), entry),
                        "{} commits another entry {} than a node did before (term {}, before term {})",
                        node,
                        index,
                        node.log.term(index),
                        known.term());
            }
        }
    }

    /** What was committed in a term is in the log of every leader of a later one (paper, 5.4). */
    static final class LeaderCompleteness extends Invariant {
        private final Committed committed;
        private final long[] ledTerm;

        LeaderCompleteness(int nodes, Committed committed) {
            this.committed = committed;
            this.ledTerm = new long[nodes];
            Arrays.fill(ledTerm, -1);
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            long term = node.raft.currentTerm();
            if (node.raft.role() != Role.LEADER || ledTerm[node.id] == term) {
                return;
            }
            ledTerm[node.id] = term;
            for (long index = 1; index <= committed.lastIndex(); index++) {
                Committed.Item item = committed.get(index);
                if (item.inTerm() < term) {
                    require(
                            index <= node.log.lastIndex() && node.log.term(index) == item.term(),
                            "{} leads term {} without entry {} of term {}, committed in term {}",
                            node,
                            term,
                            index,
                            item.term(),
                            item.inTerm());
                }
            }
        }
    }

    /** Terms never go back, not even over a crash; commit indexes don't while a process lives. */
    static final class TermAndCommitMonotone extends Invariant {
        private final long[] term;
        private final long[] commitIndex;

        TermAndCommitMonotone(int nodes) {
            term = new long[nodes];
            commitIndex = new long[nodes];
            Arrays.fill(term, -1);
        }

        @Override
        void onStart(SimNode node) {
            term[node.id] = node.raft.currentTerm();
            commitIndex[node.id] = node.raft.commitIndex();
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            if (node.raft.currentTerm() < term[node.id] || node.raft.commitIndex() < commitIndex[node.id]) {
                throw broken(node + " went back to term " + node.raft.currentTerm() + " or commit index "
                        + node.raft.commitIndex());
            }
            term[node.id] = node.raft.currentTerm();
            commitIndex[node.id] = node.raft.commitIndex();
        }
    }

    /** No log ever holds a request twice (DESIGN.md, D6). */
    static final class OncePerLog extends Invariant {
        private record Request(long session, long number) {}

        private final List<List<Request>> byIndex = new ArrayList<>();
        private final List<Map<Request, Long>> indexes = new ArrayList<>();

        OncePerLog(int nodes) {
            for (int i = 0; i < nodes; i++) {
                byIndex.add(new ArrayList<>());
                indexes.add(new HashMap<>());
            }
        }

        @Override
        void onStart(SimNode node) {
            check(node, 1);
        }

        @Override
        void onTurn(SimNode node, long firstChanged) {
            if (firstChanged <= node.log.lastIndex()
                    || firstChanged <= byIndex.get(node.id).size()) {
                check(node, firstChanged);
            }
        }

        private void check(SimNode node, long firstChanged) {
            List<Request> requests = byIndex.get(node.id);
            while (requests.size() >= firstChanged) {
                indexes.get(node.id).remove(requests.remove(requests.size() - 1));
            }
            for (long index = firstChanged; index <= node.log.lastIndex(); index++) {
                Entry entry = node.log.entry(index);
                boolean tagged = entry != null && entry.session() != Entry.NO_SESSION;
                Request request = tagged ? new Request(entry.session(), entry.number()) : null;
                requests.add(request);
                Long other = tagged ? indexes.get(node.id).put(request, index) : null;
                require(other == null, "{} holds {} twice, at {} and {}", node, request, other, index);
            }
        }
    }
}

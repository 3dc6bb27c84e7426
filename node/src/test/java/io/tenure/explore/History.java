package io.tenure.explore;

import io.tenure.sim.Violation;

/**
 * What a god remembers of a run: as much of the past as the invariants need, and what has been used up of the scope. A part of
 * the state, as a different past may make the same future right or wrong.
 *
 * @param leaders who led each term: a byte a term, lowest first, 0 for nobody, else id + 1
 * @param committed all entries that any node has called committed, as a log
 * @param inTerms term of the node that first did so, plus 1: a byte an entry
 * @param seen index of the newest write that was acknowledged to, or could have been read by, anybody
 * @param quorumFloor {@code seen} when the read by quorum that is under way was asked, or -1
 * @param steppedFloor the same of the lease read that is under way
 */
record History(
        long leaders,
        long committed,
        long inTerms,
        int seen,
        int commands,
        int elections,
        int crashes,
        int duplicates,
        int ticks,
        int quorumReads,
        int quorumFloor,
        int steppedReads,
        int steppedFloor) {
    static final History BEGIN = new History(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, -1);

    /** The same with the nodes renamed. */
    History renamed(int[] names) {
        long renamed = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            int leader = (int) (leaders >>> shift) & 255;
            renamed |= (leader == 0 ? 0L : names[leader - 1] + 1L) << shift;
        }
        return new History(
                renamed,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes,
                duplicates,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    /** The same with nothing used up of the scope; but for commands and reads, as what comes next depends on them. */
    History spared() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                0,
                0,
                0,
                0,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    /** Whether no more of the scope is used up than in another history. */
    boolean leavesAsMuchAs(History other) {
        return elections <= other.elections
                && crashes <= other.crashes
                && duplicates <= other.duplicates
                && ticks <= other.ticks;
    }

    History withCommand() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands + 1,
                elections,
                crashes,
                duplicates,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    History withElection() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections + 1,
                crashes,
                duplicates,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    History withCrash() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes + 1,
                duplicates,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    History withDuplicate() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes,
                duplicates + 1,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    History withTick() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes,
                duplicates,
                ticks + 1,
                quorumReads,
                quorumFloor,
                steppedReads,
                steppedFloor);
    }

    History withQuorumRead() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes,
                duplicates,
                ticks,
                quorumReads + 1,
                seen,
                steppedReads,
                steppedFloor);
    }

    History withSteppedRead() {
        return new History(
                leaders,
                committed,
                inTerms,
                seen,
                commands,
                elections,
                crashes,
                duplicates,
                ticks,
                quorumReads,
                quorumFloor,
                steppedReads + 1,
                seen);
    }

    /** What is noted when {@code node} has gone from {@code before} to what it is now among {@code all}. */
    History after(Facts before, LocalStates.Outcome outcome, Facts[] all, int node) {
        Facts after = all[node];
        long newLeaders = leaders;
        if (after.leads >= 0 && after.leads != before.leads) {
            newLeaders = checkElection(after);
        }
        long log = committed;
        long terms = inTerms;
        int length = Entries.length(committed);
        for (int index = 1; index <= after.commit; index++) {
            int code = Entries.at(after.log, index);
            if (index <= length) {
                require(
                        Entries.at(log, index) == code,
                        "StateMachineSafety",
                        after,
                        "commits another entry " + index + " than in " + Entries.toText(log));
            } else {
                log = Entries.with(log, index - 1, code);
                terms |= (after.term + 1) << (8 * (index - 1));
            }
        }
        if (log != committed) {
            checkCommit(after, all);
        }
        int newSeen = seen;
        int newQuorumFloor = quorumFloor;
        int newSteppedFloor = steppedFloor;
        if (outcome.effects != null) {
            for (long index : outcome.effects.acknowledged) {
                require(index <= Entries.length(log), "StateMachineSafety", after, "acknowledges entry " + index);
                newSeen = Math.max(newSeen, (int) index);
            }
            for (int value : outcome.effects.quorumAnswers) {
                newSeen = Math.max(newSeen, checkRead(after, log, value, quorumFloor));
                newQuorumFloor = -1;
            }
            newQuorumFloor = outcome.effects.quorumRefusals > 0 ? -1 : newQuorumFloor;
            if (outcome.effects.leaseAnswer >= 0) {
                newSeen = Math.max(newSeen, checkRead(after, log, outcome.effects.leaseAnswer, steppedFloor));
            }
            newSteppedFloor = outcome.effects.readOver ? -1 : newSteppedFloor;
        }
        for (Facts each : all) {
            if (each.readable >= 0) {
                newSeen = Math.max(newSeen, checkRead(each, log, each.readable, newSeen));
            }
        }
        for (Facts each : all) {
            if (each.readable >= 0) {
                checkRead(each, log, each.readable, newSeen);
            }
        }
        return new History(
                newLeaders,
                log,
                terms,
                newSeen,
                commands,
                elections,
                crashes,
                duplicates,
                ticks,
                quorumReads,
                newQuorumFloor,
                steppedReads,
                newSteppedFloor);
    }

    private long checkElection(Facts leader) {
        int shift = (int) (8 * leader.leads);
        int known = (int) (leaders >>> shift) & 255;
        require(
                known == 0 || known == leader.node + 1,
                "ElectionSafety",
                leader,
                "leads, as node " + (known - 1) + " did");
        for (int index = 1; index <= Entries.length(committed); index++) {
            boolean earlier = ((inTerms >>> (8 * (index - 1))) & 255) - 1 < leader.leads;
            require(
                    !earlier || Entries.at(leader.log, index) == Entries.at(committed, index),
                    "LeaderCompleteness",
                    leader,
                    "leads without entry " + index + " of " + Entries.toText(committed));
        }
        return leaders | (leader.node + 1L) << shift;
    }

    /** Something was committed that nobody had called committed before. */
    private static void checkCommit(Facts node, Facts[] all) {
        if (node.leads < 0) {
            return;
        }
        int stored = 0;
        for (Facts each : all) {
            boolean has = Entries.prefix(each.platter, node.commit) == Entries.prefix(node.log, node.commit);
            stored += has ? 1 : 0;
            boolean stopped = each.term >= node.term;
            require(
                    stopped || each.claimTerm < 0 || each.claimTerm >= node.term,
                    "WaitCovers",
                    node,
                    "commits while the lease of node " + each.node + " in term " + each.claimTerm + " has not run out");
        }
        require(stored > Scope.NODES / 2, "CommittedIsDurable", node, "commits what " + stored + " disks hold");
    }

    private static int checkRead(Facts node, long log, int value, int floor) {
        int version = 0;
        for (int index = 1; index <= Entries.length(log) && value > 0; index++) {
            version = Entries.numberAt(log, index) == value ? index : version;
        }
        require(value == 0 || version > 0, "ReadsAreFresh", node, "reads value " + value + ", which is not committed");
        require(
                version >= floor,
                "ReadsAreFresh",
                node,
                "reads version " + version + ", though version " + floor + " was known before");
        return version;
    }

    private static void require(boolean holds, String invariant, Facts node, String what) {
        if (!holds) {
            throw new Violation(invariant, "node " + node.node + " (" + node + ") " + what);
        }
    }

    /** I2, I3 and log matching, which look at the present alone. */
    void checkState(Facts[] all) {
        int last = Entries.termAt(committed, Entries.length(committed));
        for (Facts each : all) {
            checkBacking(each, all);
            require(
                    each.leaseTerm < 0 || each.leaseTerm >= last,
                    "LeaseDisjointFromCommit",
                    each,
                    "has a lease of term " + each.leaseTerm + " though an entry of term " + last + " is committed");
        }
        for (int i = 0; i < all.length; i++) {
            for (int j = 0; j < i; j++) {
                if (all[i].log != all[j].log) {
                    checkMatching(all[i], all[j].log);
                }
            }
        }
    }

    /** I3: as much as a lease claims, a majority owes. */
    private static void checkBacking(Facts holder, Facts[] all) {
        if (holder.leaseTerm < 0) {
            return;
        }
        int backing = 1;
        for (Facts voter : all) {
            boolean owes = voter.owedRealNanos[holder.node] >= holder.leaseRealNanos;
            backing += voter.node != holder.node && owes ? 1 : 0;
        }
        require(
                backing > Scope.NODES / 2,
                "PromiseBacksClaim",
                holder,
                "has a lease for another " + holder.leaseRealNanos / 1e6 + " ms, which no other node owes");
    }

    private static void checkMatching(Facts node, long other) {
        long differ = node.log ^ other;
        int same = Long.numberOfTrailingZeros(differ) / 8;
        for (int index = same + 2; index <= Entries.LOG_MAX; index++) {
            int code = Entries.at(node.log, index);
            require(
                    code == 0 || code != Entries.at(other, index),
                    "LogMatching",
                    node,
                    "agrees with " + Entries.toText(other) + " at " + index + ", not before");
        }
        boolean sameTerm = Entries.termAt(node.log, same + 1) == Entries.termAt(other, same + 1);
        require(
                !sameTerm || Entries.at(node.log, same + 1) == 0 || Entries.at(other, same + 1) == 0,
                "LogMatching",
                node,
                "holds another entry of the same id than " + Entries.toText(other));
    }
}

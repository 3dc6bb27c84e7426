package io.tenure.explore;

import io.tenure.raft.Parameters;
import java.util.List;

/** What is explored: everything that can happen within these bounds. */
final class Scope {
    static final int NODES = 3;
    /** As many as there may be. */
    static final int ANY = -1;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NEVER_NANOS = 1_000_000_000_000_000L;

    /** Terms: 0 up to below this. */
    int terms = 2;
    /** Writes that clients may ask for, all of one key. */
    int commands = 1;
    /** Times that an election timer fires; {@link #ANY} for no bound. */
    int elections = ANY;
    /** Crashes with restart. */
    int crashes = 1;
    /** Messages that arrive and stay in the network, to arrive again; {@link #ANY} for no bound. */
    int duplicates = ANY;
    /** Steps of real time. Whatever else happens takes none. */
    int ticks = 2;
    /** Steps of real time in a lease. */
    int leaseTicks = 1;
    /** Clocks are as slow or as fast as the bound allows; otherwise all are right. */
    boolean skew;
    /** Pre-votes are asked for and given by messages; otherwise everybody who asks is told yes, which is more than can happen. */
    boolean preVotes;
    /** Disk writes take time; otherwise they are complete before anything else happens to the node. */
    boolean slowDisk;
    /** Reads by ReadIndex. */
    int quorumReads;
    /** Lease reads step by step; turns of the raft agent and of the applier then come in steps as well. */
    int steppedReads;
    /** Neither reads nor writes without a lease (LEASE.md, 3.7). */
    boolean strict;

    double clockDriftMax = 0.1;
    /** The nearest states first, for a short story; otherwise those with the most messages, which cover others. */
    boolean broad;
    /** Nodes that are the same but for their ids are told apart. */
    boolean distinct;

    private static final long TICK_MILLIS = 100;

    /** What a clock of this rate counts in one step of real time. */
    long tickNanos(int rate) {
        return Math.round(TICK_MILLIS * NANOS_PER_MILLI * (1 + rate * clockDriftMax));
    }

    long leaseMillis() {
        return leaseTicks * TICK_MILLIS;
    }

    Parameters parametersOf(int node) {
        return new Parameters(
                node,
                List.of(0, 1, 2),
                1,
                NEVER_NANOS,
                tickNanos(-1),
                leaseMillis(),
                clockDriftMax,
                strict,
                NEVER_NANOS,
                1 << 16,
                1 << 16,
                1 << 16,
                1 << 16,
                1 << 16,
                100);
    }

    /** Sets a bound by its name on the command line; whether there is one of this name. */
    boolean set(String name, int value) {
        switch (name) {
            case "--terms" -> terms = value;
            case "--commands" -> commands = value;
            case "--elections" -> elections = value;
            case "--crashes" -> crashes = value;
            case "--duplicates" -> duplicates = value;
            case "--ticks" -> ticks = value;
            case "--lease-ticks" -> leaseTicks = value;
            case "--skew" -> skew = value != 0;
            case "--pre-votes" -> preVotes = value != 0;
            case "--slow-disk" -> slowDisk = value != 0;
            case "--quorum-reads" -> quorumReads = value;
            case "--stepped-reads" -> steppedReads = value;
            case "--strict" -> strict = value != 0;
            case "--broad" -> broad = value != 0;
            case "--distinct" -> distinct = value != 0;
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return NODES + " nodes, " + terms + " terms, " + commands + " commands, "
                + (elections == ANY ? "any" : String.valueOf(elections)) + " elections, " + crashes + " crashes, "
                + (duplicates == ANY ? "any" : String.valueOf(duplicates)) + " duplicates, " + ticks
                + " steps of time (" + leaseTicks + " in a lease), clocks "
                + (skew ? "slow or fast by " + clockDriftMax : "right") + ", pre-votes "
                + (preVotes ? "by message" : "all given") + ", disk " + (slowDisk ? "slow" : "at once") + ", "
                + quorumReads + " reads by quorum, " + steppedReads + " reads in steps"
                + (strict ? ", strict lease" : "");
    }
}

package io.tenure.node;

import io.tenure.node.Settings.Profile;
import io.tenure.node.Settings.Timing;
import io.tenure.raft.Parameters;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Durations: the table of LEASE.md 3.11, what the file puts in their place, and what must hold between them. */
final class SettingsTiming {
    private static final int HEARTBEAT_MILLIS_MIN = 5;
    private static final int HEARTBEAT_MILLIS_MAX = 5000;
    private static final int LEASE_MILLIS_MIN = 20;
    /** No member asks for a longer lease: a node that has forgotten its promises waits for as long. */
    static final int LEASE_MILLIS_MAX = 10_000;

    private static final int ELECTION_MILLIS_MIN = 10;
    private static final int ELECTION_MILLIS_MAX = 60_000;

    /** The assignment's rule: a lease of 2 to 10 seconds (LEASE.md, 1.1). */
    private static final int ASSIGNMENT_LEASE_MILLIS_MIN = 2000;

    private static final int ASSIGNMENT_HEARTBEAT_MILLIS_MAX = 1000;

    private final SettingsSection top;
    private final Profile profile;
    private final double clockDriftMax;

    SettingsTiming(SettingsSection top, Profile profile, double clockDriftMax) {
        this.top = top;
        this.profile = profile;
        this.clockDriftMax = clockDriftMax;
    }

    Timing timing() {
        int lease = top.whole("leaseMillis", defaultLease(), leaseMin(), LEASE_MILLIS_MAX);
        int heartbeat =
                top.whole("heartbeatMillis", defaultHeartbeat(lease), HEARTBEAT_MILLIS_MIN, HEARTBEAT_MILLIS_MAX);
        SettingsSection range = top.section("electionTimeoutMillis", List.of("min", "max"));
        int min = range.whole("min", defaultElectionMin(), ELECTION_MILLIS_MIN, ELECTION_MILLIS_MAX);
        int max = range.whole("max", defaultElectionMax(), ELECTION_MILLIS_MIN, ELECTION_MILLIS_MAX);
        checkLease(lease, heartbeat);
        checkRange(range, min, max);
        checkHeartbeat(range, heartbeat, min);
        return new Timing(heartbeat, lease, min, max);
    }

    /** Whether timing goes on from there by itself; not with the assignment's rules, by which a lease never changes. */
    boolean adaptive() {
        boolean adaptive = top.bool("adaptiveTiming", false);
        if (adaptive && profile == Profile.ASSIGNMENT) {
            throw top.refuse(
                    "adaptiveTiming",
                    "true",
                    "leases of the assignment have a fixed length",
                    "false, or profile lan or geo");
        }
        return adaptive;
    }

    /** A leader that can't count on two heartbeats of its lease would flap (LEASE.md, 3.2). */
    private void checkLease(int lease, int heartbeat) {
        if (fits(lease, heartbeat)) {
            return;
        }
        double counted = Math.floor(Parameters.leaseNanos(lease, clockDriftMax) / 1e5) / 10;
        if (top.has("heartbeatMillis") && !top.has("leaseMillis")) {
            int fitting = heartbeat;
            while (!fits(lease, fitting)) {
                fitting--;
            }
            throw top.refuse(
                    "heartbeatMillis",
                    Integer.toString(heartbeat),
                    "two of them must fit into the " + counted + " ms that a leader may count on of leaseMillis "
                            + lease,
                    HEARTBEAT_MILLIS_MIN + ".." + fitting);
        }
        int fitting = lease;
        while (!fits(fitting, heartbeat)) {
            fitting++;
        }
        throw top.refuse(
                "leaseMillis",
                Integer.toString(lease),
                "a leader may count on " + counted + " ms of it, less than two heartbeats of " + heartbeat + " ms",
                fitting <= LEASE_MILLIS_MAX
                        ? fitting + ".." + LEASE_MILLIS_MAX
                        : leaseMin() + ".." + LEASE_MILLIS_MAX + " with a smaller heartbeatMillis");
    }

    private boolean fits(int lease, int heartbeat) {
        return Parameters.leaseNanos(lease, clockDriftMax) >= TimeUnit.MILLISECONDS.toNanos(2L * heartbeat);
    }

    private void checkRange(SettingsSection range, int min, int max) {
        if (min < max) {
            return;
        }
        if (range.has("max")) {
            throw range.refuse(
                    "max",
                    Integer.toString(max),
                    "not larger than min " + min,
                    min < ELECTION_MILLIS_MAX ? (min + 1) + ".." + ELECTION_MILLIS_MAX : "a larger one than min");
        }
        throw range.refuse(
                "min",
                Integer.toString(min),
                "not smaller than max " + max,
                ELECTION_MILLIS_MIN + ".." + (max - 1) + ", or a larger max");
    }

    /** A follower must not lose patience between two heartbeats. */
    private void checkHeartbeat(SettingsSection range, int heartbeat, int min) {
        if (heartbeat < min) {
            return;
        }
        if (range.has("min")) {
            throw range.refuse(
                    "min",
                    Integer.toString(min),
                    "not larger than heartbeatMillis " + heartbeat,
                    (heartbeat + 1) + ".." + ELECTION_MILLIS_MAX);
        }
        throw top.refuse(
                "heartbeatMillis",
                Integer.toString(heartbeat),
                "not smaller than electionTimeoutMillis.min " + min,
                HEARTBEAT_MILLIS_MIN + ".." + (min - 1));
    }

    private int leaseMin() {
        return profile == Profile.ASSIGNMENT ? ASSIGNMENT_LEASE_MILLIS_MIN : LEASE_MILLIS_MIN;
    }

    private int defaultLease() {
        return switch (profile) {
            case LAN -> 350;
            case GEO -> 1200;
            case ASSIGNMENT -> 8000;
        };
    }

    private int defaultHeartbeat(int lease) {
        return switch (profile) {
            case LAN -> 50;
            case GEO -> 150;
            case ASSIGNMENT -> Math.min(ASSIGNMENT_HEARTBEAT_MILLIS_MAX, lease / 4);
        };
    }

    private int defaultElectionMin() {
        return switch (profile) {
            case LAN -> 400;
            case GEO -> 1400;
            case ASSIGNMENT -> 5000;
        };
    }

    private int defaultElectionMax() {
        return switch (profile) {
            case LAN -> 700;
            case GEO -> 2200;
            case ASSIGNMENT -> 10_000;
        };
    }
}

package io.tenure.raft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Parameters of a test's nodes: the `lan` profile of LEASE.md 3.11 unless said otherwise. */
final class Tuning {
    final int nodes;
    long electionMinMillis = 400;
    long electionMaxMillis = 700;
    long heartbeatMillis = 50;
    long leaseMillis = 350;
    double drift = 0.01;
    boolean strict;
    boolean adaptive;
    long diskDeadlineMillis = 300;
    int batchBytesMax = 4096;
    long inflightBytesMax = 16_384;
    long uncommittedBytesMax = 1 << 20;
    long logWindowBytesMax = 1 << 20;
    long snapshotBytesPerSecondMax = 1 << 30;
    int limboKeysMax = 100;

    private final Map<Integer, Long> leaseMillisOf = new HashMap<>();

    private Tuning(int nodes) {
        this.nodes = nodes;
    }

    static Tuning of(int nodes) {
        return new Tuning(nodes);
    }

    Tuning leaseMillis(long millis) {
        leaseMillis = millis;
        return this;
    }

    /** One node's leases are shorter or longer than the others'. */
    Tuning leaseMillisOf(int node, long millis) {
        leaseMillisOf.put(node, millis);
        return this;
    }

    Tuning electionMillis(long min, long max) {
        electionMinMillis = min;
        electionMaxMillis = max;
        return this;
    }

    Tuning adaptive() {
        adaptive = true;
        return this;
    }

    Tuning drift(double rho) {
        drift = rho;
        return this;
    }

    Tuning strict() {
        strict = true;
        return this;
    }

    Tuning batchBytesMax(int bytes) {
        batchBytesMax = bytes;
        return this;
    }

    Tuning inflightBytesMax(long bytes) {
        inflightBytesMax = bytes;
        return this;
    }

    Tuning uncommittedBytesMax(long bytes) {
        uncommittedBytesMax = bytes;
        return this;
    }

    Tuning logWindowBytesMax(long bytes) {
        logWindowBytesMax = bytes;
        return this;
    }

    Tuning limboKeysMax(int keys) {
        limboKeysMax = keys;
        return this;
    }

    List<Integer> voters() {
        return IntStream.range(0, nodes).boxed().toList();
    }

    Parameters parametersOf(int node) {
        return new Parameters(
                node,
                voters(),
                nanos(electionMinMillis),
                nanos(electionMaxMillis),
                nanos(heartbeatMillis),
                leaseMillisOf.getOrDefault(node, leaseMillis),
                drift,
                strict,
                nanos(diskDeadlineMillis),
                batchBytesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                logWindowBytesMax,
                snapshotBytesPerSecondMax,
                limboKeysMax,
                adaptive);
    }

    static long nanos(long millis) {
        return millis * 1_000_000;
    }
}

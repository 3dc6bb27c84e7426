package io.tenure.sim;

import io.tenure.node.Settings;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a seed draws before anything happens: how many nodes, how their clocks run, how long leases and election timeouts
 * are, how small the limits, how bad the weather. Leases are shorter and longer than election timeouts, and differ
 * between nodes; limits are small enough to be met.
 */
final class Scenario {
    /** Room on each disk with less of which it counts as full. */
    static final int DISK_RESERVE_BYTES = 64 << 10;

    /** What fits the longest round trip that nodes plan for (LEASE.md, 3.11). */
    private static final long ADAPTIVE_LEASE_MILLIS_MAX = 4000;

    private static final long MILLI = 1_000_000;

    final long seed;
    final int nodes;
    final int clients;
    final int keys;
    /** The bound that nodes are told. */
    double clockDrift;
    /** How far from 1 clock rates really are; the same, unless a run goes beyond the bound. */
    double clockDriftReal;

    final double[] clockRates;
    int heartbeatMillis;
    int electionMillisMin;
    int electionMillisMax;
    final int[] leaseMillis;
    /** Which nodes fit their timing to what they measure. */
    final boolean[] adaptive;

    boolean strictLease;
    boolean sharedThread;
    SimNetwork.Weather weather;
    long forceNanosMedian;
    double slowForceShare;
    final long thinkNanos;
    final int pipelineMax;
    final long faultNanosMean;
    final long attemptNanos;
    private final int scrubMillis;
    /** Mean time between two fillings of disks; 0 if no disk is ever full. */
    final long fillNanosMean;

    /** As the settings have it. */
    int valueBytesMax = 2048;

    private String limits;
    private String snapshots;

    /** Draws a scenario; {@code nodes} is 0 to draw that, too. */
    Scenario(long seed, int nodes, RandomGenerator random) {
        this.seed = seed;
        this.nodes = nodes > 0 ? nodes : random.nextInt(3) == 0 ? 5 : 3;
        clients = 3 + random.nextInt(4);
        keys = 2 + random.nextInt(4);
        clockDrift = new double[] {0.001, 0.01, 0.1}[random.nextInt(3)];
        clockDriftReal = clockDrift;
        clockRates = new double[this.nodes];
        electionMillisMin = 60 + random.nextInt(120);
        electionMillisMax = electionMillisMin + 40 + random.nextInt(electionMillisMin);
        heartbeatMillis = Math.max(5, electionMillisMin / (4 + random.nextInt(6)));
        leaseMillis = new int[this.nodes];
        boolean mixed = random.nextInt(3) > 0;
        int common = drawLease(random);
        for (int i = 0; i < this.nodes; i++) {
            clockRates[i] =
                    1 + clockDrift * (random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 2 * random.nextDouble() - 1);
            leaseMillis[i] = mixed ? drawLease(random) : common;
        }
        strictLease = random.nextInt(6) == 0;
        sharedThread = random.nextInt(2) == 0;
        weather = drawWeather(random);
        forceNanosMedian = 100_000 + random.nextLong(2 * MILLI);
        slowForceShare = random.nextInt(2) == 0 ? 0 : 0.03;
        thinkNanos = MILLI + random.nextLong(12 * MILLI);
        pipelineMax = 1 + random.nextInt(5);
        faultNanosMean = (long) (MILLI * electionMillisMax * (0.4 + 2.5 * random.nextDouble()));
        attemptNanos = MILLI * (electionMillisMin + random.nextInt(4 * electionMillisMin));
        // Drawn apart: all else stays as the seed drew it before there were full disks.
        RandomGenerator apart = new SplittableRandom(~seed);
        fillNanosMean = apart.nextInt(3) == 0 ? MILLI * (400 + apart.nextInt(3000)) : 0;
        adaptive = new boolean[this.nodes];
        boolean anyAdaptive = apart.nextInt(3) == 0;
        boolean allAdaptive = apart.nextBoolean();
        for (int i = 0; i < this.nodes; i++) {
            adaptive[i] = anyAdaptive && (allAdaptive || apart.nextBoolean());
        }
        limits = drawLimits(random) + ", diskReserveBytes: " + DISK_RESERVE_BYTES;
        snapshots = drawSnapshots(random);
        scrubMillis = 50 + random.nextInt(400);
    }

    /** Calm and plain, for a script that makes its own trouble: {@code lease} longer than several elections. */
    static Scenario calm(int nodes, int leaseMillis, String limits) {
        Scenario calm = new Scenario(0, nodes, new SplittableRandom(nodes));
        Arrays.fill(calm.clockRates, 1);
        Arrays.fill(calm.leaseMillis, leaseMillis);
        Arrays.fill(calm.adaptive, false);
        calm.clockDrift = 0.01;
        calm.heartbeatMillis = 20;
        calm.electionMillisMin = 100;
        calm.electionMillisMax = 200;
        calm.strictLease = false;
        calm.weather = SimNetwork.Weather.FAIR;
        calm.forceNanosMedian = 200_000;
        calm.slowForceShare = 0;
        calm.limits = limits;
        calm.snapshots = "everyLogBytes: 1GiB";
        return calm;
    }

    /** Gives each stage a thread of its own. */
    Scenario dedicated() {
        sharedThread = false;
        return this;
    }

    /** Has election timeouts of that and a third more, large values, and such snapshots. */
    Scenario slow(int electionMillis, String snapshotSettings) {
        valueBytesMax = 256 << 10;
        electionMillisMin = electionMillis;
        electionMillisMax = electionMillis + electionMillis / 3;
        heartbeatMillis = electionMillis / 8;
        snapshots = snapshotSettings;
        return this;
    }

    /** Has the clocks run up to 30% fast or slow, though nodes are told that it is a thousandth at most. */
    Scenario beyondClockBound(RandomGenerator random) {
        clockDrift = 0.001;
        clockDriftReal = 0.3;
        for (int i = 0; i < nodes; i++) {
            clockRates[i] = 1 + clockDriftReal * (random.nextBoolean() ? 1 : -1);
        }
        return this;
    }

    /** Whether any node's timing changes by itself. */
    boolean isAdaptive() {
        boolean any = false;
        for (boolean each : adaptive) {
            any |= each;
        }
        return any;
    }

    boolean isBeyondClockBound() {
        return clockDriftReal > clockDrift;
    }

    /** No node ever asks for a longer lease. */
    long leaseMillisMax() {
        long max = isAdaptive() ? ADAPTIVE_LEASE_MILLIS_MAX : 0;
        for (int millis : leaseMillis) {
            max = Math.max(max, millis);
        }
        return max;
    }

    /** The settings of a node, as a file would have them. */
    Settings settings(int node) {
        StringBuilder text = new StringBuilder();
        text.append("nodeId: ").append(node).append("\nclusterId: simulated\nmembers:\n");
        for (int i = 0; i < nodes; i++) {
            text.append("  - {id: " + i + ", peer: 'node" + i + ":7100', client: 'node" + i + ":7200'}\n");
        }
        text.append("dataDir: data\nheartbeatMillis: ").append(heartbeatMillis);
        text.append("\nleaseMillis: ").append(leaseMillis[node]);
        text.append("\nelectionTimeoutMillis: {min: " + electionMillisMin + ", max: " + electionMillisMax + "}");
        text.append("\nadaptiveTiming: ").append(adaptive[node]);
        text.append("\nstrictLease: ").append(strictLease);
        text.append("\nclockDriftMax: ").append(clockDrift);
        text.append("\nlimits: {").append(limits).append("}");
        text.append("\nsnapshots: {").append(snapshots).append("}");
        text.append("\nscrub: {everyMillis: ").append(scrubMillis).append("}\n");
        return Settings.parse("node" + node + ".yaml", text.toString());
    }

    @Override
    public String toString() {
        return nodes + " nodes, " + clients + " clients on " + keys + " keys, drift " + clockDrift + " with rates "
                + Arrays.toString(clockRates) + ", heartbeat " + heartbeatMillis + ", election "
                + electionMillisMin + ".." + electionMillisMax + ", leases " + Arrays.toString(leaseMillis)
                + " ms" + (isAdaptive() ? ", adaptive " + Arrays.toString(adaptive) : "")
                + (strictLease ? ", strictLease" : "") + (sharedThread ? ", shared" : ", dedicated") + ", "
                + weather + (fillNanosMean > 0 ? ", full disks" : "") + ", force " + forceNanosMedian + " ns, limits {"
                + limits + "}, snapshots {"
                + snapshots + "}";
    }

    private int drawLease(RandomGenerator random) {
        int shortest = (int) Math.ceil((2 * heartbeatMillis + 4) * (1 + clockDrift) / (1 - clockDrift));
        double factor = new double[] {0.6, 0.9, 1.5, 3.5}[random.nextInt(4)];
        return Math.max(Math.max(20, shortest), (int) (electionMillisMin * factor));
    }

    private static SimNetwork.Weather drawWeather(RandomGenerator random) {
        boolean ordered = random.nextInt(2) == 0;
        long min = 50_000 + random.nextLong(MILLI);
        long max = min + 100_000 + random.nextLong(4 * MILLI);
        double slow = random.nextInt(3) == 0 ? 0 : 0.07 * random.nextDouble();
        double loss = random.nextInt(3) == 0 ? 0 : 0.04 * random.nextDouble();
        double repeat = ordered ? 0 : 0.03 * random.nextDouble();
        return new SimNetwork.Weather(min, max, slow, 150 * MILLI, loss, repeat, ordered);
    }

    private static String drawSnapshots(RandomGenerator random) {
        if (random.nextInt(3) == 0) {
            return "everyLogBytes: 1GiB";
        }
        return "everyLogBytes: " + (1 + random.nextInt(16)) + "KiB, keepLogBytes: " + random.nextInt(12)
                + "KiB, bytesPerSecondMax: " + (8 << random.nextInt(12)) + "KiB";
    }

    private String drawLimits(RandomGenerator random) {
        StringBuilder text = new StringBuilder("keyBytesMax: 64, valueBytesMax: 2048, clientRingBytes: 64KiB");
        text.append(", diskDeadlineMillis: ").append(100 + random.nextInt(400));
        if (random.nextInt(3) > 0) {
            text.append(", segmentBytes: ").append(4 + random.nextInt(12)).append("KiB");
        }
        if (random.nextInt(3) == 0) {
            text.append(", logWindowBytesMax: ")
                    .append(4 * (1 + random.nextInt(8)))
                    .append("KiB");
        }
        if (random.nextInt(3) == 0) {
            text.append(", batchBytesMax: 1KiB, inflightBytesMax: ")
                    .append(1 + random.nextInt(16))
                    .append("KiB");
        }
        if (random.nextBoolean()) {
            text.append(", requestWindow: ").append(8 << random.nextInt(6));
        }
        if (random.nextInt(6) == 0) {
            text.append(", sessionsMax: ").append(1 + random.nextInt(clients));
        }
        return text.toString();
    }
}

package io.tenure.sim;

import io.tenure.node.Settings;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Once writes have stopped and nothing is broken, everybody serves, nothing is under way any more, and all logs are equal, on
 * the platters, byte for byte; as far back as each of them still reaches.
 */
final class EndState {
    private static final long MILLI = 1_000_000;
    /** In fair weather. */
    private static final long ROUND_TRIP_MILLIS = 1;
    /** A connection hangs for 3.1 s at most; then come the pauses between two attempts to connect, and before one that was told so. */
    private static final long CLIENT_PAUSE_MILLIS_MAX = 3100 + 1250;
    /** Of a snapshot, without values. */
    private static final long STATE_BYTES_MAX = 16 << 10;

    private final World world;
    private final List<SimNode> nodes;

    EndState(World world) {
        this.world = world;
        this.nodes = world.nodes();
    }

    /**
     * How long after the last fault a write is acknowledged at the latest: LEASE.md, 3.12, I10, with an election more should the votes be
     * split once, and what a client takes until it asks where it should: two attempts, or until a connection that hung breaks and is made
     * anew. A node that repairs itself or rejoins meanwhile leaves too few to go on until that is over.
     */
    long progressNanosMax() {
        Scenario scenario = world.scenario();
        long electionMillis = electionMillisMax();
        long leaseMillis = leaseMillisMax();
        long clientNanos = Math.max(2 * scenario.attemptNanos, MILLI * CLIENT_PAUSE_MILLIS_MAX);
        if (!isWhole()) {
            return MILLI * (4 * electionMillis + 2 * leaseMillis + 2000) + clientNanos;
        }
        return MILLI * (3 * electionMillis + leaseMillis + 6 * ROUND_TRIP_MILLIS) + clientNanos;
    }

    /** With adaptive timing, more than it is now: it may grow for as long as answers are late that were asked for before. */
    private long electionMillisMax() {
        long max = world.scenario().electionMillisMax;
        for (SimNode node : nodes) {
            max = node.isAlive() ? Math.max(max, 2 * node.raft.timing().electionTimeoutMaxNanos() / MILLI) : max;
        }
        return world.scenario().isAdaptive() ? max : world.scenario().electionMillisMax;
    }

    private long leaseMillisMax() {
        long max = 0;
        for (SimNode node : nodes) {
            max = node.isAlive() ? Math.max(max, 2 * node.raft.timing().leaseMillis()) : max;
        }
        return world.scenario().isAdaptive() ? max : world.scenario().leaseMillisMax();
    }

    private boolean isWhole() {
        boolean whole = world.rot().isOver() && !world.forgetting().isUnderWay();
        for (SimNode node : nodes) {
            SimProcess process = world.process(node.id);
            whole &= process != null && !process.isRepairing() && !(process.isServing() && node.raft.isRejoining());
        }
        return whole;
    }

    /** Lets time pass until it holds, which must not take longer than it may. */
    void await() {
        long allowed = Math.max(SimClient.IDLE_NANOS_MAX, recoveryNanosMax());
        if (!world.runUntil(() -> left() == null, allowed)) {
            world.rot().check();
            check();
            throw new Violation(
                    "AllRecover", "not over " + allowed / MILLI + " ms after the last new request: " + left());
        }
        check();
    }

    /**
     * How long it takes at most, one thing after the other. Rot is found in two passes, of less than a second each, as logs here
     * stay below a MiB. A repair waits a second for room, and may ask 25 rounds before it takes a snapshot, which a newer one may
     * interrupt once. Who rejoins waits for the longest lease from its start, and like others for a leader: for its own pause, for
     * an old lease, and for a second election if the first splits the votes.
     */
    private long recoveryNanosMax() {
        Scenario scenario = world.scenario();
        Settings settings = scenario.settings(0);
        long stateBytes = STATE_BYTES_MAX + (long) scenario.keys * scenario.valueBytesMax;
        double snapshotMillis = 1000.0 * stateBytes / settings.snapshots().bytesPerSecondMax();
        long scrubMillis = settings.scrub().everyMillis() + 1000L;
        long repairMillis = 1000L + 25 * 2 * 200;
        long leaderMillis = 4 * scenario.leaseMillisMax() + 2L * electionMillisMax();
        return MILLI * (2 * scrubMillis + repairMillis + (long) (2 * snapshotMillis) + 2 * leaderMillis);
    }

    /** What is not over, in words; null if all is. */
    private String left() {
        for (SimClient client : world.clients()) {
            if (!client.isIdle()) {
                return client.toString();
            }
        }
        if (!world.rot().isOver()) {
            return world.rot().toString();
        }
        if (world.forgetting().isUnderWay()) {
            return world.forgetting().toString();
        }
        for (SimNode node : nodes) {
            String left = left(node);
            if (left != null) {
                return node + left;
            }
        }
        return null;
    }

    private String left(SimNode node) {
        SimProcess process = world.process(node.id);
        if (process == null || !process.isServing()) {
            return process == null
                    ? " does not run"
                    : process.isRepairing() ? " repairs itself" : " does not take part";
        }
        long last = node.raft.log().lastIndex();
        if (node.raft.isRejoining()) {
            return " rejoins";
        }
        if (last != nodes.get(0).log.lastIndex() || node.raft.durableIndex() != last) {
            return " has " + last + " entries, " + node.raft.durableIndex() + " of them on its disk, and "
                    + nodes.get(0) + " has " + nodes.get(0).log.lastIndex();
        }
        return node.raft.commitIndex() == last && node.store.appliedIndex() == last
                ? null
                : " has committed " + node.raft.commitIndex() + " and applied " + node.store.appliedIndex() + " of "
                        + last + " entries";
    }

    private void check() {
        byte[] first = null;
        for (SimNode node : nodes) {
            byte[] text = text(node);
            if (first == null) {
                first = text;
            } else if (!isEnd(first, text) && !isEnd(text, first)) {
                throw new Violation(
                        "LogsConverge",
                        "the logs of " + nodes.get(0) + " and " + node + " differ, at byte "
                                + Arrays.mismatch(first, text) + " of " + first.length + " and " + text.length);
            }
        }
    }

    private static boolean isEnd(byte[] end, byte[] whole) {
        return end.length <= whole.length
                && Arrays.equals(end, 0, end.length, whole, whole.length - end.length, whole.length);
    }

    private static byte[] text(SimNode node) {
        TreeMap<Long, String> segments = new TreeMap<>();
        for (String name : node.disk.durableNames(node.folder)) {
            if (name.equals("logs.txt")) {
                segments.put(Long.MAX_VALUE, name);
            } else if (name.startsWith("logs-") && name.endsWith(".txt")) {
                segments.put(Long.parseLong(name.substring("logs-".length(), name.length() - ".txt".length())), name);
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String name : segments.values()) {
            text.writeBytes(node.disk.durableContent(node.folder + '/' + name));
        }
        return text.toByteArray();
    }
}

package io.tenure.raft;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Several cores in memory, joined by a network that the test cuts, holds, doubles and empties, under one clock of the world
 * that each node sees at its own rate. Messages take no time unless held; writes are forced at once unless a node's {@code
 * diskIsFast} is false. Nothing moves but by a verb.
 */
final class Cluster {
    /** A message under way. */
    record Packet(int from, int to, Message message) {}

    private record Link(int from, int to) {}

    private final Tuning tuning;
    private final TreeMap<Integer, TestNode> nodes = new TreeMap<>();
    private final TreeMap<Integer, Draw> draws = new TreeMap<>();
    private final TreeMap<Integer, Double> rates = new TreeMap<>();
    private final TreeMap<Integer, Long> offsets = new TreeMap<>();
    private final List<Packet> wire = new ArrayList<>();
    private final Set<Link> cut = new HashSet<>();
    private final Set<Link> held = new HashSet<>();
    private Predicate<Packet> heldIf = packet -> false;
    private final Set<Integer> paused = new HashSet<>();
    /** Time of the world. */
    private long worldNanos = Tuning.nanos(10_000);

    /** Node 0 has the shortest election timeouts, the last node the longest. */
    Cluster(Tuning tuning) {
        this.tuning = tuning;
        for (int id = 0; id < tuning.nodes; id++) {
            draws.put(id, new Draw(tuning.nodes == 1 ? 0 : id / (tuning.nodes - 1.0)));
            add(id, draws.get(id));
        }
    }

    /** Nodes that all draw from {@code random}. */
    Cluster(Tuning tuning, RandomGenerator random) {
        this.tuning = tuning;
        for (int id = 0; id < tuning.nodes; id++) {
            add(id, random);
        }
    }

    static Cluster of(int nodes) {
        return new Cluster(Tuning.of(nodes));
    }

    private void add(int id, RandomGenerator random) {
        rates.put(id, 1.0);
        offsets.put(id, Tuning.nanos(1_000) * id);
        nodes.put(id, new TestNode(id, tuning, random, clock(id)));
    }

    TestNode node(int id) {
        return nodes.get(id);
    }

    List<TestNode> nodes() {
        return List.copyOf(nodes.values());
    }

    List<TestNode> others(int id) {
        return nodes.values().stream().filter(node -> node.id != id).toList();
    }

    // Time.

    private long clock(int id) {
        return offsets.get(id) + (long) (worldNanos * rates.get(id));
    }

    long worldNanos() {
        return worldNanos;
    }

    /** From now on this node's clock runs at {@code rate} of the world's. */
    Cluster skew(int id, double rate) {
        long before = clock(id);
        rates.put(id, rate);
        offsets.put(id, before - (long) (worldNanos * rate));
        return this;
    }

    /** Lets time pass for all; timers fire when they are due, messages arrive at once. */
    void advanceMillis(long millis) {
        long target = worldNanos + Tuning.nanos(millis);
        settle();
        for (TestNode next = nextToWake(target); next != null; next = nextToWake(target)) {
            worldNanos = Math.max(worldNanos, wakeInWorld(next));
            readClocks();
            next.tick();
            settle();
        }
        worldNanos = target;
        readClocks();
    }

    private TestNode nextToWake(long target) {
        TestNode first = null;
        for (TestNode node : nodes.values()) {
            boolean due = node.isUp() && !paused.contains(node.id) && wakeInWorld(node) <= target;
            if (due && (first == null || wakeInWorld(node) < wakeInWorld(first))) {
                first = node;
            }
        }
        return first;
    }

    private long wakeInWorld(TestNode node) {
        double world = (node.raft().wakeAtNanos() - offsets.get(node.id)) / rates.get(node.id);
        return rates.get(node.id) == 1.0
                ? node.raft().wakeAtNanos() - offsets.get(node.id)
                : (long) Math.ceil(world) + 1;
    }

    private void readClocks() {
        for (TestNode node : nodes.values()) {
            node.now = Math.max(node.now, clock(node.id));
        }
    }

    /** Lets time pass until {@code condition} holds; fails after {@code millisMax}. */
    void advanceUntil(Predicate<Cluster> condition, long millisMax) {
        for (long millis = 0; !condition.test(this); millis++) {
            if (millis >= millisMax) {
                throw new AssertionError("not within " + millisMax + " ms");
            }
            advanceMillis(1);
        }
    }

    // Messages.

    /** Delivers everything that may be delivered, until nobody has anything more to say. */
    void settle() {
        collect();
        for (Packet next = nextToDeliver(); next != null; next = nextToDeliver()) {
            deliver(next);
        }
    }

    private void collect() {
        for (TestNode node : nodes.values()) {
            for (Output.Send send : node.sent) {
                if (!cut.contains(new Link(node.id, send.to()))) {
                    wire.add(new Packet(node.id, send.to(), send.message()));
                }
            }
            node.sent.clear();
        }
    }

    private Packet nextToDeliver() {
        for (Packet packet : wire) {
            boolean waits = held.contains(new Link(packet.from, packet.to)) || heldIf.test(packet);
            if (!waits && !paused.contains(packet.to)) {
                return packet;
            }
        }
        return null;
    }

    /** Delivers one message, whatever is held or cut. */
    void deliver(Packet packet) {
        wire.remove(packet);
        TestNode to = nodes.get(packet.to);
        if (to.isUp() && !paused.contains(packet.to)) {
            to.now = Math.max(to.now, clock(to.id));
            to.receive(packet.from, packet.message);
        }
        collect();
    }

    /** What is under way from one node to another, and held. */
    List<Packet> underWay(int from, int to) {
        collect();
        return wire.stream().filter(each -> each.from == from && each.to == to).toList();
    }

    /** All that is under way, and held. */
    List<Packet> underWay() {
        collect();
        return List.copyOf(wire);
    }

    /** Loses what is under way and fits. */
    void drop(Predicate<Packet> lost) {
        collect();
        wire.removeIf(lost);
    }

    /** Messages from one node to another wait from now on. */
    void hold(int from, int to) {
        held.add(new Link(from, to));
    }

    void release(int from, int to) {
        held.remove(new Link(from, to));
    }

    /** Messages that fit wait from now on, until {@link #healAll}. */
    void holdIf(Predicate<Packet> fits) {
        heldIf = fits;
    }

    void cut(int from, int to) {
        cut.add(new Link(from, to));
        wire.removeIf(packet -> packet.from == from && packet.to == to);
    }

    void cutBoth(int one, int other) {
        cut(one, other);
        cut(other, one);
    }

    void isolate(int id) {
        others(id).forEach(other -> cutBoth(id, other.id));
    }

    void healAll() {
        cut.clear();
        held.clear();
        heldIf = packet -> false;
    }

    /** Stops a process without killing it: time and messages pass it by until {@link #resume}. */
    void pause(int id) {
        paused.add(id);
    }

    void resume(int id) {
        paused.remove(id);
        readClocks();
    }

    // Processes.

    void crash(int id) {
        node(id).crash();
        wire.removeIf(packet -> packet.to == id);
    }

    void restart(int id) {
        node(id).boot(clock(id));
    }

    // Leaders.

    /** Whose election timeout is the shortest from its next draw on. */
    void favour(int id) {
        draws.forEach((other, draw) -> draw.position = other == id ? 0 : 1);
    }

    /** Waits for a leader that a majority follows, {@code id} if it can be; with its first entry committed. */
    TestNode elect(int id) {
        favour(id);
        advanceUntil(cluster -> cluster.node(id).isLeader(), 20 * tuning.electionMaxMillis);
        settle();
        return node(id);
    }

    /** The leader of the latest term, or null. */
    TestNode leader() {
        TestNode leader = null;
        for (TestNode node : nodes.values()) {
            if (node.isLeader()
                    && (leader == null
                            || node.raft().currentTerm() > leader.raft().currentTerm())) {
                leader = node;
            }
        }
        return leader;
    }
}

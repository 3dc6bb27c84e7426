package io.tenure.sim;

import io.tenure.raft.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Makes trouble, by a schedule that the seed draws. A quarter of it is aimed: at a leader that has just renewed its lease,
 * at the followers that promised it, at elections in quick succession; that is where leases break (LEASE.md, section 4).
 */
final class Nemesis {
    private static final long MILLI = 1_000_000;

    private final World world;
    private final Scenario scenario;
    private final SimNetwork network;
    private final RandomGenerator random;
    private final RandomGenerator fills;
    private boolean ended;

    Nemesis(World world, RandomGenerator random) {
        this.world = world;
        this.scenario = world.scenario();
        this.network = world.network();
        this.random = random;
        this.fills = new SplittableRandom(scenario.seed);
    }

    void begin() {
        world.timeline().in(20 * MILLI, this::strike);
        if (scenario.fillNanosMean > 0) {
            world.timeline().in(scenario.fillNanosMean, this::fillDisks);
        }
    }

    /** Nothing new from now on. */
    void end() {
        ended = true;
    }

    private void strike() {
        if (ended) {
            return;
        }
        world.timeline().in((long) (-Math.log(1 - random.nextDouble()) * scenario.faultNanosMean), this::strike);
        int leader = leader();
        if (leader >= 0 && random.nextInt(4) == 0) {
            aim(leader);
            return;
        }
        int target = leader >= 0 && random.nextBoolean() ? leader : random.nextInt(scenario.nodes);
        switch (random.nextInt(16)) {
            case 0, 1, 2 -> mend();
            case 3 -> isolate(target);
            case 4 -> isolateOneWay(target);
            case 5 -> cutSome();
            case 6 -> split();
            case 7, 8 -> crash(target);
            case 9 -> doomDisk(target);
            case 10 -> failForce(target);
            case 11 -> stallDisk(target);
            case 12 -> pause(target);
            case 13 -> pauseInTurn(target);
            case 14 -> changeClockOrSlowDisk(target);
            default -> rarely(target);
        }
    }

    /** Somebody else fills the disk of a leader, of any node, of some or of all: to the last byte, or so that a little is left. */
    private void fillDisks() {
        if (ended) {
            return;
        }
        world.timeline().in((long) (-Math.log(1 - fills.nextDouble()) * scenario.fillNanosMean), this::fillDisks);
        int leader = leader();
        int sides = switch (fills.nextInt(4)) {
            case 0 -> leader < 0 ? 1 : 1 << leader;
            case 1 -> 1 << fills.nextInt(scenario.nodes);
            case 2 -> fills.nextInt(1, 1 << scenario.nodes);
            default -> (1 << scenario.nodes) - 1;
        };
        for (int id = 0; id < scenario.nodes; id++) {
            if ((sides >> id & 1) != 0) {
                fillDisk(world.nodes().get(id).disk, id);
            }
        }
    }

    private void fillDisk(SimDisk disk, int id) {
        long left = switch (fills.nextInt(4)) {
            case 0 -> 0;
            case 1 -> fills.nextLong(2_000);
            case 2 -> fills.nextLong(Scenario.DISK_RESERVE_BYTES);
            default -> Scenario.DISK_RESERVE_BYTES + fills.nextLong(4_000);
        };
        long nanos = MILLI * (1 + fills.nextInt(12 * scenario.electionMillisMax));
        tell("the disk of node " + id + " has " + left + " bytes left for " + nanos / MILLI + " ms");
        disk.fill(left);
        world.timeline().in(nanos, disk::makeRoom);
    }

    /** The lease schedules of lease_sim.py: what a random schedule hits only now and then. */
    private void aim(int leader) {
        List<Integer> others = othersInRandomOrder(leader);
        int majority = scenario.nodes / 2 + 1;
        network.mendAll();
        if (random.nextInt(5) < 2) {
            chaseLeaders(leader);
            return;
        }
        // Cut to a bare majority; then either isolated, or the voters that promised bounce.
        tell("node " + leader + " keeps only the bare majority");
        List<Integer> kept = others.subList(0, majority - 1);
        for (int other : others.subList(majority - 1, others.size())) {
            network.part(leader, other);
        }
        long delay = MILLI * (scenario.electionMillisMin / 4 + random.nextInt(scenario.electionMillisMin));
        if (random.nextBoolean()) {
            after(delay, () -> isolate(leader));
        } else {
            for (int voter : kept) {
                boolean power = random.nextBoolean();
                after(delay + random.nextLong(5 * MILLI), () -> {
                    network.part(leader, voter);
                    world.crash(voter, power, 2 * MILLI);
                });
            }
        }
    }

    /** Isolates whoever leads, several times in a row, so that leases of several leaders overlap. */
    private void chaseLeaders(int leader) {
        isolate(leader);
        for (int i = 1; i <= 2 + random.nextInt(3); i++) {
            long delay = i * MILLI * (scenario.electionMillisMax + random.nextInt(scenario.electionMillisMax));
            after(delay, () -> {
                int next = leader();
                if (next >= 0) {
                    network.mendAll();
                    isolate(next);
                    if (random.nextBoolean()) {
                        network.part(leader, random.nextInt(scenario.nodes));
                    }
                }
            });
        }
    }

    private void mend() {
        tell("the network is mended");
        network.mendAll();
    }

    private void isolate(int node) {
        tell("node " + node + " is isolated");
        network.isolate(node, withClients());
    }

    private void isolateOneWay(int node) {
        network.mendAll();
        boolean out = random.nextBoolean();
        tell("node " + node + (out ? " is not heard" : " hears nothing"));
        for (int other = 0; other < scenario.nodes; other++) {
            if (other != node && random.nextInt(10) > 0) {
                network.cut(out ? node : other, out ? other : node);
            }
        }
    }

    private void cutSome() {
        tell("some ways are cut");
        for (int from = 0; from < scenario.nodes; from++) {
            for (int to = 0; to < scenario.nodes; to++) {
                if (from != to && random.nextInt(10) < 3) {
                    network.cut(from, to);
                }
            }
        }
    }

    private void split() {
        network.mendAll();
        int sides = random.nextInt(1, (1 << scenario.nodes) - 1);
        tell("the network is split: " + Integer.toBinaryString(sides));
        for (int a = 0; a < scenario.nodes; a++) {
            for (int b = 0; b < a; b++) {
                if ((sides >> a & 1) != (sides >> b & 1)) {
                    network.part(a, b);
                }
            }
        }
    }

    private void crash(int node) {
        world.crash(node, random.nextBoolean(), drawDowntime());
    }

    private void doomDisk(int node) {
        int k = 1 + random.nextInt(20);
        boolean power = random.nextInt(3) > 0;
        long down = drawDowntime();
        tell("node " + node + " will crash at its disk's operation " + k + " from now");
        SimProcess process = world.process(node);
        world.nodes()
                .get(node)
                .disk
                .doomOperation(
                        k,
                        time -> world.timeline().at(time, () -> {
                            SimProcess current = world.process(node);
                            if (!ended && current != null && (current == process || process == null)) {
                                world.crash(node, power, down);
                            }
                        }));
    }

    private void failForce(int node) {
        if (random.nextInt(3) == 0) {
            tell("a force of node " + node + " will fail");
            world.nodes().get(node).disk.failForce(1 + random.nextInt(5));
        }
    }

    private void stallDisk(int node) {
        long nanos = MILLI * (1 + random.nextInt(10 * scenario.electionMillisMin));
        tell("the disk of node " + node + " stalls for " + nanos / MILLI + " ms");
        world.nodes().get(node).disk.pace().stallUntil(world.timeline().now() + nanos);
    }

    private void pause(int node) {
        SimProcess process = world.process(node);
        if (process != null) {
            long nanos = drawPause(node);
            tell("node " + node + " is paused for " + nanos / MILLI + " ms");
            process.pause(nanos);
        }
    }

    private void pauseInTurn(int node) {
        SimProcess process = world.process(node);
        if (process != null) {
            long nanos = drawPause(node);
            tell("node " + node + " will be paused inside a turn for " + nanos / MILLI + " ms");
            process.pauseAtNextClock(nanos);
        }
    }

    private void changeClockOrSlowDisk(int id) {
        SimNode node = world.nodes().get(id);
        if (random.nextBoolean()) {
            node.disk.pace().slowDown(random.nextBoolean() ? 1 : 1 + random.nextInt(20));
            return;
        }
        double rate = 1
                + scenario.clockDriftReal
                        * (random.nextInt(3) == 0 ? random.nextInt(3) - 1 : 2 * random.nextDouble() - 1);
        tell("the clock of node " + id + " runs at " + rate);
        node.clock.changeRate(rate);
        if (world.process(id) != null && world.process(id).isServing()) {
            world.process(id).ringAll();
        }
    }

    private void rarely(int target) {
        switch (random.nextInt(10)) {
            case 3 -> world.rot().whileDown(target, drawDowntime());
            case 4, 5, 6 -> world.rot().whileRunning(target);
            case 7, 8, 9 -> world.forgetting().strike(target, drawDowntime());
            case 0 -> {
                tell("everything loses power");
                for (int id = 0; id < scenario.nodes; id++) {
                    world.crash(id, true, random.nextLong(100 * MILLI));
                }
            }
            case 1 -> world.stop(target, drawDowntime());
            default -> {
                for (int id : othersInRandomOrder(target).subList(0, scenario.nodes / 2)) {
                    crash(id);
                }
            }
        }
    }

    private int leader() {
        return leaderOf(world);
    }

    /** The leader of the latest term that serves, or -1. */
    static int leaderOf(World world) {
        int found = -1;
        long term = -1;
        for (SimNode node : world.nodes()) {
            if (node.isAlive() && node.raft.role() == Role.LEADER && node.raft.currentTerm() > term) {
                found = node.id;
                term = node.raft.currentTerm();
            }
        }
        return found;
    }

    private long drawDowntime() {
        return switch (random.nextInt(3)) {
            case 0 -> 2 * MILLI;
            case 1 -> MILLI * (5 + random.nextInt(scenario.electionMillisMin));
            default -> MILLI * (scenario.electionMillisMax + random.nextInt(5 * scenario.electionMillisMax));
        };
    }

    private long drawPause(int node) {
        return MILLI * (1 + random.nextInt(3 * scenario.leaseMillis[node]));
    }

    private List<Integer> othersInRandomOrder(int node) {
        List<Integer> others = new ArrayList<>();
        for (int id = 0; id < scenario.nodes; id++) {
            if (id != node) {
                others.add(id);
            }
        }
        Collections.shuffle(others, new Random(random.nextLong()));
        return others;
    }

    /** Most isolations leave the clients their way to the node: those are who would read what is stale. */
    private int withClients() {
        return random.nextInt(4) == 0 ? scenario.nodes + scenario.clients : scenario.nodes;
    }

    private void after(long nanos, Runnable deed) {
        world.timeline().in(nanos, () -> {
            if (!ended) {
                deed.run();
            }
        });
    }

    private void tell(String deed) {
        world.story().tell(world.timeline().now(), deed);
    }
}

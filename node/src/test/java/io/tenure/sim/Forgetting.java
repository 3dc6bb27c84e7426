package io.tenure.sim;

import io.tenure.journal.JournalException;
import io.tenure.node.SimulatedAssembly;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Has a node forget what it voted for, promised and acknowledged (LEASE.md, 3.8 and 4 #39), one at a time: its folder is lost, or
 * both copies of its metadata rot, or an older copy of the folder is put back. Who comes back unaware of it must be refused
 * by everyone; then its operator has it rejoin.
 */
final class Forgetting {
    private static final long MILLI = 1_000_000;
    private static final int NOBODY = -1;
    private static final Pattern INCARNATION = Pattern.compile("(?m)^incarnation (\\d+)$");
    private static final Pattern REJOINED = Pattern.compile("(?m)^rejoining false$");
    private static final Pattern BOOT_COUNT = Pattern.compile("(?m)^bootCount (\\d+)$");

    /** How often a node forgot, how often one was refused, and how often one was through with it. */
    record Tally(int times, int refusals, int rejoined) {
        Tally plus(Tally other) {
            return new Tally(times + other.times, refusals + other.refusals, rejoined + other.rejoined);
        }

        @Override
        public String toString() {
            return times + " times forgetful, " + refusals + " times refused, " + rejoined + " times rejoined";
        }
    }

    private enum Stage {
        NONE,
        /** Starts as if nothing had happened. */
        UNAWARE,
        /** Down; its operator has it rejoin. */
        IN_REPAIR,
        REJOINING
    }

    private final World world;
    private final RandomGenerator random;
    private final Map<Integer, Map<String, byte[]>> copies = new TreeMap<>();
    private Stage stage = Stage.NONE;
    private int forgetful = NOBODY;
    /** Whether its peers can't tell by its folder alone that it has forgotten. */
    private boolean isUnnoticed;

    private boolean operatorIsCalled;
    private boolean isBeingMade;
    private int times;
    private int refusals;
    private int rejoined;

    Forgetting(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** What came of it so far. */
    Tally tally() {
        return new Tally(times, refusals, rejoined);
    }

    /** Whether a node lacks what it once had. */
    boolean isUnderWay() {
        return stage != Stage.NONE;
    }

    /** Whether the node may not start now. */
    boolean holds(int node) {
        return node == forgetful && stage == Stage.IN_REPAIR;
    }

    /** Whether the node has forgotten, and does not know. */
    boolean isUnaware(int node) {
        return node == forgetful && stage == Stage.UNAWARE;
    }

    /** The node has lost power: now and then somebody keeps a copy of its folder. */
    void onPowerLoss(SimNode node) {
        if (stage == Stage.NONE && random.nextInt(3) == 0) {
            copies.put(node.id, node.disk.copyFolder(node.folder));
        }
    }

    /** A node loses power, and with it what it knows, if that can be told from others. */
    void strike(int id, long downNanos) {
        SimProcess process = world.process(id);
        if (isUnderWay() || world.isRotten() || process == null || !process.isServing()) {
            return;
        }
        SimNode node = world.nodes().get(id);
        Map<String, byte[]> copy = copies.get(id);
        switch (random.nextInt(4)) {
            case 0 -> loseFolder(id, downNanos);
            case 1 -> {
                if (isKnownToAll(node, number(INCARNATION, node), 0)) {
                    lose(node, null, Stage.UNAWARE, downNanos, "loses its folder, and nobody minds");
                }
            }
            case 2 -> {
                if (copy != null && isKnownToAll(node, number(INCARNATION, copy), number(BOOT_COUNT, copy) + 1)) {
                    lose(node, copy, Stage.UNAWARE, downNanos, "gets an older copy of its folder back");
                }
            }
            default -> {
                lose(node, node.disk.copyFolder(node.folder), Stage.REJOINING, downNanos, "loses its metadata");
                new BitRot(node, random).turnBitsOfMetadata();
            }
        }
    }

    /** A node loses power and its folder, and rejoins at once. */
    void loseFolder(int id, long downNanos) {
        lose(world.nodes().get(id), null, Stage.IN_REPAIR, downNanos, "loses its folder");
        world.timeline().in(downNanos, this::rejoin);
    }

    /** A node loses power, and gets a copy back that was made in its last life, so that its next one is new to its peers. */
    void putBackUnnoticed(int id, Map<String, byte[]> copy, long downNanos) {
        lose(world.nodes().get(id), copy, Stage.UNAWARE, downNanos, "gets a copy of its folder back");
        isUnnoticed = true;
    }

    private void lose(SimNode node, Map<String, byte[]> copy, Stage next, long downNanos, String what) {
        forgetful = node.id;
        stage = Stage.NONE;
        world.crash(node.id, true, downNanos);
        times++;
        isUnnoticed = false;
        operatorIsCalled = false;
        if (next == Stage.REJOINING && node.logStart()[0] == 0) {
            world.witness().forgotVotes(node);
        } else if (next == Stage.REJOINING) {
            // Without metadata nobody knows the position of the last entry that the log has no more: maybe only the
            // snapshot stays.
            world.witness().forgot(node);
        } else {
            node.disk.replaceFolder(node.folder, copy);
            world.witness().forgot(node);
        }
        stage = next;
        copies.remove(node.id);
        tell(node + " " + what);
    }

    /** Whether every other node will know, whatever happens to it, that this folder has been at least that often started. */
    private boolean isKnownToAll(SimNode node, long incarnation, long bootCount) {
        for (SimNode other : world.nodes()) {
            if (other == node) {
                continue;
            }
            for (String name : new String[] {"metadata.txt", "metadata.copy.txt"}) {
                byte[] content = other.disk.durableContent(other.folder + '/' + name);
                String text = content == null ? "" : new String(content, StandardCharsets.UTF_8);
                Matcher peer = Pattern.compile("(?m)^peer " + node.id + " " + incarnation + " (\\d+) ")
                        .matcher(text);
                if (!peer.find() || Long.parseLong(peer.group(1)) < bootCount) {
                    return false;
                }
            }
        }
        return true;
    }

    private static long number(Pattern line, SimNode node) {
        return number(line, node.disk.copyFolder(node.folder));
    }

    /** -1 if the folder does not say. */
    private static long number(Pattern line, Map<String, byte[]> folder) {
        Matcher found =
                line.matcher(new String(folder.getOrDefault("metadata.copy.txt", new byte[0]), StandardCharsets.UTF_8));
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    /** One of two does not let the other in. */
    void onRefused(SimDoor one, SimDoor other, String objection) {
        if (!isUnaware(one.nodeId()) && !isUnaware(other.nodeId())) {
            throw new Violation(
                    "Admitted",
                    "nodes " + one.nodeId() + " and " + other.nodeId() + " do not speak, though none has forgotten: "
                            + objection);
        }
        refusals++;
        tell("refused: " + objection);
        if (!operatorIsCalled) {
            operatorIsCalled = true;
            world.timeline().in(random.nextLong(200 * MILLI), this::takeOut);
        }
    }

    /** Both of two let the other in. */
    void onAdmitted(SimDoor one, SimDoor other) {
        if (!isUnnoticed && (isUnaware(one.nodeId()) || isUnaware(other.nodeId()))) {
            throw new Violation(
                    "ForgetfulIsRefused",
                    "nodes " + one.nodeId() + " and " + other.nodeId() + " speak, though node " + forgetful
                            + " has forgotten and does not know");
        }
    }

    private void takeOut() {
        if (stage == Stage.UNAWARE) {
            long down = random.nextLong(100 * MILLI);
            if (world.process(forgetful) != null) {
                world.crash(forgetful, false, down);
            } else {
                onCrash(forgetful, down);
            }
        }
    }

    /** A process has ended. Nobody starts one twice out of an old copy: its operator has seen by now what it is. */
    void onCrash(int node, long downNanos) {
        if (isUnaware(node)) {
            stage = Stage.IN_REPAIR;
            world.timeline().in(downNanos, this::rejoin);
        }
    }

    private void rejoin() {
        if (stage != Stage.IN_REPAIR || isBeingMade) {
            return;
        }
        SimNode node = world.nodes().get(forgetful);
        try {
            SimulatedAssembly.rejoin(
                    node.settings, node.disk.mount(), random, world.scenario().leaseMillisMax());
        } catch (JournalException e) {
            if (!SimulatedFailure.isCauseOf(e)) {
                throw new Violation("Recovers", node + " can't rejoin: " + e.getMessage());
            }
            node.disk.onProcessDeath();
            world.timeline().in(50 * MILLI, this::rejoin);
            return;
        }
        isBeingMade = true;
        world.timeline().at(node.disk.endNanos(), () -> {
            isBeingMade = false;
            node.disk.onProcessDeath();
            world.witness().forgot(node);
            stage = Stage.REJOINING;
            tell(node + " rejoins");
            world.start(node.id);
        });
    }

    /** The raft agent of a node has had a turn. */
    void onTurn(SimNode node) {
        boolean rejoins = stage == Stage.REJOINING && node.id == forgetful;
        if (rejoins
                && !node.raft.isRejoining()
                && REJOINED.matcher(node.durableMetadata()).find()) {
            stage = Stage.NONE;
            forgetful = NOBODY;
            node.lostLog = null;
            rejoined++;
            tell(node + " has rejoined");
        }
    }

    /** Trouble is over: whoever has forgotten rejoins now. */
    void end() {
        takeOut();
        rejoin();
    }

    @Override
    public String toString() {
        return "node " + forgetful + " has forgotten, and is " + stage;
    }

    private void tell(String deed) {
        world.story().tell(world.timeline().now(), deed);
    }
}

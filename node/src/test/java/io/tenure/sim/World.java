package io.tenure.sim;

import io.tenure.history.History;
import io.tenure.history.Linearizability;
import io.tenure.history.Operation;
import io.tenure.history.Verdict;
import io.tenure.journal.DiskFullException;
import io.tenure.journal.JournalException;
import io.tenure.journal.JournalFailure;
import io.tenure.raft.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Everything there is, under one clock and one seed: nodes, network, disks, clients, faults. A run is a time of trouble,
 * then a time in which everything works, in which the cluster must recover; then the history of all clients is judged.
 */
final class World {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long STEP_NANOS = 5 * MILLI;
    /** Share of unforced sectors that a power loss finds written. */
    private static final double[] SURVIVALS = {0, 0.3, 0.7, 0.95};

    private final Timeline timeline = new Timeline();
    private final Scenario scenario;
    private final Story story;
    private final SplittableRandom random;
    private final SimNetwork network;
    private final List<SimNode> nodes = new ArrayList<>();
    private final SimProcess[] processes;
    private final List<SimClient> clients = new ArrayList<>();
    private final Witness witness;
    private final ClientInvariants.LeasePublishedFirst leasePublishedFirst = new ClientInvariants.LeasePublishedFirst();
    private final ClientInvariants.VisibleBeforeAnswer visibleBeforeAnswer = new ClientInvariants.VisibleBeforeAnswer();
    private final History history = new History();
    private final Role[] roles;
    private final Rot rot;
    private final Forgetting forgetting;
    private final SimPost post;
    private int crashes;
    private int repairs;
    private int refusals;
    private boolean insidePause;
    private boolean troubleIsOver;
    private long progressAt = Timeline.NEVER;

    World(Scenario scenario, SplittableRandom random, Story story) {
        this.scenario = scenario;
        this.random = random;
        this.story = story;
        network = new SimNetwork(timeline, random.split(), scenario.nodes + scenario.clients, scenario.weather);
        processes = new SimProcess[scenario.nodes];
        roles = new Role[scenario.nodes];
        for (int id = 0; id < scenario.nodes; id++) {
            SimClock clock = new SimClock(timeline, scenario.clockRates[id], random.nextLong(1L << 50));
            DiskPace pace = new DiskPace(random.split(), scenario.forceNanosMedian, scenario.slowForceShare);
            nodes.add(new SimNode(id, scenario.settings(id), clock, new SimDisk(timeline, random.split(), pace)));
        }
        rot = new Rot(this, random.split());
        witness = new Witness(timeline, nodes, !scenario.isBeyondClockBound());
        forgetting = new Forgetting(this, random.split());
        post = new SimPost(this, new SplittableRandom(scenario.seed ^ 0x5045_4552));
        for (int id = 0; id < scenario.clients; id++) {
            clients.add(new SimClient(this, id, random.split()));
        }
    }

    /** Runs the scenario with faults drawn from the seed. */
    Report run(long troubleNanos) {
        story.tell(0, scenario.toString());
        for (int id = 0; id < scenario.nodes; id++) {
            int starting = id;
            timeline.in(random.nextLong(20 * MILLI), () -> start(starting));
        }
        clients.forEach(client -> timeline.in(random.nextLong(50 * MILLI), client::begin));
        Nemesis nemesis = new Nemesis(this, random.split());
        Moves moves = new Moves(this, new SplittableRandom(scenario.seed ^ 0x4d4f_5645));
        nemesis.begin();
        moves.begin();
        post.delayReleases(true);
        timeline.runUntil(troubleNanos);
        nemesis.end();
        moves.end();
        return end();
    }

    /** Lets time pass until the condition holds; whether it did in time. */
    boolean runUntil(BooleanSupplier condition, long nanosMax) {
        long end = timeline.now() + nanosMax;
        while (!condition.getAsBoolean() && timeline.now() < end) {
            timeline.runUntil(timeline.now() + STEP_NANOS);
        }
        return condition.getAsBoolean();
    }

    /** Has everything work again, sees the cluster recover, and judges. */
    Report end() {
        troubleIsOver = true;
        post.filter((from, to, message) -> true);
        post.delayReleases(false);
        story.tell(timeline.now(), "all faults are over");
        network.mendAll();
        network.changeWeather(SimNetwork.Weather.FAIR);
        long healed = timeline.now();
        forgetting.end();
        for (SimNode node : nodes) {
            node.disk.behave();
            start(node.id);
            // What a disk or a pause has begun, it ends.
            long pausedUntil = processes[node.id] == null ? 0 : processes[node.id].pausedUntil();
            healed = Math.max(healed, Math.max(node.disk.endNanos(), pausedUntil));
        }
        timeline.runUntil(healed);
        EndState end = new EndState(this);
        long allowed = end.progressNanosMax();
        if (!runUntil(() -> progressAt != Timeline.NEVER, allowed)) {
            throw new Violation(
                    "Progress",
                    "no write was acknowledged within " + allowed / MILLI + " ms after all faults were over");
        }
        timeline.runUntil(timeline.now() + SECOND / 2);
        clients.forEach(SimClient::finish);
        end.await();
        clients.forEach(client -> client.writeDown(history));
        Verdict verdict = new Linearizability(20, 20, 1_000_000).check(history);
        if (!verdict.isGood()) {
            throw new Violation("Linearizability", verdict.toString());
        }
        return report(Math.max(0, progressAt - healed));
    }

    private Report report(long recoveredNanos) {
        long lost = 0;
        for (SimNode node : nodes) {
            lost += node.disk.bytesLost();
        }
        return new Report(
                scenario.seed,
                scenario.nodes,
                history.count(Operation.Kind.WRITE, Operation.Outcome.OK),
                history.count(Operation.Kind.READ, Operation.Outcome.OK),
                witness.leaseReads(),
                witness.earlyLeaseReads(),
                witness.leaderships(),
                crashes,
                witness.compactions(),
                witness.installs(),
                refusals,
                rot.bitsTurned(),
                repairs,
                rot.foundRunning(),
                forgetting.tally(),
                lost,
                recoveredNanos,
                timeline.happened(),
                story.digest());
    }

    Rot rot() {
        return rot;
    }

    Timeline timeline() {
        return timeline;
    }

    Scenario scenario() {
        return scenario;
    }

    SimNetwork network() {
        return network;
    }

    Story story() {
        return story;
    }

    Witness witness() {
        return witness;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    List<SimClient> clients() {
        return clients;
    }

    /** The process of a node, or null. */
    SimProcess process(int node) {
        return processes[node];
    }

    Forgetting forgetting() {
        return forgetting;
    }

    /** Whether a node's files are damaged. */
    boolean isRotten() {
        return !rot.isOver();
    }

    ClientInvariants.LeasePublishedFirst leasePublishedFirst() {
        return leasePublishedFirst;
    }

    ClientInvariants.VisibleBeforeAnswer visibleBeforeAnswer() {
        return visibleBeforeAnswer;
    }

    /** Place of a client in the network. */
    int placeOf(SimClient client) {
        return scenario.nodes + client.id();
    }

    /** Starts a process; it takes part when its disk has done what recovery asked for. */
    void start(int id) {
        SimNode node = nodes.get(id);
        if (processes[id] != null || forgetting.holds(id)) {
            return;
        }
        SimProcess process;
        try {
            process = new SimProcess(this, node, node.settings, random.split());
        } catch (JournalFailure | JournalException e) {
            if (!SimulatedFailure.isCauseOf(e)) {
                throw new Violation("Recovers", node + " can't use its own folder: " + e.getMessage());
            }
            story.tell(timeline.now(), node + " could not start: " + e.getMessage());
            node.disk.onProcessDeath();
            timeline.in(50 * MILLI, () -> start(id));
            return;
        }
        processes[id] = process;
        story.tell(timeline.now(), node + " starts");
        timeline.at(node.disk.endNanos(), () -> {
            if (process.isAlive()) {
                process.serve();
                if (process.isRepairing()) {
                    return;
                }
                rot.onGood(id);
                post.linkUp(process);
                story.tell(
                        timeline.now(),
                        node + " is back with " + node.log.lastIndex() + " entries in term " + node.raft.currentTerm());
            }
        });
    }

    /** How often a process has ended at once so far. */
    int crashes() {
        return crashes;
    }

    /** Ends a process at once, and with {@code power} what its disk has not forced; starts another one after a while. */
    void crash(int id, boolean power, long downNanos) {
        SimProcess process = processes[id];
        if (process == null) {
            return;
        }
        SimNode node = nodes.get(id);
        crashes++;
        processes[id] = null;
        process.die();
        long lostBefore = node.disk.bytesLost();
        if (power) {
            node.disk.onPowerLoss(SURVIVALS[random.nextInt(SURVIVALS.length)]);
            forgetting.onPowerLoss(node);
        } else {
            node.disk.onProcessDeath();
        }
        story.tell(
                timeline.now(),
                node + (power ? " loses power, and " + (node.disk.bytesLost() - lostBefore) + " bytes" : " is killed")
                        + ", for " + downNanos / MILLI + " ms");
        roles[id] = null;
        witness.died(node);
        clients.forEach(client -> client.onDeath(process));
        for (SimProcess other : processes) {
            if (other != null) {
                timeline.in(random.nextLong(20 * MILLI), () -> other.linkLost(id));
            }
        }
        post.gone(id);
        forgetting.onCrash(id, downNanos);
        timeline.in(downNanos, () -> start(id));
    }

    /** A process has repaired its files; the node starts anew with them. */
    void onRepaired(SimProcess process) {
        int id = process.node().id;
        if (processes[id] != process) {
            return;
        }
        repairs++;
        rot.onGood(id);
        story.tell(timeline.now(), process.node() + " has repaired itself");
        processes[id] = null;
        process.die();
        process.node().disk.onProcessDeath();
        timeline.in(0, () -> start(id));
    }

    /** Stops a process in good order: once it leads no more, or when it has taken too long. */
    void stop(int id, long downNanos) {
        SimProcess process = processes[id];
        if (process != null && process.isServing()) {
            story.tell(timeline.now(), process.node() + " is told to stop");
            CompletableFuture<Void> resigned = process.resign(SECOND);
            closeOnce(resigned, timeline.now() + 3 * SECOND, process, downNanos);
        }
    }

    private void closeOnce(CompletableFuture<Void> resigned, long latest, SimProcess process, long downNanos) {
        int id = process.node().id;
        if (processes[id] != process || !process.isServing()) {
            return;
        }
        if (!resigned.isDone() && timeline.now() < latest) {
            timeline.in(MILLI, () -> closeOnce(resigned, latest, process, downNanos));
        } else if (process.inTurn(process::closeJournal)) {
            crash(id, false, downNanos);
        }
    }

    void onDiskFailure(SimProcess process, JournalFailure failure) {
        if (failure.getCause() instanceof DiskFullException) {
            throw new Violation("FullDiskStopsNobody", failure.getMessage());
        }
        story.tell(timeline.now(), process.node() + " stops: " + failure.getMessage());
        int id = process.node().id;
        // The disk tells of it when the operation is over.
        timeline.at(process.node().disk.endNanos(), () -> {
            if (processes[id] == process) {
                crash(id, random.nextBoolean(), random.nextLong(200 * MILLI));
            }
        });
    }

    /** Only what passes travels from now on. */
    void filter(MessageFilter newFilter) {
        post.filter(newFilter);
    }

    SimPost post() {
        return post;
    }

    boolean isInsidePause() {
        return insidePause;
    }

    /** The world goes on while a process is paused inside a turn. */
    void passWhilePaused(long nanos) {
        insidePause = true;
        timeline.runUntil(timeline.now() + nanos);
        insidePause = false;
    }

    void onRaftTurn(SimNode node) {
        Role role = node.raft.role();
        forgetting.onTurn(node);
        story.mix(timeline.now(), node.id, node.raft.commitIndex());
        if (role != roles[node.id]) {
            roles[node.id] = role;
            story.tell(
                    timeline.now(),
                    node + " is " + role + " in term " + node.raft.currentTerm() + ", log "
                            + node.raft.log().last() + ", committed " + node.raft.commitIndex());
        }
    }

    /** A write was acknowledged to a client. */
    void onProgress() {
        if (troubleIsOver && progressAt == Timeline.NEVER) {
            progressAt = timeline.now();
        }
    }

    /** A node has refused a write for a full disk. */
    void onDiskFullAnswer() {
        refusals++;
    }

    /** Whether this is still the time of trouble. */
    boolean isTroubled() {
        return !troubleIsOver;
    }
}

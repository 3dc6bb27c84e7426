package io.tenure.sim;

import io.tenure.raft.Message;
import io.tenure.raft.Role;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Schedules written by hand, for what chance hits too seldom. */
enum Script {
    /**
     * LEASE.md 4, item 33: a write is committed and seen, but its answer is lost with the leader; another client overwrites the
     * value at the next leader; then the first one asks again there. It is told "done", and nothing is written twice.
     */
    REPEAT_AT_THE_NEXT_LEADER {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048");
        }

        @Override
        void play(World world) {
            startAndElect0(world);
            SimClient first = world.clients().get(0);
            SimClient second = world.clients().get(1);
            first.write(0, 1);
            await(world, "the first client has its session", () -> first.done() == 1);

            // The answer gets lost, and the client finds nobody for a while.
            world.network().cut(0, world.placeOf(first));
            world.network().part(1, world.placeOf(first));
            world.network().part(2, world.placeOf(first));
            long index = log(world, 0).lastIndex() + 1;
            first.write(0, 1);
            await(
                    world,
                    "its write is committed",
                    () -> log(world, 0).lastIndex() >= index && committedEverywhere(world));
            second.read(0);
            await(world, "the other client has seen it", () -> second.done() == 1);
            world.filter((from, to, message) -> true);
            world.crash(0, false, FOR_EVER);
            await(world, "somebody else leads", () -> leads(world, 1) || leads(world, 2));
            second.write(0, 1);
            await(world, "the other client has overwritten it", () -> second.done() == 2);

            world.network().mendAll();
            await(world, "the first client is told that it is done", () -> first.done() == 2);
            world.clients().forEach(SimClient::begin);
        }
    },

    /**
     * LEASE.md 4, items 7 and 8: a leader has sent an entry when its own force of it fails, and stops. Back again it leads without
     * that entry, which one follower has on its disk, and writes others at the same index.
     */
    FORCE_FAILS_AT_THE_LEADER {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048");
        }

        @Override
        void play(World world) {
            startAndElect0(world);
            SimClient client = world.clients().get(0);
            client.write(0, 1);
            await(world, "a first write is done", () -> client.done() == 1 && committedEverywhere(world));

            long index = log(world, 0).lastIndex() + 1;
            MessageFilter elect0 = onlyElects(0);
            world.filter((from, to, message) -> elect0.passes(from, to, message) && !(hasEntries(message) && to == 2));
            world.nodes().get(0).disk.failForce(1);
            client.write(0, 1);
            await(world, "the entry is on node 1", () -> stores(world, 1, index));
            await(world, "the leader is gone", () -> world.crashes() > 0);
            world.filter((from, to, message) -> from != 1 && to != 1 && elect0.passes(from, to, message));
            world.start(0);
            await(
                    world,
                    "it leads again",
                    () -> leads(world, 0) && log(world, 0).lastIndex() >= index);
            // With the power went the tag of the first write: the outcome of the second may stay unknown.
            await(world, "the client knows what it can", client::isIdle);
            world.clients().forEach(SimClient::begin);
        }
    },

    /**
     * LEASE.md 4, item 31: the disk of the leader stands still for ten election timeouts, and its network does not. Another node
     * leads as soon as the deadline and an election timeout have passed, and serves.
     */
    DISK_STANDS_STILL_UNDER_THE_LEADER {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048, diskDeadlineMillis: 150");
        }

        @Override
        void play(World world) {
            LeaseScripts.diskStandsStill(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /**
     * Figure 8 of the Raft paper: an entry of an earlier term is on a majority, and still the next leader replaces it. Who
     * commits it by counting copies loses it.
     */
    FIGURE_8 {
        @Override
        Scenario scenario() {
            // The entry is longer than a batch, so that it travels alone.
            return Scenario.calm(5, 2000, "keyBytesMax: 64, valueBytesMax: 2048, batchBytesMax: 1KiB");
        }

        @Override
        void play(World world) {
            startAndElect0(world);
            SimClient client = world.clients().get(0);
            client.write(1);
            await(world, "a first write is done", () -> client.isIdle() && committedEverywhere(world));

            // (a) The leader's next entry reaches one follower, and the leader dies.
            long index = log(world, 0).lastIndex() + 1;
            world.filter((from, to, message) -> !hasEntries(message) || to == 1);
            client.write(1200);
            await(world, "the entry is on two nodes", () -> stores(world, 0, index) && stores(world, 1, index));
            long term = log(world, 0).term(index);
            world.crash(0, false, FOR_EVER);

            // (b) Another node is elected by those who don't have it, appends its own, and dies.
            MessageFilter elect4 = onlyElects(4);
            world.filter((from, to, message) -> to != 1
                    && from != 1
                    && elect4.passes(from, to, message)
                    && !(message instanceof Message.AppendEntry));
            await(world, "node 4 has an entry of its own", () -> leads(world, 4) && stores(world, 4, index));
            world.crash(4, false, FOR_EVER);

            // (c) The first one is back, and brings the old entry to a majority, but not the NO-OP of its new term.
            MessageFilter elect0 = onlyElects(0);
            world.filter((from, to, message) -> elect0.passes(from, to, message)
                    && !(hasEntriesAfter(term, message) && wouldBeAccepted(world, to, message)));
            world.start(0);
            await(
                    world,
                    "node 0 leads again",
                    () -> leads(world, 0) && world.nodes().get(0).raft.currentTerm() > term);
            await(
                    world,
                    "the old entry is on a majority",
                    () -> stores(world, 2, index) && log(world, 2).term(index) == term);
            world.runUntil(() -> world.nodes().get(0).raft.commitIndex() >= index, 300 * MILLI);
            world.crash(0, false, FOR_EVER);

            // (d) Node 4 is back; its last entry is of a later term, so it wins and replaces the old entry.
            world.filter(elect4);
            world.start(4);
            await(world, "node 4 leads again", () -> leads(world, 4));
            world.clients().forEach(SimClient::begin);
        }
    },

    /** LEASE.md, 4 #39: a node loses its folder right after it was the second to store an entry. */
    REJOIN {
        @Override
        Scenario scenario() {
            // The entry is longer than a batch, so that it travels alone.
            return Scenario.calm(3, 300, "keyBytesMax: 64, valueBytesMax: 2048, batchBytesMax: 1KiB");
        }

        @Override
        void play(World world) {
            ForgettingScripts.rejoin(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /**
     * A node gets a copy of its folder back that was made while it ran (LEASE.md, 4 #39): no peer has noted a later life, and only
     * what it had acknowledged since tells.
     */
    OLD_COPY_OF_THE_SAME_LIFE {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 300, "keyBytesMax: 64, valueBytesMax: 2048, batchBytesMax: 1KiB");
        }

        @Override
        void play(World world) {
            ForgettingScripts.oldCopy(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** DESIGN.md, D4: who repairs itself is answered first by a member that holds another entry there, which was never committed. */
    REPAIR_FROM_A_STALE_PEER(
            () -> Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048"), RepairScripts::stalePeer),

    /** DESIGN.md, D4: rot of the same entry on every member ends in a clear message. */
    ROT_OF_ALL_COPIES(() -> Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048"), RepairScripts::allCopies),

    /** DESIGN.md, D4: rot of the same entry on a majority, and an intact copy answers. */
    ROT_OF_A_MAJORITY(() -> Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048"), RepairScripts::majority),

    /** A repair over a link that is slower than the first patience of who asks. */
    REPAIR_OVER_A_SLOW_LINK {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 256KiB, segmentBytes: 64KiB")
                    .slow(1500, "everyLogBytes: 1MiB, keepLogBytes: 0KiB, bytesPerSecondMax: 64MiB");
        }

        @Override
        void play(World world) {
            RepairScripts.slowLink(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** LEASE.md, 3.7: a leader is asked right after a pause that its lease has not outlasted. */
    ASKED_AFTER_A_PAUSE {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048");
        }

        @Override
        void play(World world) {
            LeaseScripts.askedAfterAPause(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** LEASE.md, 3.7: a leader that has just committed is asked before it has applied. */
    ASKED_BEFORE_IT_IS_APPLIED {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048").dedicated();
        }

        @Override
        void play(World world) {
            LeaseScripts.askedBeforeItIsApplied(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** LEASE.md 4, item 17: leadership is transferred under load, and its lease goes with it. */
    TRANSFER {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048");
        }

        @Override
        void play(World world) {
            TransferScripts.transfer(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** LEASE.md 4, item 18: the word to a successor comes when the leader has long since earned a new lease. */
    LATE_WORD {
        @Override
        Scenario scenario() {
            return Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048");
        }

        @Override
        void play(World world) {
            TransferScripts.lateWord(world);
            world.clients().forEach(SimClient::begin);
        }
    },

    /** A repair for which the disk has no room. */
    REPAIR_ON_A_FULL_DISK(() -> Scenario.calm(3, 100, "keyBytesMax: 64, valueBytesMax: 2048"), RepairScripts::fullDisk),

    /** LEASE.md, 3.13: a follower answers, and has what was acknowledged before. */
    READ_AT_A_FOLLOWER(
            () -> Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048").dedicated(), ReadScripts::atAFollower),

    /** LEASE.md, 3.13: a follower that is cut off answers until its data are older than asked, and not a moment longer. */
    READ_IN_AN_ISOLATED_REGION(
            () -> Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048"), ReadScripts::inAnIsolatedRegion),

    /** LEASE.md, 3.13: what a leader vouches for has been on its way for long. */
    READ_AFTER_A_LATE_ECHO(
            () -> Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048"), ReadScripts::afterALateEcho),

    /** LEASE.md, 3.13: who has written reads at a node that has not heard of it. */
    READ_OF_A_SESSION(() -> Scenario.calm(3, 1000, "keyBytesMax: 64, valueBytesMax: 2048"), ReadScripts::ofASession);

    private static final long MILLI = 1_000_000;
    private static final long FOR_EVER = 1_000_000_000_000L;

    @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
    private final Supplier<Scenario> scenario;

    @SuppressWarnings("ImmutableEnumChecker") // a method
    private final Consumer<World> schedule;

    Script() {
        this(null, null);
    }

    /** What the world is like, and what happens in it before the clients begin. */
    Script(Supplier<Scenario> scenario, Consumer<World> schedule) {
        this.scenario = scenario;
        this.schedule = schedule;
    }

    /** What the world is like. */
    Scenario scenario() {
        return scenario.get();
    }

    /** Makes it happen. */
    void play(World world) {
        schedule.accept(world);
        world.clients().forEach(SimClient::begin);
    }

    static void await(World world, String what, BooleanSupplier condition) {
        await(world, what, condition, 5000 * MILLI);
    }

    static void await(World world, String what, BooleanSupplier condition, long nanosMax) {
        if (!world.runUntil(condition, nanosMax)) {
            throw new IllegalStateException("the script is stuck: never came to \"" + what + "\"");
        }
        world.story().tell(world.timeline().now(), "script: " + what);
    }

    static void startAndElect0(World world) {
        world.filter(onlyElects(0));
        for (SimNode node : world.nodes()) {
            world.start(node.id);
        }
        await(world, "node 0 leads", () -> leads(world, 0));
    }

    static MessageFilter onlyElects(int node) {
        return (from, to, message) -> !(message instanceof Message.RequestVote) || from == node;
    }

    static boolean hasEntries(Message message) {
        return message instanceof Message.AppendEntry append
                && !append.entries().isEmpty();
    }

    static long lastIndexIn(Message message) {
        return message instanceof Message.AppendEntry append
                ? append.prev().index() + append.entries().size()
                : 0;
    }

    private static boolean hasEntriesAfter(long term, Message message) {
        return message instanceof Message.AppendEntry append
                && append.entries().stream().anyMatch(entry -> entry.term() > term);
    }

    static boolean wouldBeAccepted(World world, int to, Message message) {
        return message instanceof Message.AppendEntry append
                && append.prev().index() <= log(world, to).lastIndex()
                && append.prev().term() == log(world, to).term(append.prev().index());
    }

    static boolean leads(World world, int node) {
        SimNode leader = world.nodes().get(node);
        return leader.isAlive() && leader.raft.role() == Role.LEADER;
    }

    static LogMirror log(World world, int node) {
        return world.nodes().get(node).log;
    }

    static boolean stores(World world, int node, long index) {
        SimNode storing = world.nodes().get(node);
        return storing.isAlive() && storing.raft.durableIndex() >= index;
    }

    static boolean committedEverywhere(World world) {
        return world.nodes().stream()
                .allMatch(node -> node.isAlive()
                        && node.raft.commitIndex() == log(world, 0).lastIndex());
    }
}

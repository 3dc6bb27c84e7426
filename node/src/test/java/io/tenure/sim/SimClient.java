package io.tenure.sim;

import com.google.protobuf.ByteString;
import io.tenure.client.logic.Action;
import io.tenure.client.logic.LogicSettings;
import io.tenure.client.logic.RequestLogic;
import io.tenure.client.logic.Result;
import io.tenure.client.logic.WriteId;
import io.tenure.history.History;
import io.tenure.history.Operation;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.ReadMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A client with the SDK's own request logic: writes unique values and reads, a few at once, and asks again for writes of
 * unknown outcome. Everything that it was told goes into the history.
 */
final class SimClient {
    private static final long MILLI = 1_000_000;
    private static final int ASKS_MAX = 3;
    /** Longer than a connection that hung when all faults were over takes to break (3.1 s), and to be made anew (1 s at most). */
    private static final long PATIENCE_NANOS = 5000 * MILLI;

    private static final long ASK_AGAIN_NANOS_MAX = 300 * MILLI;

    /** Every operation ends at its deadline, and is asked for again only so often: then nothing is open, whatever the nodes do. */
    static final long IDLE_NANOS_MAX = (1 + ASKS_MAX) * PATIENCE_NANOS + ASKS_MAX * ASK_AGAIN_NANOS_MAX + 200 * MILLI;

    private static final class Open {
        private final String key;
        private final String value;
        private final boolean isWrite;
        private final long invoke;
        private final long floor;
        private ReadMode mode = ReadMode.LEASE;
        private long ageMillisMax;
        private int asks;

        private Open(String key, String value, boolean isWrite, long invoke, long floor) {
            this.key = key;
            this.value = value;
            this.isWrite = isWrite;
            this.invoke = invoke;
            this.floor = floor;
        }
    }

    private final World world;
    private final int id;
    private final RandomGenerator random;
    private final RequestLogic logic;
    private final Map<Integer, SimLink> links = new TreeMap<>();
    private final Map<Long, Open> open = new TreeMap<>();
    private final List<Open> askedLater = new ArrayList<>();
    private final List<Operation> told = new ArrayList<>();
    /** The newest version of each key that this client was told of. */
    private final Map<String, Long> seen = new TreeMap<>();

    private Timeline.Event wake;
    private int writes;
    private int found;
    private boolean finished;
    private long finishedAt = Timeline.NEVER;

    SimClient(World world, int id, RandomGenerator random) {
        this.world = world;
        this.id = id;
        this.random = random;
        LogicSettings defaults = LogicSettings.DEFAULT;
        LogicSettings settings = new LogicSettings(
                world.scenario().attemptNanos, 64, defaults.outstandingBytesMax(), 64, defaults.valueBytesMax());
        List<String> addresses = new ArrayList<>();
        for (SimNode node : world.nodes()) {
            addresses.add("node" + node.id + ":7200");
        }
        logic = new RequestLogic(settings, addresses, random);
    }

    int id() {
        return id;
    }

    RequestLogic logic() {
        return logic;
    }

    /** Time as the request logic counts it. */
    long now() {
        return world.timeline().now();
    }

    /** Begins to work. */
    void begin() {
        if (finished) {
            return;
        }
        if (open.size() < world.scenario().pipelineMax) {
            if (random.nextInt(100) < 45) {
                write();
            } else {
                read();
            }
        }
        world.timeline().in(1 + (long) (-Math.log(1 - random.nextDouble()) * world.scenario().thinkNanos), this::begin);
    }

    /** Asks for nothing more, but for what is unanswered and one last look at every key. */
    void finish() {
        finished = true;
        finishedAt = now();
        for (int key = 0; key < world.scenario().keys; key++) {
            submitRead(key(key), ReadMode.LEASE);
        }
    }

    /** How many operations it was told to be done. */
    long done() {
        return told.stream()
                .filter(each -> each.outcome() == Operation.Outcome.OK)
                .count();
    }

    /** How many reads were answered. */
    int found() {
        return found;
    }

    /** Whether nothing is unanswered. */
    boolean isIdle() {
        return open.isEmpty() && askedLater.isEmpty();
    }

    /** Adds what this client was told to the history; what is still open stays unknown. */
    void writeDown(History history) {
        told.forEach(history::add);
        askedLater.forEach(each -> history.add(unknown(each)));
        for (Open each : open.values()) {
            if (each.isWrite) {
                history.add(unknown(each));
            }
        }
    }

    /** A process died: connections to it break, which is noticed unless the way is cut. */
    void onDeath(SimProcess process) {
        for (SimLink link : List.copyOf(links.values())) {
            if (link.leadsTo(process)) {
                link.breakOff("connection reset");
            }
        }
    }

    /** Carries out what the logic wants done, and wakes it when it wants to be woken. */
    void act() {
        for (Action action : logic.takeActions()) {
            if (action instanceof Action.Connect connect) {
                int node = Integer.parseInt(connect.address()
                        .substring("node".length(), connect.address().indexOf(':')));
                SimLink link = new SimLink(world, this, connect.connection(), node, random);
                links.put(connect.connection(), link);
                link.connect();
            } else if (action instanceof Action.Send send) {
                links.get(send.connection()).request(send.request());
            } else if (action instanceof Action.Close close) {
                links.remove(close.connection()).close();
            } else if (action instanceof Action.Complete complete) {
                complete(complete.operation(), complete.result());
            }
        }
        links.values().forEach(SimLink::flushRequests);
        long due = logic.wakeAt();
        if (due == RequestLogic.NEVER || (wake != null && wake.time() <= due)) {
            return;
        }
        if (wake != null) {
            wake.cancel();
        }
        wake = world.timeline().at(due, () -> {
            wake = null;
            logic.tick(now());
            act();
        });
    }

    /** What arrived together on a connection. */
    void receive(int connection, List<Object> messages) {
        for (Object message : messages) {
            if (message instanceof HelloReply hello) {
                logic.connected(now(), connection, hello);
            } else {
                logic.reply(now(), connection, (ClientReply) message);
            }
        }
        act();
    }

    /** The logic was told that a connection is gone. */
    void forget(int connection) {
        links.remove(connection);
    }

    private static String key(int number) {
        // Some that need escapes, and an empty one.
        return switch (number) {
            case 0 -> "k0";
            case 1 -> "";
            case 2 -> "key two\n";
            case 3 -> "sch\u00fcssel";
            default -> "k" + number;
        };
    }

    private void write() {
        write(random.nextInt(12) == 0 ? random.nextInt(1500) : 0);
    }

    /** Writes a value of at least so many characters to some key. */
    void write(int length) {
        write(random.nextInt(world.scenario().keys), length);
    }

    /** Reads that key, by lease if there is one. */
    void read(int key) {
        submitRead(key(key), ReadMode.LEASE);
    }

    /** Writes a value of at least so many characters to that key. */
    void write(int key, int length) {
        String value = "c" + id + "-" + ++writes;
        if (length > 0) {
            value += " " + "x".repeat(length);
        }
        Open write = new Open(key(key), value, true, now(), 0);
        long number = logic.set(
                now(), ByteString.copyFromUtf8(write.key), ByteString.copyFromUtf8(value), now() + drawPatience());
        open.put(number, write);
        act();
    }

    /** Has that node lead. */
    void transfer(int target) {
        long number = logic.transfer(now(), target, now() + drawPatience());
        open.put(number, new Open("", null, false, now(), 0));
        act();
    }

    private void read() {
        ReadMode mode = switch (random.nextInt(12)) {
            case 0 -> ReadMode.QUORUM;
            case 1, 2 -> ReadMode.FOLLOWER;
            case 3, 4 -> ReadMode.SESSION;
            case 5, 6 -> ReadMode.BOUNDED;
            default -> ReadMode.LEASE;
        };
        submitRead(key(random.nextInt(world.scenario().keys)), mode);
    }

    /** Reads that key in that mode, of data that are not older than that if the read is bounded. */
    void read(int key, ReadMode mode, long ageMillisMax) {
        submitRead(key(key), mode, ageMillisMax);
    }

    private void submitRead(String key, ReadMode mode) {
        submitRead(key, mode, mode == ReadMode.BOUNDED ? 1 + random.nextInt(400) : 0);
    }

    private void submitRead(String key, ReadMode mode, long ageMillisMax) {
        long floor = mode == ReadMode.SESSION
                ? seen.getOrDefault(key, 0L)
                : world.witness().reads().floor(key);
        Open read = new Open(key, null, false, now(), floor);
        read.mode = mode;
        read.ageMillisMax = ageMillisMax;
        ByteString bytes = ByteString.copyFromUtf8(key);
        open.put(logic.get(now(), bytes, mode, read.ageMillisMax, now() + drawPatience()), read);
        act();
    }

    private long drawPatience() {
        return world.isTroubled() ? MILLI * (200 + random.nextInt(3000)) : PATIENCE_NANOS;
    }

    private void complete(long number, Result result) {
        Open done = open.remove(number);
        world.story().mix(now(), number, id);
        world.story().tellIfKept(now(), () -> "client " + id + ": " + what(done) + " -> " + what(result));
        String client = "c" + id;
        if (result instanceof Result.Written) {
            seen.merge(done.key, world.witness().reads().acknowledged(done.key, done.value), Math::max);
            world.onProgress();
            told.add(Operation.write(client, done.key, done.value, done.invoke, now()));
        } else if (result instanceof Result.Found found) {
            String value = found.value() == null ? null : found.value().toStringUtf8();
            found(done, value, found);
            if (done.mode != ReadMode.SESSION && done.mode != ReadMode.BOUNDED) {
                told.add(Operation.read(client, done.key, value, done.invoke, now()));
            }
        } else if (result instanceof Result.Failed failed) {
            failed(done, failed);
        }
    }

    private void found(Open done, String value, Result.Found found) {
        this.found++;
        ClientInvariants.ReadsAreFresh reads = world.witness().reads();
        long version = reads.versionRead(done.key, value, found.node());
        switch (done.mode) {
            case SESSION -> world.witness().sessions().answered(id, done.key, version, done.floor, found.node());
            case BOUNDED ->
                world.witness()
                        .ages()
                        .answered(done.key, version, done.invoke, found.ageMillis(), done.ageMillisMax, found.node());
            default -> reads.answered(done.key, value, done.floor, found.node());
        }
        reads.seen(done.key, version);
        seen.merge(done.key, version, Math::max);
    }

    private void failed(Open done, Result.Failed failed) {
        if (failed.failure() == Result.Failure.INVALID) {
            throw new Violation("RequestsAreValid", failed.reason());
        }
        if (!done.isWrite) {
            if (done.invoke >= finishedAt) {
                throw new Violation(
                        "AllRecover",
                        "client " + id + " gets no answer to its last " + what(done) + ": " + failed.reason());
            }
            return;
        }
        if (failed.failure() == Result.Failure.NOT_DONE) {
            told.add(Operation.failedWrite("c" + id, done.key, done.value, done.invoke, now()));
        } else if (failed.writeId() != null && done.asks < ASKS_MAX && random.nextInt(4) > 0) {
            done.asks++;
            long patience = drawPatience();
            askedLater.add(done);
            world.timeline().in(random.nextLong(ASK_AGAIN_NANOS_MAX), () -> askAgain(done, failed.writeId(), patience));
        } else {
            told.add(unknown(done));
        }
    }

    private void askAgain(Open write, WriteId writeId, long patience) {
        askedLater.remove(write);
        long number = logic.ask(
                now(),
                writeId,
                ByteString.copyFromUtf8(write.key),
                ByteString.copyFromUtf8(write.value),
                now() + patience);
        open.put(number, write);
        act();
    }

    private Operation unknown(Open write) {
        return Operation.unknownWrite("c" + id, write.key, write.value, write.invoke);
    }

    @Override
    public String toString() {
        List<String> waiting = new ArrayList<>();
        open.values().forEach(each -> waiting.add(what(each)));
        askedLater.forEach(each -> waiting.add(what(each) + ", to be asked again"));
        return "client " + id + " waits for " + waiting;
    }

    private static String what(Result result) {
        if (result instanceof Result.Found found) {
            String value = found.value() == null ? "nothing" : found.value().toStringUtf8();
            return value + " by node " + found.node() + " in term " + found.term();
        }
        return result.toString();
    }

    private static String what(Open each) {
        return (each.isWrite ? "write " + each.value : "read") + " of " + each.key.strip();
    }
}

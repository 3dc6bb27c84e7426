package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One core with a disk and a clock that the test turns by hand. Alone it is fed messages of peers that do not exist; {@link
 * Cluster} joins several. A verb is a whole turn of the loop: inputs, then {@code finishTurn}, then the output is taken.
 */
final class TestNode {
    final int id;
    final Parameters parameters;
    private final RandomGenerator random;
    private Raft raft;

    /** This node's own monotonic clock. */
    long now;
    /** Whether writes are forced as soon as they are taken; otherwise {@link #force} does it. */
    boolean diskIsFast = true;
    /** Whether fetches are answered at once from the disk. */
    boolean fetchesAreFast = true;

    private HardState durableHardState = HardState.INITIAL;
    /** What the log on disk begins after; what comes before is in a snapshot. */
    private EntryId durableBase = EntryId.NONE;

    private final List<Entry> durableLog = new ArrayList<>();
    private final Deque<Persist> writing = new ArrayDeque<>();
    private long durableCommit;
    private long forces;

    final List<Output.Send> sent = new ArrayList<>();
    final List<Entry> applied = new ArrayList<>();
    final List<Output.Ready> ready = new ArrayList<>();
    final List<Output.Refused> refused = new ArrayList<>();
    final List<Output.Fetch> fetches = new ArrayList<>();
    final List<Output.DiskTask> snapshotTasks = new ArrayList<>();
    final List<EntryId> installed = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final List<Output.LogChange> logChanges = new ArrayList<>();
    private long appliedIndex;
    private Lease lease;
    private long ticket;

    TestNode(int id, Tuning tuning, RandomGenerator random, long bootNanos) {
        this.id = id;
        this.parameters = tuning.parametersOf(id);
        this.random = random;
        boot(bootNanos);
    }

    /** A node of a cluster of {@code tuning}, whose election timeouts are always the shortest. */
    static TestNode of(int id, Tuning tuning) {
        return new TestNode(id, tuning, new Draw(0), Tuning.nanos(1_000));
    }

    /** Starts from what the disk holds, as if nothing else had ever been. */
    void boot(long bootNanos) {
        RaftLog log = new RaftLog(durableBase);
        durableLog.forEach(log::append);
        long commit = Math.min(durableCommit, log.lastIndex());
        log.evict(commit, parameters.logWindowBytesMax());
        now = bootNanos;
        raft = new Raft(parameters, new Recovered(durableHardState, commit, log), Lines::noOp, random, bootNanos);
        applied.clear();
        applied.addAll(durableLog.subList(0, (int) (commit - durableBase.index())));
        appliedIndex = commit;
        lease = null;
    }

    /** Puts a history on the disk, and starts from it. */
    TestNode with(HardState hardState, long commitIndex, Entry... log) {
        durableHardState = hardState;
        durableLog.clear();
        durableLog.addAll(List.of(log));
        durableCommit = commitIndex;
        boot(now);
        return this;
    }

    /** Process death: what was not forced is lost. The commit index is known to the disk. */
    void crash() {
        durableCommit = Math.min(raft.commitIndex(), raft.durableIndex());
        writing.clear();
        sent.clear();
        raft = null;
        lease = null;
    }

    boolean isUp() {
        return raft != null;
    }

    Raft raft() {
        return raft;
    }

    // Inputs.

    void turn(Input... inputs) {
        for (Input input : inputs) {
            raft.step(now, input);
            logChanges.addAll(raft.output().logChanges());
            raft.output().logChanges().clear();
        }
        Output output = raft.finishTurn();
        lease = raft.lease();
        take(output);
        while (diskIsFast && isUp() && takeWrite()) {
            force();
        }
        if (fetchesAreFast && !fetches.isEmpty()) {
            List<Output.Fetch> asked = List.copyOf(fetches);
            fetches.clear();
            asked.forEach(fetch -> turn(fetched(fetch)));
        }
    }

    void receive(int from, Message message) {
        turn(new Input.Receive(from, message));
    }

    void tick() {
        turn(new Input.Tick());
    }

    /** Lets time pass on this node alone, waking it whenever it asks for it. */
    void advanceMillis(long millis) {
        advanceTo(now + Tuning.nanos(millis));
    }

    void advanceTo(long target) {
        while (raft.wakeAtNanos() <= target) {
            now = Math.max(now, raft.wakeAtNanos());
            tick();
        }
        now = target;
    }

    /** Waits for this node's own timer, whatever it is for. */
    void wake() {
        advanceTo(Math.max(now, raft.wakeAtNanos()));
    }

    /** A client's write; its ticket. */
    long propose(String key, String value) {
        turn(new Input.Propose(++ticket, Lines.set(key, value, raft.currentTerm())));
        return ticket;
    }

    long await(long index) {
        turn(new Input.Await(++ticket, index));
        return ticket;
    }

    long read() {
        turn(new Input.Read(++ticket));
        return ticket;
    }

    // The disk.

    /** The journal takes a write, if one waits and it is idle. */
    boolean takeWrite() {
        Persist persist = writing.isEmpty() ? raft.takePersist() : null;
        if (persist != null) {
            writing.add(persist);
        }
        return persist != null;
    }

    /** The journal takes another write though it has not finished the one before. */
    Persist takeAnotherWrite() {
        Persist persist = raft.takePersist();
        if (persist != null) {
            writing.add(persist);
        }
        return persist;
    }

    boolean isWriting() {
        return !writing.isEmpty();
    }

    /** The oldest write reaches the disk, and the core is told. */
    void force() {
        if (writing.isEmpty()) {
            takeWrite();
        }
        forceUntold();
        turn(new Input.Persisted(forces));
    }

    /** All that waits reaches the disk. */
    void forceAll() {
        while (isWriting() || takeWrite()) {
            force();
        }
    }

    /** The oldest write reaches the disk, but nobody learns of it. */
    void forceUntold() {
        Persist persist = writing.remove();
        if (persist.install() != null) {
            durableBase = persist.install();
            durableLog.clear();
        }
        if (persist.truncateFrom() > 0) {
            cut(persist.truncateFrom());
        }
        if (!persist.entries().isEmpty() && persist.firstIndex() != durableBase.index() + durableLog.size() + 1) {
            throw new AssertionError(
                    "write at " + persist.firstIndex() + " of a log that ends at " + durableLog.size());
        }
        durableLog.addAll(persist.entries());
        if (persist.hardState() != null) {
            durableHardState = persist.hardState();
        }
        forces = persist.seq();
    }

    private void cut(long index) {
        durableLog
                .subList((int) (index - durableBase.index()) - 1, durableLog.size())
                .clear();
    }

    HardState durableHardState() {
        return durableHardState;
    }

    List<String> durableLines() {
        return durableLog.stream().map(Lines::text).toList();
    }

    /** This node's own snapshot ends at {@code base}, and the log files begin after it. */
    TestNode compactTo(long index) {
        EntryId base = new EntryId(index, raft.log().term(index));
        durableLog.subList(0, (int) (index - durableBase.index())).clear();
        durableBase = base;
        turn(new Input.SnapshotWritten(base, 100, base));
        return this;
    }

    /** What the disk has for a fetch, at most ten entries of it. */
    Input.Fetched fetched(Output.Fetch fetch) {
        int first = (int) (fetch.firstIndex() - durableBase.index());
        List<Entry> entries = durableLog.subList(first - 1, Math.min(durableLog.size(), first + 9));
        return new Input.Fetched(fetch.peer(), fetch.firstIndex(), List.copyOf(entries));
    }

    // What can be seen.

    long appliedIndex() {
        return appliedIndex;
    }

    private void take(Output output) {
        sent.addAll(output.messages());
        if (output.installed() != null) {
            installed.add(output.installed());
            appliedIndex = output.installed().index();
            applied.clear();
        }
        if (!output.committed().isEmpty() && output.committedFirstIndex() != appliedIndex + 1) {
            throw new AssertionError("applies " + output.committedFirstIndex() + " after " + appliedIndex);
        }
        applied.addAll(output.committed());
        appliedIndex += output.committed().size();
        ready.addAll(output.ready());
        refused.addAll(output.refused());
        for (Output.DiskTask task : output.diskTasks()) {
            if (task instanceof Output.Fetch fetch) {
                fetches.add(fetch);
            } else {
                snapshotTasks.add(task);
            }
        }
        events.addAll(output.events());
        output.clear();
        output.clearCommitted();
    }

    /** The lease as it was last published, whatever the time is; null if there is none. */
    Lease publishedLease() {
        return lease;
    }

    /** The lease that a reader can use now: published, and by the clock still valid. */
    Lease usableLease() {
        return lease != null && now < lease.endNanos() ? lease : null;
    }

    boolean isLeased() {
        return usableLease() != null;
    }

    boolean isLeader() {
        return isUp() && raft.role() == Role.LEADER;
    }

    /** Messages sent since the last call, of one kind. */
    <M extends Message> List<M> takeSent(Class<M> kind) {
        List<M> found = sentOf(kind);
        sent.clear();
        return found;
    }

    <M extends Message> List<M> sentOf(Class<M> kind) {
        return sent.stream()
                .map(Output.Send::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    <M extends Message> List<M> sentTo(int peer, Class<M> kind) {
        return sent.stream()
                .filter(send -> send.to() == peer)
                .map(Output.Send::message)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    List<Event.Kind> eventKinds() {
        return events.stream().map(Event::kind).toList();
    }

    List<String> lines() {
        List<String> lines =
                new ArrayList<>(durableLines().subList(0, (int) raft.log().firstInWindow() - 1));
        for (long index = raft.log().firstInWindow(); index <= raft.log().lastIndex(); index++) {
            lines.add(Lines.text(raft.log().entry(index)));
        }
        return lines;
    }

    List<String> appliedLines() {
        return applied.stream().map(Lines::text).toList();
    }

    /** What became of a ticket: {@code ready}, a refusal, or nothing yet. More than one answer is an error. */
    String fate(long asked) {
        List<String> fates = new ArrayList<>();
        ready.stream().filter(each -> each.ticket() == asked).forEach(each -> fates.add("READY"));
        refused.stream()
                .filter(each -> each.ticket() == asked)
                .forEach(each -> fates.add(each.reason().name()));
        if (fates.size() > 1) {
            throw new AssertionError("ticket " + asked + " answered " + fates);
        }
        return fates.isEmpty() ? "WAITING" : fates.get(0);
    }
}

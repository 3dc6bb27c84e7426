package io.tenure.explore;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.StoreReader;
import io.tenure.net.LeaseReadSteps;
import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.RaftLog;
import io.tenure.raft.Recovered;
import io.tenure.raft.Role;
import io.tenure.sim.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One node that runs: the real core, driven in the order in which the raft agent drives it, with a disk, a store of one key,
 * and a god's notes. Deterministic: the same events make the same node.
 */
final class NodeRun {
    /** What an event did to the world outside the node. */
    static final class Effects {
        final List<Output.Send> sent = new ArrayList<>();
        /** Indexes of writes that clients were told are done. */
        final List<Long> acknowledged = new ArrayList<>();
        /** Values that reads by quorum were answered with. */
        final List<Integer> quorumAnswers = new ArrayList<>();
        /** Reads by quorum that were sent elsewhere. */
        int quorumRefusals;
        /** Value that a lease read was answered with, -1 if none was. */
        int leaseAnswer = -1;
        /** The lease read is over. */
        boolean readOver;
    }

    enum Phase {
        IDLE,
        TO_PUBLISH,
        TO_HAND_OVER
    }

    record Batch(List<Entry> entries, List<Output.Ready> ready) {}

    /** Before it, time is not: so no time that the core notes is 0. */
    static final long BOOT_NANOS = 1L << 40;

    static final long QUORUM_READ_TICKET = 1000;
    static final String KEY = "x";
    static final long KEY_HASH = 0x5DEECE66DL;

    final Scope scope;
    final int id;
    final int rate;
    Raft raft;
    long now = BOOT_NANOS;
    Phase phase = Phase.IDLE;
    Effects effects = new Effects();

    // The disk.
    HardState hardState = HardState.INITIAL;
    final List<Entry> platter = new ArrayList<>();
    final ArrayDeque<Persist> writes = new ArrayDeque<>();

    // What readers and the applier share.
    Lease published;
    long applied;
    int value;
    final ArrayDeque<Batch> batches = new ArrayDeque<>();
    int entriesSet;
    LeaseReadSteps read;

    // The god's notes: the longest lease ever published.
    long claimTerm = -1;
    long claimEndNanos;

    NodeRun(Scope scope, Event.Boot boot) {
        this.scope = scope;
        this.id = boot.node();
        this.rate = boot.rate();
        start(0);
    }

    /** Lets {@code event} happen; what it does outside is in {@link #effects}. */
    void take(Event event) {
        effects = new Effects();
        if (event instanceof Event.Deliver deliver) {
            turn(new Input.Receive(deliver.from(), deliver.message()));
        } else if (event instanceof Event.Timeout) {
            onTimeout();
        } else if (event instanceof Event.Beat) {
            turn(new Input.Tick());
        } else if (event instanceof Event.Propose propose) {
            turn(new Input.Propose(propose.number(), Entries.write(propose.number(), raft.currentTerm())));
        } else if (event instanceof Event.AskQuorum) {
            turn(new Input.Read(QUORUM_READ_TICKET));
        } else if (event instanceof Event.DiskDone) {
            completeWrite();
        } else if (event instanceof Event.Pass) {
            now += scope.tickNanos(rate);
        } else if (event instanceof Event.Crash crash) {
            crash(crash);
        } else {
            step((Event.Step) event);
        }
    }

    private void step(Event.Step step) {
        switch (step) {
            case PUBLISH -> {
                publish();
                phase = Phase.TO_HAND_OVER;
            }
            case HAND_OVER -> {
                phase = Phase.IDLE;
                handOver();
            }
            case APPLY_ENTRY -> set(batches.peek().entries().get(entriesSet++));
            case ADVANCE_AND_ANSWER -> {
                entriesSet = 0;
                answer(batches.poll());
            }
            case READ_START -> {
                read = new LeaseReadSteps(() -> published, new Store(), () -> now, KEY_HASH);
                read.start(KEY);
            }
            case READ_STEP -> {
                if (!read.advance()) {
                    effects.readOver = true;
                    effects.leaseAnswer = read.read().answered() ? Entries.numberOf(read.value()) : -1;
                    read = null;
                }
            }
        }
    }

    /** The turn of RaftAgent, with one input: a tick if due, then everything is handed on. */
    private void turn(Input input) {
        raft.step(now, input);
        if (raft.role() == Role.LEADER && now - raft.wakeAtNanos() >= 0) {
            raft.step(now, new Input.Tick());
        }
        raft.finishTurn();
        raft.output().logChanges().clear();
        raft.output().events().clear();
        if (scope.steppedReads == 0) {
            publish();
            handOver();
        } else if (Objects.equals(raft.lease(), published)) {
            handOver();
        } else {
            phase = Phase.TO_PUBLISH;
        }
    }

    private void onTimeout() {
        turn(new Input.Tick());
        if (!scope.preVotes) {
            int peer = id == 0 ? 1 : 0;
            long term = raft.currentTerm();
            turn(new Input.Receive(peer, new Message.RequestVoteReply(term, true, true, term + 1, List.of())));
        }
    }

    private void publish() {
        published = raft.lease();
        if (published != null && published.endNanos() - now > 0) {
            boolean later = !isClaimed() || published.endNanos() - claimEndNanos > 0;
            claimEndNanos = later ? published.endNanos() : claimEndNanos;
            claimTerm = Math.max(claimTerm, published.term());
        }
    }

    private void handOver() {
        Output output = raft.output();
        Persist persist = raft.takePersist();
        for (Output.Send send : output.messages()) {
            if (!scope.preVotes && send.message() instanceof Message.RequestVote vote && vote.preVote()) {
                continue;
            }
            Departure.check(this, send.to(), send.message());
            effects.sent.add(send);
        }
        if (!output.committed().isEmpty() || !output.ready().isEmpty()) {
            Batch batch = new Batch(new ArrayList<>(output.committed()), new ArrayList<>(output.ready()));
            output.clearCommitted();
            if (scope.steppedReads == 0) {
                batch.entries().forEach(this::set);
                answer(batch);
            } else {
                batches.add(batch);
            }
        }
        for (Output.Refused refused : output.refused()) {
            effects.quorumRefusals += refused.ticket() == QUORUM_READ_TICKET ? 1 : 0;
        }
        if (!output.diskTasks().isEmpty()) {
            throw new IllegalStateException("the window holds all entries of this scope");
        }
        output.clear();
        if (persist != null && scope.slowDisk) {
            writes.add(persist);
        } else if (persist != null) {
            write(persist, false);
            turn(new Input.Persisted(persist.seq()));
        }
    }

    private void completeWrite() {
        Persist persist = writes.poll();
        write(persist, false);
        turn(new Input.Persisted(persist.seq()));
    }

    private void write(Persist persist, boolean torn) {
        if (persist.truncateFrom() > 0) {
            platter.subList((int) persist.truncateFrom() - 1, platter.size()).clear();
        }
        if (!persist.entries().isEmpty() && platter.size() != persist.firstIndex() - 1) {
            throw new Violation(
                    "PersistsFit",
                    "node " + id + " writes entry " + persist.firstIndex() + " behind " + platter.size());
        }
        platter.addAll(persist.entries());
        if (persist.hardState() != null && !torn) {
            if (persist.hardState().term() < hardState.term()) {
                throw new Violation("TermAndCommitMonotone", "node " + id + " goes back to " + persist.hardState());
            }
            hardState = persist.hardState();
        }
    }

    private void crash(Event.Crash crash) {
        long noted = crash.noted() ? raft.commitIndex() : 0;
        for (int i = 0; i < crash.writes(); i++) {
            write(writes.poll(), false);
        }
        if (crash.torn()) {
            write(writes.poll(), true);
        }
        writes.clear();
        batches.clear();
        entriesSet = 0;
        read = null;
        published = null;
        phase = Phase.IDLE;
        start(Math.min(noted, platter.size()));
    }

    private void start(long commitIndex) {
        RaftLog log = new RaftLog();
        platter.forEach(log::append);
        raft = new Raft(
                scope.parametersOf(id), new Recovered(hardState, commitIndex, log), Entries::noOp, new Draw(), now);
        applied = commitIndex;
        value = 0;
        for (int index = 1; index <= commitIndex; index++) {
            set(platter.get(index - 1));
        }
        raft.finishTurn();
        handOver();
    }

    private void set(Entry entry) {
        if (entry.kind() == Entry.Kind.WRITE) {
            value = (int) entry.number();
        }
    }

    private void answer(Batch batch) {
        applied += batch.entries().size();
        for (Output.Ready ready : batch.ready()) {
            if (ready.index() > applied) {
                throw new Violation(
                        "VisibleBeforeAnswer", "node " + id + " answers for " + ready.index() + " at " + applied);
            }
            if (ready.ticket() == QUORUM_READ_TICKET) {
                effects.quorumAnswers.add(value);
            } else {
                effects.acknowledged.add(ready.index());
            }
        }
    }

    /** Whether the longest lease that was ever published has not run out by this node's clock. */
    boolean isClaimed() {
        return claimTerm >= 0 && claimEndNanos - now > 0;
    }

    private final class Store implements StoreReader {
        @Override
        public long appliedIndex() {
            return applied;
        }

        @Override
        public byte[] find(byte[] key) {
            return value == 0 ? null : KeyValue.of(KEY, Entries.valueOf(value));
        }
    }

    /** What it owes and claims now. */
    Owed owed() {
        return new Owed(this, scope.clockDriftMax);
    }
}

package io.tenure.fuzz;

import io.tenure.entry.LineEncoder;
import io.tenure.net.MalformedFrameException;
import io.tenure.net.PeerCodec;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.Parameters;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.RaftLog;
import io.tenure.raft.Recovered;
import io.tenure.raft.Role;
import io.tenure.raft.SnapshotChunk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;

/**
 * The core of node 1 of three, with a log of eight entries, that is told whatever a fuzzer thinks of. Of well-formed
 * messages some can only be lies, of which the core is not to know (ARCHITECTURE.md, assumptions); it may stop at them,
 * with a sentence. Whatever else it throws is a bug, and so is a message of its own that its peers would refuse.
 */
public final class CoreUnderFuzz {
    /** This node. */
    public static final int SELF = 1;

    private static final long TERM = 3;
    private static final long TERM_MAX = Integer.MAX_VALUE - 64;
    private static final long COMMITTED = 5;
    private static final long MILLI = 1_000_000;
    private static final int ELECTION_STEPS_MAX = 20;

    private static final Pattern LIE =
            Pattern.compile("leader \\d+ contradicts committed entry \\d+|node \\d+ leads term \\d+ too"
                    + "|truncation at \\d+ of committed \\d+");

    private final Raft raft;
    private final PeerCodec codec = new PeerCodec(SELF);
    private final Map<Long, Long> committedTerms = new HashMap<>();
    private final List<Output.DiskTask> diskTasks = new ArrayList<>();
    private final List<Output.Send> sent = new ArrayList<>();
    private long nowNanos = 1_000 * MILLI;
    private long term;
    private long committed;
    private boolean stopped;

    /** Starts it. */
    public CoreUnderFuzz() {
        RaftLog log = new RaftLog();
        log.append(LineEncoder.noOp(1));
        for (int i = 2; i <= 8; i++) {
            log.append(LineEncoder.set("k" + i, "v" + i, 7, i, i < 5 ? 1 : i < 7 ? 2 : TERM));
        }
        Parameters parameters = new Parameters(
                SELF,
                List.of(0, 1, 2),
                400 * MILLI,
                700 * MILLI,
                50 * MILLI,
                350,
                0.01,
                false,
                3000 * MILLI,
                1 << 20,
                8 << 20,
                64 << 20,
                64 << 20,
                1 << 20,
                10_000);
        raft = new Raft(
                parameters,
                new Recovered(new HardState(TERM, HardState.NO_VOTE, 350), COMMITTED, log),
                LineEncoder::noOp,
                RandomGeneratorFactory.of("L64X128MixRandom").create(1),
                nowNanos);
        for (long index = 1; index <= COMMITTED; index++) {
            committedTerms.put(index, log.term(index));
        }
        committed = COMMITTED;
        term = raft.currentTerm();
    }

    /** Whether it has stopped at a lie. */
    public boolean isStopped() {
        return stopped;
    }

    /** A message of a peer. */
    public void receive(int from, Message message) {
        step(new Input.Receive(from, message));
    }

    /** Time passes, up to when the core wants to be woken, and a little more. */
    public void pass(int millis) {
        nowNanos = Math.max(nowNanos, Math.min(raft.wakeAtNanos(), nowNanos + millis * MILLI)) + 1;
        step(new Input.Tick());
    }

    /** A client writes. */
    public void propose() {
        if (raft.role() == Role.LEADER) {
            step(new Input.Propose(1, LineEncoder.set("k", "v", 9, 1, raft.currentTerm())));
        }
    }

    /** The link to a peer breaks. */
    public void lose(int peer) {
        step(new Input.LinkLost(peer));
    }

    /** Nobody listens at a peer. */
    public void hint(int peer) {
        step(new Input.PeerGone(peer));
    }

    /** The link to a peer stands again. */
    public void link(int peer) {
        step(new Input.LinkUp(peer));
    }

    /** Leadership is to move. */
    public void transfer(int target) {
        step(new Input.Transfer(2, target, Long.MAX_VALUE));
    }

    /** The disk does what waits for it. */
    public void persist() {
        long seq = 0;
        for (Persist next = raft.takePersist(); next != null; next = raft.takePersist()) {
            seq = next.seq();
        }
        if (seq > 0) {
            step(new Input.Persisted(seq));
        }
    }

    /** The disk answers, or fails to, what it was asked besides writing. */
    public void answerDisk(Choices choices) {
        for (Output.DiskTask task : List.copyOf(diskTasks)) {
            if (task instanceof Output.StoreChunk store) {
                SnapshotChunk chunk = store.chunk();
                step(new Input.ChunkStored(chunk.last(), chunk.offset() + chunk.bytes().length, choices.flip()));
            } else if (task instanceof Output.SnapshotFetch fetch) {
                boolean found = choices.flip() && raft.log().base().index() > 0;
                step(new Input.SnapshotFetched(
                        fetch.peer(),
                        found ? new SnapshotChunk(raft.log().base(), 100, fetch.offset(), new byte[10]) : null));
            } else if (task instanceof Output.Fetch fetch) {
                step(new Input.Fetched(fetch.peer(), fetch.firstIndex(), List.of()));
            }
        }
        diskTasks.clear();
    }

    /** Has it elected, by everybody. */
    public void elect() {
        for (int i = 0; i < ELECTION_STEPS_MAX && raft.role() != Role.LEADER && !stopped; i++) {
            sent.clear();
            nowNanos = Math.max(nowNanos, raft.wakeAtNanos());
            step(new Input.Tick());
            persist();
            for (Output.Send send : List.copyOf(sent)) {
                if (send.message() instanceof Message.RequestVote request && !stopped) {
                    long voterTerm = request.preVote() ? raft.currentTerm() : request.term();
                    receive(
                            send.to(),
                            new Message.RequestVoteReply(
                                    voterTerm, request.preVote(), true, request.term(), List.of()));
                    persist();
                }
            }
        }
    }

    /** What a malformed frame must not change. */
    public String state() {
        return raft.role() + " of term " + raft.currentTerm() + ", vote " + raft.votedFor() + ", log up to "
                + raft.log().last() + ", committed " + raft.commitIndex() + ", leader " + raft.leader();
    }

    private void step(Input input) {
        if (stopped) {
            return;
        }
        try {
            raft.step(nowNanos, input);
            Output output = raft.finishTurn();
            // Only a lie can bring it there, and there is no room for the next election.
            stopped = raft.currentTerm() > TERM_MAX;
            if (!stopped) {
                check(output);
            }
        } catch (IllegalStateException e) {
            if (!LIE.matcher(String.valueOf(e.getMessage())).matches()) {
                throw e;
            }
            stopped = true;
        }
    }

    private void check(Output output) {
        for (Output.Send send : output.messages()) {
            sent.add(send);
            requireAcceptable(send);
        }
        diskTasks.addAll(output.diskTasks());
        output.logChanges().clear();
        output.clear();
        output.clearCommitted();
        require(raft.currentTerm() >= term, "the term went back");
        term = raft.currentTerm();
        require(raft.commitIndex() >= committed, "the commit index went back");
        committed = raft.commitIndex();
        require(committed <= raft.log().lastIndex(), "committed beyond the log");
        EntryId base = raft.log().base();
        long previous = base.term();
        for (long index = base.index() + 1; index <= committed; index++) {
            long entryTerm = raft.log().term(index);
            require(entryTerm >= previous, "terms go back in the log");
            previous = entryTerm;
            Long before = committedTerms.putIfAbsent(index, entryTerm);
            require(before == null || before == entryTerm, "a committed entry changed");
        }
    }

    private void requireAcceptable(Output.Send send) {
        try {
            Message read = new PeerCodec(send.to()).decode(SELF, codec.encode(send.message()));
            require(read.term() == send.message().term(), "a message changed on its way");
        } catch (MalformedFrameException e) {
            throw new AssertionError("node " + send.to() + " would refuse " + send.message(), e);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + ": " + state());
        }
    }
}

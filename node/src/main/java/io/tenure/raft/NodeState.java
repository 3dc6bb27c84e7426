package io.tenure.raft;

import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * What a node knows whatever its role is (paper, figure 2: state on all servers), and the few ways to change it. Shared by
 * the roles; confined to the core's thread.
 */
final class NodeState {
    /** Election timeouts that a node with a full disk waits. */
    private static final int FULL_DISK_TIMEOUTS = 3;

    static final long NOT_TOLD = -1;

    final Parameters parameters;
    final RaftLog log;
    final Durability durability;
    final Promises promises;
    /** What holders have said of the ends of their leases. */
    final Releases releases = new Releases();
    /** The leases of this node's earlier lives; null if it may have had none, or can't tell. */
    final Release bootRelease;

    /** How long things take; it may change from turn to turn. */
    final AdaptiveTiming adaptiveTiming;

    final Haste haste;
    /** How new the data are. */
    final Stamps stamps;
    /** What readers here see at least; {@link #NOT_TOLD} if the core is told nothing of it. */
    long appliedIndex = NOT_TOLD;
    /** Leadership on its way to another node, from this one; null if it is not. */
    Transfer transfer;

    final Output output = new Output();
    private final RandomGenerator random;
    private final LongFunction<Entry> noOp;

    private HardState hardState;
    private long commitIndex;
    private long uncommittedBytes;
    /** Snapshot that is taking the place of the log, null if none is; and the write that does it. */
    private EntryId installing;

    private long installSeq;
    /** Whether the disk has a piece of a snapshot to keep. */
    boolean storingChunk;
    /** While this node has forgotten its votes; null otherwise. */
    private Rejoining rejoining;

    private long promisedSinceBootMillisMax;

    /** Whether no writes are taken, as the disk has no room for more. */
    boolean diskFull;
    /** When that was told last. */
    long diskToldNanos;

    /** Time of the current step. */
    long now;
    /** Leader of the current term, or {@link Raft#NO_LEADER}. */
    int leader = Raft.NO_LEADER;

    NodeState(
            Parameters parameters,
            Recovered recovered,
            LongFunction<Entry> noOp,
            RandomGenerator random,
            long bootNanos) {
        this.parameters = parameters;
        this.log = recovered.log();
        this.hardState = recovered.hardState();
        this.commitIndex = recovered.commitIndex();
        this.durability = new Durability(log.lastIndex());
        this.promises = new Promises(bootNanos, hardState.leasePromisedMillisMax(), releases);
        this.adaptiveTiming = new AdaptiveTiming(parameters);
        this.haste = new Haste(parameters, adaptiveTiming, random);
        this.stamps = new Stamps(random);
        this.noOp = noOp;
        this.random = random;
        this.now = bootNanos;
        for (long index = commitIndex + 1; index <= log.lastIndex(); index++) {
            uncommittedBytes += log.entry(index).length();
        }
        this.rejoining = hardState.rejoining() ? new Rejoining(this) : null;
        // The journal writes entries before the hard state: a crash in between leaves a term that only the log knows.
        if (log.last().term() > term()) {
            enterTerm(log.last().term());
        }
        // It led in no term that was not durable, and leads again only in a later one. The lock on the folder says that
        // the earlier life is over; a folder that was lost had another lock.
        bootRelease = rejoining != null || term() < 0 ? null : new Release(self(), term(), Release.ALL_EPOCHS);
    }

    long term() {
        return hardState.term();
    }

    int votedFor() {
        return hardState.votedFor();
    }

    HardState hardState() {
        return hardState;
    }

    long commitIndex() {
        return commitIndex;
    }

    /**
     * The commit index as followers may know it: their readers see what they know committed, and the readers of this leader, who ask
     * nobody, must not see less. So it goes no further than what is applied here.
     */
    long commitIndexToTell() {
        return appliedIndex == NOT_TOLD ? commitIndex : Math.min(commitIndex, appliedIndex);
    }

    void refuse(long ticket, Output.Refusal reason) {
        output.refused.add(new Output.Refused(ticket, reason));
    }

    /** A number that no life of this node has used, nor comes to use soon. */
    long drawNumber() {
        return random.nextLong(1, Long.MAX_VALUE / 2);
    }

    /** Bytes of entries that are appended here and not known committed. */
    long uncommittedBytes() {
        return uncommittedBytes;
    }

    int self() {
        return parameters.nodeId();
    }

    /** Heartbeat, lease and election timeout as they are now. */
    Timing timing() {
        return adaptiveTiming.get();
    }

    /** Moves on to a later term, in which this node has voted for nobody yet. */
    void enterTerm(long term) {
        if (term <= hardState.term()) {
            throw new IllegalStateException("term " + term + " after term " + hardState.term());
        }
        leader = Raft.NO_LEADER;
        changeHardState(hardState.inTerm(term));
    }

    /** Gives this term's one vote (paper, 5.2: at most one candidate per term, first come first served). */
    void voteFor(int candidate) {
        if (rejoining != null) {
            throw new IllegalStateException("a vote of a node that has forgotten others");
        }
        if (hardState.votedFor() != HardState.NO_VOTE && hardState.votedFor() != candidate) {
            throw new IllegalStateException("second vote in term " + term());
        }
        changeHardState(new HardState(term(), candidate, hardState.leasePromisedMillisMax()));
    }

    /** Remembers durably that leases up to {@code leaseMillis} were promised, before the promise leaves (LEASE.md, 3.8). */
    void ensureLeasePromised(long leaseMillis) {
        promisedSinceBootMillisMax = Math.max(promisedSinceBootMillisMax, leaseMillis);
        if (leaseMillis > hardState.leasePromisedMillisMax()) {
            changeHardState(new HardState(term(), votedFor(), leaseMillis, hardState.rejoining()));
        }
    }

    /** What this node does while it has forgotten its votes; null if it has not. */
    Rejoining rejoining() {
        return rejoining;
    }

    /** Votes again, from the next term on. All leases promised before this boot are over; no later restart need mind them. */
    void endRejoining() {
        rejoining = null;
        changeHardState(new HardState(term(), HardState.FORGOTTEN_VOTE, promisedSinceBootMillisMax));
        event(Event.Kind.REJOINED, self(), term());
    }

    private void changeHardState(HardState changed) {
        if (!changed.equals(hardState)) {
            hardState = changed;
            durability.changeHardState(now, changed);
        }
    }

    /** Appends an entry, here and on its way to the disk. */
    void append(Entry entry) {
        log.append(entry);
        uncommittedBytes += entry.length();
        durability.append(now, entry);
        output.logChanges.add(new Output.LogChange(log.lastIndex(), entry));
    }

    /** Appends the entry that opens this node's term. */
    void appendNoOp() {
        append(noOp.apply(term()));
    }

    /** Cuts the entries from {@code index} on, which contradict the leader's (paper, 5.3). */
    void truncateFrom(long index) {
        if (index <= commitIndex) {
            throw new IllegalStateException("truncation at " + index + " of committed " + commitIndex);
        }
        for (long at = index; at <= log.lastIndex(); at++) {
            uncommittedBytes -= log.entry(at).length();
        }
        log.truncateFrom(index);
        durability.truncateFrom(now, index);
        output.logChanges.add(new Output.LogChange(index, null));
    }

    /** Has the journal put a verified snapshot in the place of the log; until that is done, the log stands still. */
    void startInstall(EntryId last) {
        if (last.index() <= commitIndex || log.holds(last)) {
            throw new IllegalStateException("snapshot of " + last + " for a log of " + log.last());
        }
        installing = last;
        installSeq = durability.install(now, last, commitIndex);
    }

    boolean isInstalling() {
        return installing != null;
    }

    /**
     * Takes over the snapshot once it is in its place: all it holds is committed.
     *
     * @return its last entry; null if none has just been put there
     */
    EntryId finishInstall() {
        if (installing == null || !durability.isDone(installSeq)) {
            return null;
        }
        EntryId last = installing;
        installing = null;
        log.reset(last);
        commitIndex = last.index();
        uncommittedBytes = 0;
        output.committed.clear();
        output.logChanges.clear();
        output.installed = last;
        return last;
    }

    /**
     * The files hold nothing up to {@code base} any more. While a snapshot takes the place of the log, that may be the snapshot's
     * end, told before the core learns that it is in its place; then this log is over anyway.
     */
    void compactTo(EntryId base) {
        if (!isInstalling() && base.index() > log.base().index()) {
            log.compactTo(base);
        }
    }

    /** Advances the commit index; the entries go to the state machine. */
    void commitTo(long index) {
        if (index > commitIndex && output.committed.isEmpty()) {
            output.committedFirstIndex = commitIndex + 1;
        }
        while (commitIndex < index) {
            Entry entry = log.entry(++commitIndex);
            uncommittedBytes -= entry.length();
            output.committed.add(entry);
        }
    }

    /** Keys that an older leader may have acknowledged though this node does not know it: the last old entry included. */
    Lease.Limbo limboOfUncommitted() {
        long first = commitIndex + 1;
        long last = log.lastIndex();
        if (last - first + 1 > parameters.limboKeysMax()) {
            return Lease.Limbo.ALL;
        }
        long[] hashes = new long[(int) (last - first + 1)];
        int count = 0;
        for (long index = first; index <= last; index++) {
            Entry entry = log.entry(index);
            if (entry.kind() == Entry.Kind.WRITE) {
                hashes[count++] = entry.keyHash();
            }
        }
        return Lease.Limbo.of(Arrays.copyOf(hashes, count));
    }

    /** Forgets entries that are committed, on disk, and beyond what memory keeps for slow followers. */
    void evict() {
        log.evict(Math.min(commitIndex, durability.durableIndex()), parameters.logWindowBytesMax());
    }

    void send(int to, Message message) {
        durability.send(to, message, output);
    }

    void sendToPeers(Message message) {
        for (int voter : parameters.voters()) {
            if (voter != self()) {
                send(voter, message);
            }
        }
    }

    void event(Event.Kind kind, int node, long term) {
        output.events.add(new Event(kind, node, term));
    }

    /** The disk tells whether it is full. */
    void onDiskSpace(boolean full) {
        diskFull = full;
        diskToldNanos = now;
    }

    /** Whether no outstanding write is older than its deadline (DESIGN.md, D11). */
    boolean isDiskOnTime() {
        return now - durability.oldestSinceNanos(now) <= parameters.diskDeadlineNanos();
    }

    /** Whether the disk answers, if only that it is full: then what waits for room depends on nothing but more room. */
    boolean isDiskHealthy() {
        return now - diskHealthyUntilNanos() <= 0;
    }

    /** When the disk counts as stalled unless it answers before. */
    long diskHealthyUntilNanos() {
        long until = durability.oldestSinceNanos(now) + parameters.diskDeadlineNanos();
        long toldUntil = diskToldNanos + parameters.diskDeadlineNanos() + FullDisks.FULL_TOLD_WITHIN_NANOS;
        return diskFull ? Math.max(until, toldUntil) : until;
    }

    /** How long a candidate waits for votes. */
    long drawCandidacyNanos(boolean preVote) {
        long hasty = preVote ? haste.drawPreVoteNanos() : 0;
        return hasty > 0 ? hasty : drawElectionTimeoutNanos();
    }

    /**
     * A fresh random election timeout (paper, 5.2); with a full disk one so long that every node with room stands before, and
     * this one only if none of them wins: better a leader for reads than none.
     */
    long drawElectionTimeoutNanos() {
        long nanos = random.nextLong(timing().electionTimeoutMinNanos(), timing().electionTimeoutMaxNanos() + 1);
        return diskFull ? FULL_DISK_TIMEOUTS * nanos : nanos;
    }
}

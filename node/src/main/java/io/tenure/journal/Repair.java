package io.tenure.journal;

import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A damaged folder, while it is being repaired with what peers have (DESIGN.md, D4): the owner asks for {@link #needs},
 * offers what comes, until {@link #isDone}; then closes this and opens the {@link Journal}. Until then the node does not
 * vote, acknowledge or serve, but what is intact here it may give to peers that need it. Nothing is cut or replaced that
 * is not proven wrong. Confined to one thread.
 */
public final class Repair implements AutoCloseable {
    private final Disk disk;
    private final LogFolder folder;
    private final Identity identity;
    private final FolderLock lock;
    private final Replacements replacements;

    private FolderScan scan;
    /** What is lacking; null after a change. */
    private List<Need> needs;

    private SnapshotFiles snapshots;

    private RepairSource source;
    private final RoomWait room;

    private Repair(Disk disk, LogFolder folder, Identity identity, FolderLock lock) throws IOException {
        this.disk = disk;
        this.folder = folder;
        this.identity = identity;
        this.lock = lock;
        this.room = new RoomWait(folder.path());
        this.replacements = new Replacements(disk, folder.path());
        rescan();
    }

    /**
     * What a node goes on with whose metadata is lost.
     *
     * @param incarnation drawn anew: for its peers the folder is another one now
     * @param hardState what it knows of votes and promises
     */
    public record Forgotten(long incarnation, HardState hardState) {}

    /**
     * Takes the folder for this process and reads everything in it. If both copies of the metadata are lost, they are made anew.
     *
     * @throws JournalException if the folder can't be used, or peers can't help; the message is for people
     */
    public static Repair open(Disk disk, String folder, Identity identity, Forgotten forgotten) {
        FolderLock lock = null;
        try {
            LogFolder files = new LogFolder(disk, folder);
            files.create();
            lock = disk.lock(folder);
            files.finishRewrite();
            Repair repair = new Repair(disk, files, identity, lock);
            if (repair.scan.metadataLost) {
                repair.restoreMetadata(forgotten);
            }
            return repair;
        } catch (IOException e) {
            JournalException.closeAfter(e, lock);
            throw JournalException.unusable(folder, e);
        } catch (RuntimeException e) {
            JournalException.closeAfter(e, lock);
            throw e;
        }
    }

    /** What is still lacking, in the order of the log; empty if the journal can be opened. */
    public List<Need> needs() {
        if (needs == null) {
            needs = scan.needs(replacements.indexes());
        }
        return needs;
    }

    /** What is wrong, for people; a line each, of every log file the first few. */
    public List<String> problems() {
        return scan.problems();
    }

    /** How much is wrong, more than {@link #problems} lists. */
    public long problemCount() {
        return (scan.snapshotProblem != null ? 1 : 0)
                + scan.pairs.stream().mapToLong(pair -> pair.damaged).sum();
    }

    /** Whether the journal can be opened. */
    public boolean isDone() {
        return needs().isEmpty() && !scan.isLogDamaged() && !room.isWaiting();
    }

    /** Whether the disk had no room for what is to be written; nothing is to be offered until {@link #goOn} has helped. */
    public boolean isWaitingForRoom() {
        return room.isWaiting();
    }

    /** Does again what a full disk has stopped; whether it has had room this time. */
    public boolean goOn() {
        return room.goOn();
    }

    /** What peers can be given, as of now. */
    public RepairSource source() {
        return source;
    }

    /** Of the folder; 0 if nothing is in it yet. */
    public long incarnation() {
        return scan.metadata == null ? 0 : scan.metadata.incarnation();
    }

    /** How often the folder was opened. */
    public long bootCount() {
        return scan.metadata == null ? 0 : scan.metadata.bootCount();
    }

    /** Whether this node has forgotten what it voted for, promised and acknowledged. */
    public boolean isRejoining() {
        return scan.metadata != null && scan.metadata.hardState().rejoining();
    }

    /**
     * Takes entries of a peer. One is accepted if a checksum here proves that it is what stood here; if nothing here
     * proves anything of it, if it is committed and the log around it is the one in which it is. If a committed one is certainly
     * not what stood here, all from there on was never committed, and is cut.
     *
     * @param peerCommitIndex entries up to here are committed, as the peer knows
     * @return whether anything came of it
     */
    public boolean offer(Message.RepairEntries log, long peerCommitIndex) {
        return room.attempt("repair", () -> take(log, peerCommitIndex));
    }

    private boolean take(Message.RepairEntries log, long peerCommitIndex) throws IOException {
        boolean accepted = false;
        for (long index = log.firstIndex(); log.at(index) != null; index++) {
            PairScan pair = damagedPair(index);
            if (pair == null) {
                continue;
            }
            Entry next = index + 1 <= peerCommitIndex ? log.at(index + 1) : null;
            Replacement.Place place =
                    new Replacement.Place(disk, pair, scan.after(pair), index, replacements.get(index - 1));
            Replacement replacement = place.prove(log.at(index));
            if (replacement == null && index <= peerCommitIndex) {
                Agreement agreement = Agreement.at(index, scan, replacements, log);
                boolean isOther = index > scan.committed()
                        && scan.damagedPair(index - 1) == null
                        && place.isOther(log.at(index), next);
                if ((isOther || agreement == Agreement.CONTRADICTS) && cut(index)) {
                    return true;
                }
                replacement = !isOther && agreement == Agreement.AGREES ? place.trust(log.at(index)) : null;
            }
            if (replacement != null) {
                replacements.put(index, replacement);
                needs = null;
                keepWhatFollows(index + 1);
                accepted = true;
            }
        }
        if (accepted) {
            room.attempt("repair", this::rewrite);
        }
        return accepted;
    }

    /**
     * Lowest index that a snapshot must reach to be of help: the one that a {@link Need.Snapshot} names, or, in the place of
     * entries that no peer has any more, the end of the log. Nothing that was acknowledged from here is beyond that.
     */
    public long lowestSnapshotIndex() {
        return scan.snapshotNeeded() > 0 ? scan.snapshotNeeded() : Math.max(1, scan.lastIndex());
    }

    /**
     * Takes a piece of a peer's snapshot, as {@link Journal#receive} does. Once it is complete and good it is put in the
     * place of the damaged one; if the log does not reach beyond it, of the log, too.
     *
     * @return offset of the piece that is wanted next; 0 also if the snapshot is no help
     */
    public long offerSnapshot(SnapshotChunk chunk) {
        try {
            if (chunk.last().index() < lowestSnapshotIndex()) {
                return 0;
            }
            if (snapshots == null) {
                snapshots = new SnapshotFiles(disk, folder.path(), EntryId.NONE);
            }
            long wanted = snapshots.receive(chunk.last(), chunk.totalBytes(), chunk.offset(), chunk.bytes());
            if (wanted == chunk.offset() && wanted < chunk.totalBytes()) {
                room.waitToDo(() -> true); // There was no room for the piece: it is asked for again.
            }
            if (wanted < chunk.totalBytes()) {
                return wanted;
            }
            ReceivedSnapshot received = snapshots.verify();
            boolean helps = received != null
                    && room.attempt(
                            "take a snapshot", () -> place(received.header().last()));
            return helps ? wanted : 0;
        } catch (IOException e) {
            throw room.failure("take a snapshot", e);
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        try (lock;
                replacements) {
            if (snapshots != null) {
                snapshots.close();
            }
            source.close();
        } catch (IOException e) {
            throw room.failure("close files", e);
        }
    }

    private boolean rescan() throws IOException {
        needs = null;
        if (source != null) {
            source.close();
        }
        scan = new FolderScan(disk, folder);
        scan.run();
        source = new RepairSource(disk, folder.path(), scan);
        Metadata metadata = scan.metadata;
        if (metadata != null && !metadata.identity().equals(identity)) {
            throw JournalException.foreign(folder.path(), metadata.identity(), identity);
        }
        boolean wholeLog = metadata != null
                && metadata.install() == null
                && metadata.logStart().base().equals(EntryId.NONE);
        if (scan.snapshotProblem != null && wholeLog) {
            // All that it held is in the log, too.
            disk.delete(folder.snapshot());
            disk.forceFolder(folder.path());
            scan.snapshotProblem = null;
        }
        if (isDone() && metadata != null && metadata.install() == null) {
            try {
                folder.createFiles();
            } catch (DiskFullException e) {
                room.waitToDo(this::rescan);
            }
        }
        return true;
    }

    /** Files are no longer as they were scanned, and there is no room to go on. */
    private void rescanOnceThereIsRoom() throws IOException {
        replacements.clear();
        room.waitToDo(this::rescan);
    }

    /**
     * Makes metadata anew, of which both copies were lost; tags of any entry may be lost, as what told that is gone. If it can't be
     * told where the log begins, only the snapshot is kept: this node has forgotten what it acknowledged anyway.
     */
    private void restoreMetadata(Forgotten forgotten) throws IOException {
        Metadata metadata = Metadata.first(identity, forgotten.incarnation())
                .withHardState(forgotten.hardState())
                .withCommitted(scan.committed())
                .withTagsLost(scan.lastIndexAtMost());
        LogStart start = scan.logStartOfFiles();
        new MetadataFiles(disk, folder.path())
                .write(start == null ? metadata.withInstall(scan.snapshot.last()) : metadata.withLogStart(start));
        rescan();
    }

    /** The pair in which this entry is damaged and not replaced yet, null if there is none. */
    private PairScan damagedPair(long index) {
        return replacements.indexes().contains(index) ? null : scan.damagedPair(index);
    }

    /** Entries that seemed damaged only because the record before them was. */
    private void keepWhatFollows(long firstIndex) throws IOException {
        long index = firstIndex;
        Replacement own = null;
        do {
            PairScan pair = damagedPair(index);
            Replacement before = replacements.get(index - 1);
            own = pair == null
                    ? null
                    : new Replacement.Place(disk, pair, scan.after(pair), index, before).proveOwn(disk);
            if (own != null) {
                replacements.put(index, own);
                index++;
            }
        } while (own != null);
    }

    /**
     * Writes anew each pair that has a replacement for all that is damaged. If one of those is not proven, all checksums
     * after it change; then that waits until nothing else is damaged. All pairs take their places together.
     */
    private boolean rewrite() throws IOException {
        boolean complete =
                scan.pairs.stream().allMatch(pair -> replacements.indexes().containsAll(pair.damage));
        boolean changed = false;
        Segment start = scan.metadata.logStart().segment();
        long term = scan.metadata.logStart().base().term();
        try {
            for (PairScan pair : scan.pairs) {
                boolean proven = replacements.areProven(pair.damage);
                boolean moved = complete && !pair.start.equals(start);
                if (moved || (!pair.damage.isEmpty() && (complete || proven))) {
                    noteLostTags(pair);
                    PairRewrite rewrite = new PairRewrite(disk, folder, pair, moved ? start : pair.start, replacements);
                    start = rewrite.run(term).next();
                    changed = true;
                    if (proven && !moved && pair.endsDamaged()) {
                        // Only now it is known what the next pair chains over: that is to be judged anew.
                        break;
                    }
                } else {
                    start = pair.whole().next();
                }
                term = Math.max(term, pair.lastTerm());
            }
            if (changed) {
                folder.commitRewrite();
            }
        } catch (DiskFullException e) {
            folder.finishRewrite(); // Others need the room, too.
            throw e;
        }
        if (changed) {
            replacements.clear();
            rescan();
        }
        return changed;
    }

    private void noteLostTags(PairScan pair) throws IOException {
        if (pair.tagsLostUpTo() > scan.metadata.tagsLostUpTo()) {
            scan.metadata =
                    new MetadataFiles(disk, folder.path()).write(scan.metadata.withTagsLost(pair.tagsLostUpTo()));
        }
    }

    /** Cuts the log from a damaged entry on; false, and nothing is cut, if what is before it is not whole. */
    private boolean cut(long from) throws IOException {
        List<Segment> segments = new ArrayList<>();
        scan.pairs.forEach(pair -> segments.add(pair.whole()));
        Segment active = segments.remove(segments.size() - 1);
        folder.createFiles();
        try (LogFiles log =
                new LogFiles(disk, folder, segments, active, disk.open(folder.text()), disk.open(folder.index()))) {
            if (from - 1 > scan.metadata.logStart().base().index()) {
                log.verify(from - 1);
            }
            log.truncateDamaged(from);
        } catch (DamagedException e) {
            return false;
        } catch (DiskFullException e) {
            rescanOnceThereIsRoom();
            return true;
        }
        replacements.clear();
        rescan();
        return true;
    }

    /** Puts the verified snapshot in its place; false if it can't be told yet whether the log goes on after it. */
    private boolean place(EntryId last) throws IOException {
        MetadataFiles files = new MetadataFiles(disk, folder.path());
        boolean reached = scan.lastIndex() >= last.index() && scan.snapshotNeeded() > 0;
        boolean isBase = scan.metadata.logStart().base().equals(last);
        if (reached && !isBase && last.index() > scan.metadata.committed()) {
            long term = scan.termAt(last.index());
            if (term == EntryId.NONE.term()) {
                return false;
            }
            reached = term == last.term();
        }
        if (reached) {
            snapshots.install();
        } else {
            files.write(scan.metadata.withInstall(last));
            snapshots.install();
        }
        replacements.clear();
        rescan();
        return true;
    }
}

package io.tenure.journal;

import io.tenure.handoff.KnownPeer;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Persist;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A node's durable state: {@code logs.txt}, the write-ahead log that people read; {@code logs.idx}, what text can't carry;
 * {@code metadata.txt} (DESIGN.md, D2 to D5). Confined to one thread at a time.
 *
 * <p>Every error of the disk is final: it is thrown as {@link JournalFailure}, and so is every later call.
 */
public final class Journal implements AutoCloseable {
    private final LogFolder folder;
    private final FolderLock lock;
    private final MetadataFiles metadataFiles;
    private final Recovery recovery;
    private final LogFiles log;
    private final SnapshotFiles snapshots;
    private final Backlog backlog;
    private Metadata metadata;
    private boolean failed;

    private Journal(LogFolder folder, JournalLimits limits, FolderLock lock, Opening.Opened opened) {
        this.folder = folder;
        this.lock = lock;
        this.metadataFiles = opened.metadataFiles();
        this.recovery = opened.recovery();
        this.metadata = opened.metadata();
        this.log = opened.log();
        this.snapshots = opened.snapshots();
        this.backlog = new Backlog(folder, log, limits.segmentBytes());
    }

    /**
     * Opens the journal in {@code folder}, which it makes if need be, and takes it for this process. All that it found and
     * kept is durable when this returns, and so is the new boot count.
     *
     * @param folder the node's own, in the data directory
     * @param random draws the incarnation of a new folder
     * @param visitor sees the snapshot and every entry after it, before this returns
     * @throws JournalException if the folder can't be used; the message is for people
     */
    public static Journal open(
            Disk disk,
            String folder,
            Identity identity,
            JournalLimits limits,
            RandomGenerator random,
            JournalVisitor visitor) {
        FolderLock lock = null;
        try {
            LogFolder files = new LogFolder(disk, folder);
            files.create();
            lock = disk.lock(folder);
            Opening.Opened opened = new Opening(disk, files, identity, limits, random, visitor).open();
            return new Journal(files, limits, lock, opened);
        } catch (IOException e) {
            JournalException.closeAfter(e, lock);
            throw JournalException.unusable(folder, e);
        } catch (RuntimeException e) {
            JournalException.closeAfter(e, lock);
            throw e;
        }
    }

    /** What was there when it was opened. The log in it is the core's from then on. */
    public Recovery recovery() {
        return recovery;
    }

    /**
     * Does all of this in order and returns when it is durable: what waited for the disk is one group, with one write and
     * one force of {@code logs.txt} if nothing is to be cut away. Of several hard states only the last is written, after
     * everything else; so after a crash the log may be ahead of the term, which recovery makes up for.
     *
     * @return whether it is done; if not, the disk is full, no record is torn, and {@link #finishWrite} is to be called until
     *     it is, before anything else is written
     * @throws JournalFailure if the disk failed
     * @throws IllegalStateException if a write does not fit this log
     */
    public boolean write(List<Persist> persists) {
        backlog.add(persists);
        return finishWrite();
    }

    /** Goes on with a {@link #write} that a full disk has stopped; whether it is done. */
    public boolean finishWrite() {
        return run("write", () -> {
            try {
                backlog.writeEntries(this::putInPlace, this::truncate);
                if (backlog.hardState() != null) {
                    metadata = metadataFiles.write(metadata.withHardState(backlog.hardState()));
                }
                backlog.end();
                return true;
            } catch (DiskFullException e) {
                return false; // The caller tells.
            }
        });
    }

    /**
     * Reads entries from disk, for a peer that is far behind: at least one if there is one, then as many as stay within
     * {@code bytesMax}, until there are as many as a message carries. None if {@code firstIndex} is beyond the log or not
     * above its {@link #base}.
     *
     * @throws JournalFailure if they can't be read
     * @throws DamagedException if they are not what was written
     */
    public List<Entry> read(long firstIndex, int bytesMax) {
        return run("read", () -> log.read(firstIndex, bytesMax));
    }

    /** Index of the last entry, which is durable. */
    public long lastIndex() {
        return log.forcedIndex();
    }

    /** Term that {@code metadata.txt} has. */
    public long durableTerm() {
        return metadata.hardState().term();
    }

    /** Commit length that {@code metadata.txt} has, at most {@link #lastIndex}. */
    public long notedCommit() {
        return metadata.committed();
    }

    /**
     * Notes in {@code metadata.txt} that entries up to here are committed, as far as they are in this journal. Their index
     * records are forced before, so that recovery need not write those again.
     *
     * @param commitIndex about this log: no write that the commit index takes for done may still wait
     */
    public void noteCommit(long commitIndex) {
        long committed = Math.min(commitIndex, log.forcedIndex());
        if (committed > metadata.committed()) {
            forceIndex();
            metadata = run("note the commit length", () -> {
                try {
                    return metadataFiles.note(metadata.withCommitted(committed));
                } catch (DiskFullException e) {
                    return metadata; // It is only news: the next note tells as much.
                }
            });
        }
    }

    /** Writes both copies of the metadata anew: somebody found one of them rotten. */
    public void mendMetadata() {
        metadata = run("write metadata", () -> {
            try {
                return metadataFiles.write(metadata);
            } catch (DiskFullException e) {
                return metadata; // The next look asks again.
            }
        });
    }

    /** Whether {@code logs.idx} holds records that are not forced. */
    public boolean hasUnforcedIndex() {
        return log.hasUnforcedIndex();
    }

    /** Forces {@code logs.idx}. */
    public void forceIndex() {
        if (log.hasUnforcedIndex()) {
            run("force the index", () -> {
                log.forceIndex();
                return null;
            });
        }
    }

    /** With which folder each peer was last seen, as {@code metadata.txt} has it. */
    public List<KnownPeer> notedPeers() {
        return metadata.peers();
    }

    /** Has {@code metadata.txt} remember with which folder each peer was last seen; if the disk is full, the next time. */
    public void notePeers(List<KnownPeer> peers) {
        if (!peers.equals(metadata.peers())) {
            metadata = run("note the peers", () -> {
                try {
                    return metadataFiles.write(metadata.withPeers(peers));
                } catch (DiskFullException e) {
                    return metadata;
                }
            });
        }
    }

    /** Position of the last entry that is in the log files no more; {@link EntryId#NONE} if all are there. */
    public EntryId base() {
        return metadata.logStart().base();
    }

    /** Position of the last entry that the snapshot includes; {@link EntryId#NONE} if there is no snapshot. */
    public EntryId snapshot() {
        return snapshots.current();
    }

    /**
     * Makes the finished {@code snapshot.tmp} the snapshot, durably. One that includes less than the present snapshot is
     * dropped instead: a newer one came from a peer meanwhile.
     *
     * <p>A log that holds its last entry, of the same term, holds what it includes, and never changes there again: so there is no
     * need to wait for writes that wait for room, and often they wait for this.
     *
     * @return position of the snapshot now; null if the log has not forced all that the new one includes, as others may
     *     have committed it or it is yet to be written in the place of other entries, or if the disk is full: ask again later
     */
    public EntryId adoptSnapshot() {
        return run("adopt a snapshot", () -> {
            EntryId finished = snapshots.finished();
            if (finished.index() <= snapshots.current().index()) {
                snapshots.dropFinished();
            } else if (!log.hasForced(finished) || !noteSnapshot(finished.index())) {
                return null;
            } else {
                snapshots.adopt(finished);
            }
            return snapshots.current();
        });
    }

    /**
     * Deletes the rolled pairs all of whose entries are below {@code keepFrom} and in the snapshot.
     *
     * @return the log's {@link #base} now; null if the disk has no room to note it: ask again later
     */
    public EntryId compact(long keepFrom) {
        return run("compact", () -> {
            LogStart logStart = log.startAfterDrop(
                    Math.min(keepFrom - 1, snapshots.current().index()));
            try {
                if (logStart != null) {
                    metadata = metadataFiles.write(metadata.withLogStart(logStart));
                    log.drop(logStart);
                }
            } catch (DiskFullException e) {
                return null;
            }
            return base();
        });
    }

    /**
     * First index of the oldest pair that must stay, so that at least {@code bytes} of text are left; and what comes after a
     * snapshot that a peer is being sent, else it would need another one right away. Of that, {@code heldBytes} or twice the
     * snapshot's size is kept at most: past that another snapshot is less to send.
     */
    public long firstIndexKeeping(long bytes, long heldBytes) {
        long bound = log.firstIndexKeeping(bytes + Math.max(heldBytes, 2 * snapshots.largestSending()));
        return Math.min(log.firstIndexKeeping(bytes), Math.max(bound, snapshots.oldestSending() + 1));
    }

    /**
     * Takes a piece of a peer's snapshot, if it is the next one. A piece of offset 0 of another snapshot drops what was
     * there; anything else changes nothing. Nothing is durable yet.
     *
     * @param last which snapshot it is
     * @param totalBytes how large it is
     * @return offset of the piece that is wanted next of this snapshot; {@code totalBytes} once it is complete
     */
    public long receive(EntryId last, long totalBytes, long offset, byte[] bytes) {
        return run("receive a snapshot", () -> snapshots.receive(last, totalBytes, offset, bytes));
    }

    /**
     * Forces the complete snapshot of a peer and reads all of it. Takes a second or so per 100 MB.
     *
     * @return what it holds besides values; null if it is not good, and was dropped
     */
    public ReceivedSnapshot verifyReceived() {
        return run("verify a snapshot", () -> snapshots.verify());
    }

    /** Drops a verified snapshot that will never be installed, as this journal holds its last entry by now. */
    public void dropNeedlessSnapshot() {
        run("drop a snapshot", () -> {
            EntryId verified = snapshots.verified();
            if (verified != null && (verified.index() <= snapshots.current().index() || log.hasForced(verified))) {
                snapshots.dropIncoming();
            }
            return null;
        });
    }

    /**
     * Puts the verified snapshot of a peer in the place of the snapshot and of the whole log, which is empty afterwards and
     * goes on after {@code last}. A crash at any point leaves all of the old state or, once opened, all of the new one.
     */
    public void install(EntryId last) {
        run("install a snapshot", () -> {
            putInPlace(last);
            return null;
        });
    }

    /**
     * Reads a piece of the snapshot for a peer. What was begun goes on from the same file though a newer snapshot was
     * adopted meanwhile; when two were without a piece in between, it is let go.
     *
     * @param wanted which snapshot; {@link EntryId#NONE}, or one that this peer is not being sent, for the present one
     * @param offset looked at only if the piece is of the snapshot that is wanted
     * @return null if there is no snapshot
     * @throws DamagedException if it is not what was written; nothing of a damaged part is ever returned
     */
    public SnapshotChunk readSnapshot(int peer, EntryId wanted, long offset, int bytesMax) {
        return run("read the snapshot", () -> snapshots.read(peer, wanted, offset, bytesMax));
    }

    /** Whether an earlier call broke off, so that nothing can be done any more but to close. */
    public boolean hasFailed() {
        return failed;
    }

    /** Closes the files and gives the folder back; forces and notes nothing. */
    @Override
    public void close() {
        failed = true;
        try {
            try (lock;
                    log) {
                snapshots.close();
            }
        } catch (IOException e) {
            throw failure("close files", e);
        }
    }

    /** Something to be done with the disk. */
    private interface DiskWork<T> {
        T run() throws IOException;
    }

    /** Unless the call comes to its end, the journal has failed, whatever the reason. */
    private <T> T run(String what, DiskWork<T> work) {
        if (failed) {
            throw new JournalFailure("The journal in " + folder.path() + " is closed or has failed before", null);
        }
        failed = true;
        try {
            T result = work.run();
            failed = false;
            return result;
        } catch (IOException e) {
            throw failure(what, e);
        }
    }

    private JournalFailure failure(String what, IOException cause) {
        return new JournalFailure(
                "Can't " + what + " in " + folder.path() + ": " + JournalException.describe(cause)
                        + ". What is on disk now is unknown, so this node stops; a restart finds out",
                cause);
    }

    /** Has noted that the log is committed, and so its index forced, up to here; false if the disk is full. */
    private boolean noteSnapshot(long index) throws IOException {
        if (index > metadata.committed()) {
            log.forceIndex();
            try {
                metadata = metadataFiles.note(metadata.withCommitted(index));
            } catch (DiskFullException e) {
                return false;
            }
        }
        return true;
    }

    private void truncate(long from) throws IOException {
        if (from <= Math.max(metadata.committed(), base().index()) || from > log.forcedIndex() + 1) {
            throw new IllegalStateException("truncation from " + from + "; committed is " + metadata.committed()
                    + ", the last entry " + log.forcedIndex());
        }
        log.verify(from - 1);
        log.truncate(from);
    }

    private void putInPlace(EntryId last) throws IOException {
        if (!last.equals(snapshots.current())) {
            if (!last.equals(snapshots.verified())) {
                throw new IllegalStateException("installation of " + last + "; verified is " + snapshots.verified());
            }
            metadata = metadataFiles.write(metadata.withInstall(last));
            snapshots.install();
        }
        log.reset(LogStart.after(last));
        metadata = metadataFiles.write(metadata.withInstalled());
    }
}

package io.tenure.journal;

import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.RaftLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Recovery (DESIGN.md, D4), in an order that can break off anywhere and begin anew:
 *
 * <ol>
 *   <li>read the metadata; refuse a folder that is not ours;
 *   <li>go on with the end of a repair, or the installation of a snapshot, that broke off; read the snapshot;
 *   <li>finish a roll that broke off;
 *   <li>read every line and find the highest proven mark; on rot stop, having changed nothing;
 *   <li>write the metadata: one boot more, and up to where tags are lost, before what shows that they were lost is gone;
 *   <li>cut the torn end of the text, rewrite what is above the mark, force: reading a line back does not prove that the
 *       disk has it, as a failed force leaves pages that look clean;
 *   <li>cut and rewrite the index likewise; or, if records were lost, make a new one and put it in the old one's place;
 *   <li>delete what a compaction, a snapshot or a transfer that broke off left;
 *   <li>force the folder and the data directory.
 * </ol>
 */
final class Opening {
    private static final SnapshotHeader NO_SNAPSHOT = new SnapshotHeader(EntryId.NONE, 0, 0, 0);

    private final Disk disk;
    private final LogFolder folder;
    private final MetadataFiles metadataFiles;
    private final Identity identity;
    private final JournalLimits limits;
    private final RandomGenerator random;
    private final JournalVisitor visitor;

    private final List<Segment> rolled = new ArrayList<>();
    private Metadata metadata;
    private RaftLog log = new RaftLog();
    private SnapshotHeader snapshot = NO_SNAPSHOT;
    private long commitIndex;
    private long tagsLostUpTo;
    private long lastTerm = EntryId.NONE.term();

    /** What was opened. */
    record Opened(
            Metadata metadata, MetadataFiles metadataFiles, LogFiles log, SnapshotFiles snapshots, Recovery recovery) {}

    Opening(
            Disk disk,
            LogFolder folder,
            Identity identity,
            JournalLimits limits,
            RandomGenerator random,
            JournalVisitor visitor) {
        this.disk = disk;
        this.folder = folder;
        this.metadataFiles = new MetadataFiles(disk, folder.path());
        this.identity = identity;
        this.limits = limits;
        this.random = random;
        this.visitor = visitor;
    }

    Opened open() throws IOException {
        metadata = metadataFiles.read();
        if (metadata == null) {
            metadata = begin();
        } else if (!metadata.identity().equals(identity)) {
            throw JournalException.foreign(folder.path(), metadata.identity(), identity);
        }
        folder.finishRewrite();
        tagsLostUpTo = metadata.tagsLostUpTo();
        readSnapshot();
        log = new RaftLog(metadata.logStart().base());
        lastTerm = log.base().term();
        commitIndex = Math.max(metadata.committed(), snapshot.last().index());
        Segment start = readRolled();
        openCurrentFiles();
        DiskFile text = disk.open(folder.text());
        DiskFile index = null;
        try {
            index = disk.open(folder.index());
            SegmentScan scan = new SegmentScan(start, text, index);
            long mark = Math.max(Math.max(commitIndex, start.firstIndex() - 1), scan.provenMark());
            SegmentScan.Result result =
                    scan.readCurrent(mark, metadata.committed(), lastTerm, new Loading(folder.text(), mark));
            lastTerm = result.lastTerm();
            long notedCommit = metadata.committed();
            boot();
            TailRepair.repairText(result, text);
            Segment active = result.good();
            if (result.firstLost() == active.count()) {
                TailRepair.repairIndex(active, notedCommit, index);
            } else {
                index.close();
                index = null;
                int checksum = new TailRepair(disk, folder).rebuildIndex(start, active, text);
                active = active.cutTo(active.count(), active.textBytes(), checksum);
                index = disk.open(folder.index());
            }
            folder.deleteRolled(metadata.logStart().base().index());
            folder.deleteLeftovers();
            folder.forceNames();
            return new Opened(
                    metadata,
                    metadataFiles,
                    new LogFiles(disk, folder, rolled, active, text, index),
                    new SnapshotFiles(disk, folder.path(), snapshot.last()),
                    recovery());
        } catch (IOException | RuntimeException e) {
            JournalException.closeAfter(e, text, index);
            throw e;
        }
    }

    /** First boot of a folder; it counts as begun once the metadata is there. */
    private Metadata begin() throws IOException {
        boolean isUsed = isFilled(folder.text()) || isFilled(folder.index()) || disk.exists(folder.snapshot());
        if (isUsed || !folder.rolled().isEmpty()) {
            throw new DamagedException("Damaged: " + folder.path() + '/' + MetadataFiles.NAME
                    + " and its copy are missing, though there is a log: term and vote of this node are "
                    + "lost. Nothing was changed. " + JournalException.WAY_OUT);
        }
        folder.createFiles();
        folder.forceNames();
        folder.forceDataName();
        return Metadata.first(identity, random.nextLong(1, Long.MAX_VALUE));
    }

    private boolean isFilled(String path) throws IOException {
        if (!disk.exists(path)) {
            return false;
        }
        try (DiskFile file = disk.openForReading(path)) {
            return file.size() > 0;
        }
    }

    /**
     * Reads the snapshot; goes on with an installation that broke off. The snapshot is judged before the log goes whose
     * place it takes.
     */
    private void readSnapshot() throws IOException {
        EntryId install = metadata.install();
        SnapshotFiles.finishInstall(disk, folder, install);
        if (disk.exists(folder.snapshot())) {
            try {
                snapshot = new SnapshotReader(disk, folder.snapshot()).read(visitor);
            } catch (SnapshotDamagedException e) {
                throw new DamagedException(
                        "Damaged: " + e.getMessage() + ". The log was not changed. " + JournalException.WAY_OUT);
            }
        }
        EntryId base = metadata.logStart().base();
        boolean reachesLog = snapshot.last().index() >= base.index();
        if (!reachesLog || (install != null && !install.equals(snapshot.last()))) {
            String problem = disk.exists(folder.snapshot())
                    ? " is of entry " + snapshot.last().index()
                    : " is missing";
            throw new DamagedException(
                    "Damaged: " + folder.snapshot() + problem + ", though the log begins after entry "
                            + (install == null ? base.index() : install.index()) + ". The log was not changed. "
                            + JournalException.WAY_OUT);
        }
        if (install != null) {
            folder.deleteAll();
            folder.createFiles();
            metadata = metadataFiles.write(metadata.withInstalled());
        }
    }

    /** Reads the rolled pairs; returns where the current one starts. */
    private Segment readRolled() throws IOException {
        Segment start = metadata.logStart().segment();
        for (long firstIndex : folder.rolled()) {
            if (firstIndex < start.firstIndex() && rolled.isEmpty()) {
                // It was to be deleted when the power failed.
                continue;
            }
            String text = folder.rolledText(firstIndex);
            if (firstIndex != start.firstIndex()) {
                throw new DamagedException("Damaged: " + text + " follows entry " + (start.firstIndex() - 1)
                        + ": the files between are missing. Nothing was changed. " + JournalException.WAY_OUT);
            }
            if (folder.isHalfRolled(firstIndex)) {
                folder.finishRoll(firstIndex);
            }
            requireFile(text);
            requireFile(folder.rolledIndex(firstIndex));
            try (DiskFile lines = disk.openForReading(text);
                    DiskFile records = disk.openForReading(folder.rolledIndex(firstIndex))) {
                SegmentScan.Result result =
                        new SegmentScan(start, lines, records).readRolled(lastTerm, new Loading(text, commitIndex));
                lastTerm = result.lastTerm();
                rolled.add(result.good());
                start = result.good().next();
            }
        }
        return start;
    }

    /** Has both current files there; after a roll they may be missing, otherwise only if someone took them away. */
    private void openCurrentFiles() throws IOException {
        if (rolled.isEmpty()) {
            requireFile(folder.text());
        }
        if (isFilled(folder.text()) || rolled.isEmpty()) {
            requireFile(folder.index());
        }
        folder.createFiles();
    }

    private void requireFile(String path) throws IOException {
        if (!disk.exists(path)) {
            throw new DamagedException(
                    "Damaged: " + path + " is missing. Nothing was changed. " + JournalException.WAY_OUT);
        }
    }

    /** A term is never behind the log's: the log may have been forced when the power failed, the term not yet. */
    private void boot() throws IOException {
        Metadata booted = metadata.withBoot(tagsLostUpTo).withCommitted(commitIndex);
        HardState found = metadata.hardState();
        if (found.term() < lastTerm) {
            booted = booted.withHardState(found.inTerm(lastTerm));
        }
        metadata = metadataFiles.write(booted);
    }

    private Recovery recovery() {
        return new Recovery(
                metadata.hardState(),
                commitIndex,
                log,
                snapshot.last(),
                Math.max(metadata.tagsLostUpTo(), snapshot.tagsLostUpTo()),
                metadata.bootCount(),
                metadata.incarnation(),
                metadata.peers());
    }

    /** Fills the core's log and shows what the snapshot does not include to the visitor. */
    private final class Loading implements SegmentScan.Findings {
        private final String file;
        private final long mark;

        Loading(String file, long mark) {
            this.file = file;
            this.mark = mark;
        }

        @Override
        public void entry(long index, Entry entry, boolean recordLost) {
            boolean isWrite = entry.kind() == Entry.Kind.WRITE;
            if (isWrite && recordLost) {
                tagsLostUpTo = Math.max(tagsLostUpTo, index);
            }
            boolean tagLost = isWrite && entry.session() == Entry.NO_SESSION && index <= tagsLostUpTo;
            if (index > snapshot.last().index()) {
                visitor.visit(index, entry, index <= commitIndex, tagLost);
            }
            log.append(entry);
            log.evict(Math.min(index, commitIndex), limits.windowBytesMax());
        }

        @Override
        public void damage(long line, long index, String problem) {
            throw JournalException.damaged(file, line, index, Math.max(index, mark), problem);
        }
    }
}

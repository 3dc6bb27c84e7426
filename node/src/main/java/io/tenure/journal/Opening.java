package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.RaftLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Recovery (DESIGN.md, D4), in an order that can break off anywhere and begin anew:
 *
 * <ol>
 *   <li>read the metadata; refuse a folder that is not ours;
 *   <li>finish a roll that broke off;
 *   <li>read every line and find the highest proven mark; on rot stop, having changed nothing;
 *   <li>write the metadata: one boot more, and up to where tags are lost, before what shows that they were lost is gone;
 *   <li>cut the torn end of the text, rewrite what is above the mark, force: reading a line back does not prove that the
 *       disk has it, as a failed force leaves pages that look clean;
 *   <li>cut and rewrite the index likewise; or, if records were lost, make a new one and put it in the old one's place;
 *   <li>force the folder and the data directory.
 * </ol>
 */
final class Opening {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RECORDS_PER_WRITE = 1024;

    private final Disk disk;
    private final LogFolder folder;
    private final MetadataFiles metadataFiles;
    private final Identity identity;
    private final JournalLimits limits;
    private final RandomGenerator random;
    private final EntryVisitor visitor;

    private final RaftLog log = new RaftLog();
    private final List<Segment> rolled = new ArrayList<>();
    private Metadata metadata;
    private long tagsLostUpTo;
    private long lastTerm = EntryId.NONE.term();

    /** What was opened; the two files are those of {@code active}. */
    record Opened(
            Metadata metadata,
            MetadataFiles metadataFiles,
            List<Segment> rolled,
            Segment active,
            DiskFile text,
            DiskFile index,
            Recovery recovery) {}

    Opening(
            Disk disk,
            LogFolder folder,
            Identity identity,
            JournalLimits limits,
            RandomGenerator random,
            EntryVisitor visitor) {
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
            throw new JournalException(folder.path() + " belongs to " + metadata.identity() + ", not to " + identity
                    + ". Set nodeId and clusterId to that, or dataDir to another folder");
        }
        tagsLostUpTo = metadata.tagsLostUpTo();
        Segment start = readRolled();
        openCurrentFiles();
        DiskFile text = disk.open(folder.text());
        DiskFile index = null;
        try {
            index = disk.open(folder.index());
            SegmentScan scan = new SegmentScan(start, text, index);
            long mark = Math.max(Math.max(metadata.committed(), start.firstIndex() - 1), scan.provenMark());
            SegmentScan.Result result = scan.readCurrent(mark, lastTerm, new Loading(folder.text(), mark));
            lastTerm = result.lastTerm();
            boot();
            repairText(result, text);
            Segment active = result.good();
            if (result.firstLost() == active.count()) {
                repairIndex(active, index);
            } else {
                index.close();
                index = null;
                int checksum = rebuildIndex(start, active, text);
                active = active.cutTo(active.count(), active.textBytes(), checksum);
                index = disk.open(folder.index());
            }
            folder.forceNames();
            return new Opened(metadata, metadataFiles, rolled, active, text, index, recovery());
        } catch (IOException | RuntimeException e) {
            Journal.closeAfter(e, text, index);
            throw e;
        }
    }

    /** First boot of a folder; it counts as begun once the metadata is there. */
    private Metadata begin() throws IOException {
        if (!folder.rolled().isEmpty() || isFilled(folder.text()) || isFilled(folder.index())) {
            throw new JournalException("Damaged: " + folder.path() + '/' + MetadataFiles.NAME
                    + " and its copy are missing, though " + folder.text()
                    + " was written: term and vote of this node are "
                    + "lost. Nothing was changed. " + JournalException.WAY_OUT);
        }
        folder.createFiles();
        folder.forceNames();
        folder.forceDataName();
        return new Metadata(identity, random.nextLong(1, Long.MAX_VALUE), 0, HardState.INITIAL, 0, 0, 0);
    }

    private boolean isFilled(String path) throws IOException {
        if (!disk.exists(path)) {
            return false;
        }
        try (DiskFile file = disk.openForReading(path)) {
            return file.size() > 0;
        }
    }

    /** Reads the rolled pairs; returns where the current one starts. */
    private Segment readRolled() throws IOException {
        Segment start = Segment.FIRST;
        for (long firstIndex : folder.rolled()) {
            String text = folder.rolledText(firstIndex);
            if (firstIndex != start.firstIndex()) {
                throw new JournalException("Damaged: " + text + " follows entry " + (start.firstIndex() - 1)
                        + ": the files between are missing. Nothing was changed. " + JournalException.WAY_OUT);
            }
            if (folder.isHalfRolled(firstIndex)) {
                folder.finishRoll(firstIndex);
            }
            requireFile(text);
            requireFile(folder.rolledIndex(firstIndex));
            try (DiskFile lines = disk.openForReading(text);
                    DiskFile records = disk.openForReading(folder.rolledIndex(firstIndex))) {
                SegmentScan.Result result = new SegmentScan(start, lines, records)
                        .readRolled(lastTerm, new Loading(text, metadata.committed()));
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
            throw new JournalException(
                    "Damaged: " + path + " is missing. Nothing was changed. " + JournalException.WAY_OUT);
        }
    }

    /** A term is never behind the log's: the log may have been forced when the power failed, the term not yet. */
    private void boot() throws IOException {
        Metadata booted = metadata.withBoot(tagsLostUpTo);
        HardState found = metadata.hardState();
        if (found.term() < lastTerm) {
            booted = booted.withHardState(new HardState(lastTerm, HardState.NO_VOTE, found.leasePromisedMillisMax()));
        }
        metadata = metadataFiles.write(booted);
    }

    private Recovery recovery() {
        return new Recovery(
                metadata.hardState(),
                metadata.committed(),
                log,
                metadata.tagsLostUpTo(),
                metadata.bootCount(),
                metadata.incarnation());
    }

    private static void repairText(SegmentScan.Result result, DiskFile text) throws IOException {
        long end = result.good().textBytes();
        text.truncate(end);
        rewrite(text, result.provenBytes(), end);
        text.force();
    }

    /** The mark is about the text only; of the index, what the noted commit covers is known to be forced. */
    private void repairIndex(Segment active, DiskFile index) throws IOException {
        long end = active.count() * IndexRecord.LENGTH;
        long forcedCount = Math.max(0, metadata.committed() - active.firstIndex() + 1);
        index.truncate(end);
        rewrite(index, Math.min(end, forcedCount * IndexRecord.LENGTH), end);
        index.force();
    }

    private static void rewrite(DiskFile file, long from, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, end - from));
        for (long at = from; at < end; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
            LineReader.readFully(file, at, chunk);
            file.write(at, chunk.flip());
        }
    }

    /** Makes an index in which every entry has a record, with the tags that are left; returns the last checksum. */
    private int rebuildIndex(Segment start, Segment active, DiskFile text) throws IOException {
        try (DiskFile old = disk.open(folder.index());
                DiskFile target = folder.newIndex()) {
            Rebuilding rebuilding = new Rebuilding(start, target);
            // The torn end is cut, so this pass comes by what the first one accepted; nothing is left to be judged.
            new SegmentScan(start, text, old).readCurrent(active.lastIndex(), EntryId.NONE.term(), rebuilding);
            rebuilding.flush();
            target.force();
            folder.replaceIndex();
            return rebuilding.checksum;
        }
    }

    /** Fills the core's log and shows every entry to the visitor. */
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
            visitor.visit(index, entry, index <= metadata.committed(), tagLost);
            log.append(entry);
            log.evict(Math.min(index, metadata.committed()), limits.windowBytesMax());
        }

        @Override
        public void damage(long line, long index, String problem) {
            throw JournalException.damaged(file, line, index, Math.max(index, mark), problem);
        }
    }

    /** Writes a record per entry. All text is forced by now, so every record may say so of its own line. */
    private static final class Rebuilding implements SegmentScan.Findings {
        private final IndexRecord record = new IndexRecord();
        private final ByteBuffer buffer = ByteBuffer.allocate(RECORDS_PER_WRITE * IndexRecord.LENGTH);
        private final DiskFile target;
        private long offset;
        private long written;
        private int checksum;

        Rebuilding(Segment start, DiskFile target) {
            this.target = target;
            this.offset = start.baseOffset();
            this.checksum = start.baseChecksum();
        }

        @Override
        public void entry(long index, Entry entry, boolean recordLost) throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            record.set(offset, entry.length(), entry.session(), entry.number(), entry.keyHash(), index);
            checksum = record.seal(checksum, entry.bytes(), entry.offset());
            record.writeTo(buffer);
            offset += entry.length();
        }

        @Override
        public void damage(long line, long index, String problem) {
            throw new IllegalStateException("line " + line + " was good a moment ago, now: " + problem);
        }

        void flush() throws IOException {
            target.write(written, buffer.flip());
            written += buffer.limit();
            buffer.clear();
        }
    }
}

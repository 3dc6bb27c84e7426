package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import io.tenure.raft.Parameters;
import io.tenure.raft.Persist;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A node's durable state: {@code logs.txt}, the write-ahead log that people read; {@code logs.idx}, what text can't carry;
 * {@code metadata.txt} (DESIGN.md, D2 to D5). Confined to one thread at a time.
 *
 * <p>Every error of the disk is final: it is thrown as {@link JournalFailure}, and so is every later call.
 */
public final class Journal implements AutoCloseable {
    private final Disk disk;
    private final LogFolder folder;
    private final JournalLimits limits;
    private final FolderLock lock;
    private final MetadataFiles metadataFiles;
    private final Recovery recovery;
    private final List<Segment> rolled;
    private final Group group = new Group();
    private final IndexRecord record = new IndexRecord();
    private final ByteBuffer recordBuffer = ByteBuffer.allocate(IndexRecord.LENGTH);

    private Metadata metadata;
    private Segment active;
    private DiskFile text;
    private DiskFile index;
    private long forcedIndex;
    private boolean indexUnforced;
    private boolean failed;

    private Journal(Disk disk, LogFolder folder, JournalLimits limits, FolderLock lock, Opening.Opened opened) {
        this.disk = disk;
        this.folder = folder;
        this.limits = limits;
        this.lock = lock;
        this.metadataFiles = opened.metadataFiles();
        this.recovery = opened.recovery();
        this.rolled = opened.rolled();
        this.metadata = opened.metadata();
        this.active = opened.active();
        this.text = opened.text();
        this.index = opened.index();
        this.forcedIndex = active.lastIndex();
    }

    /**
     * Opens the journal in {@code folder}, which it makes if need be, and takes it for this process. All that it found and
     * kept is durable when this returns, and so is the new boot count.
     *
     * @param folder the node's own, in the data directory
     * @param random draws the incarnation of a new folder
     * @param visitor sees every entry, before this returns
     * @throws JournalException if the folder can't be used; the message is for people
     */
    public static Journal open(
            Disk disk,
            String folder,
            Identity identity,
            JournalLimits limits,
            RandomGenerator random,
            EntryVisitor visitor) {
        FolderLock lock = null;
        try {
            LogFolder files = new LogFolder(disk, folder);
            files.create();
            lock = disk.lock(folder);
            Opening.Opened opened = new Opening(disk, files, identity, limits, random, visitor).open();
            return new Journal(disk, files, limits, lock, opened);
        } catch (IOException e) {
            closeAfter(e, lock);
            throw JournalException.unusable(folder, e);
        } catch (RuntimeException e) {
            closeAfter(e, lock);
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
     * @throws JournalFailure if the disk failed
     * @throws IllegalStateException if a write does not fit this log
     */
    public void write(List<Persist> persists) {
        start();
        try {
            HardState hardState = null;
            for (Persist persist : persists) {
                if (persist.truncateFrom() > 0) {
                    flush();
                    truncate(persist.truncateFrom());
                }
                append(persist);
                hardState = persist.hardState() != null ? persist.hardState() : hardState;
            }
            flush();
            if (hardState != null) {
                metadata = metadataFiles.write(metadata.withHardState(hardState));
            }
        } catch (IOException e) {
            throw failure("write", e);
        }
        failed = false;
    }

    /**
     * Reads entries from disk, for a peer that is far behind: at least one if there is one, then as many as stay within
     * {@code bytesMax}, until there are as many as a message carries.
     *
     * @throws JournalFailure if they can't be read, or are not what was written
     */
    public List<Entry> read(long firstIndex, int bytesMax) {
        start();
        List<Entry> entries = new ArrayList<>();
        try {
            long bytes = 0;
            long next = firstIndex;
            int before = -1;
            while (next >= 1
                    && next <= active.lastIndex()
                    && entries.size() > before
                    && entries.size() < Parameters.BATCH_ENTRIES_MAX) {
                before = entries.size();
                bytes = readFrom(segmentOf(next), next, bytesMax, bytes, entries);
                next = firstIndex + entries.size();
            }
        } catch (IOException e) {
            throw failure("read", e);
        }
        failed = false;
        return entries;
    }

    /** Index of the last entry, which is durable. */
    public long lastIndex() {
        return forcedIndex;
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
        long committed = Math.min(commitIndex, forcedIndex);
        if (committed > metadata.committed()) {
            forceIndex();
            start();
            try {
                metadata = metadataFiles.note(metadata.withCommitted(committed));
            } catch (IOException e) {
                throw failure("note the commit length", e);
            }
            failed = false;
        }
    }

    /** Whether {@code logs.idx} holds records that are not forced. */
    public boolean hasUnforcedIndex() {
        return indexUnforced;
    }

    /** Forces {@code logs.idx}. */
    public void forceIndex() {
        if (indexUnforced) {
            start();
            try {
                index.force();
                indexUnforced = false;
            } catch (IOException e) {
                throw failure("force the index", e);
            }
            failed = false;
        }
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
            try {
                closeFiles();
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw failure("close files", e);
        }
    }

    /** Closes what is not null because of {@code cause}. */
    static void closeAfter(Exception cause, AutoCloseable... resources) {
        for (AutoCloseable resource : resources) {
            try {
                if (resource != null) {
                    resource.close();
                }
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }

    /** Unless the call comes to its end, the journal has failed, whatever the reason. */
    private void start() {
        if (failed) {
            throw new JournalFailure("The journal in " + folder.path() + " is closed or has failed before", null);
        }
        failed = true;
    }

    private JournalFailure failure(String what, IOException cause) {
        return new JournalFailure(
                "Can't " + what + " in " + folder.path() + ": " + JournalException.describe(cause)
                        + ". What is on disk now is unknown, so this node stops; a restart finds out",
                cause);
    }

    private void append(Persist persist) throws IOException {
        List<Entry> entries = persist.entries();
        if (entries.isEmpty()) {
            return;
        }
        long next = active.lastIndex() + group.count() + 1;
        if (persist.firstIndex() != next) {
            throw new IllegalStateException(
                    "entries from " + persist.firstIndex() + " on; the journal goes on at " + next);
        }
        if (group.count() == 0 && active.lastIndex() == forcedIndex && active.textBytes() >= limits.segmentBytes()) {
            roll();
        }
        for (Entry entry : entries) {
            while (!group.add(entry, active, forcedIndex)) {
                writeGroup();
            }
        }
    }

    private void writeGroup() throws IOException {
        active = group.write(active, text, index);
        indexUnforced = true;
    }

    /** Afterwards everything gathered is durable. */
    private void flush() throws IOException {
        if (group.count() > 0) {
            writeGroup();
        }
        if (active.lastIndex() != forcedIndex) {
            text.force();
            forcedIndex = active.lastIndex();
        }
    }

    /** Cuts the index, forces, cuts the text, forces; so no mark outlives the entries that it vouches for. */
    private void truncate(long from) throws IOException {
        if (from <= metadata.committed() || from > forcedIndex + 1) {
            throw new IllegalStateException("truncation from " + from + "; committed is " + metadata.committed()
                    + ", the last entry " + forcedIndex);
        }
        while (from < active.firstIndex()) {
            cut(0);
            unroll();
        }
        cut(from - active.firstIndex());
        forcedIndex = active.lastIndex();
    }

    private void cut(long entries) throws IOException {
        if (entries == active.count()) {
            return;
        }
        long bytes = recordAt(entries).offset() - active.baseOffset();
        int checksum =
                entries == 0 ? active.baseChecksum() : recordAt(entries - 1).checksum();
        index.truncate(entries * IndexRecord.LENGTH);
        index.force();
        text.truncate(bytes);
        text.force();
        indexUnforced = false;
        active = active.cutTo(entries, bytes, checksum);
    }

    private IndexRecord recordAt(long slot) throws IOException {
        LineReader.readFully(index, slot * IndexRecord.LENGTH, recordBuffer.clear());
        record.readFrom(recordBuffer, 0);
        return record;
    }

    private void roll() throws IOException {
        index.force();
        indexUnforced = false;
        closeFiles();
        folder.roll(active.firstIndex());
        rolled.add(active);
        active = active.next();
        openFiles();
    }

    /** The current pair is empty. */
    private void unroll() throws IOException {
        closeFiles();
        active = rolled.remove(rolled.size() - 1);
        folder.unroll(active.firstIndex());
        openFiles();
    }

    private void closeFiles() throws IOException {
        try {
            text.close();
        } finally {
            index.close();
        }
    }

    private void openFiles() throws IOException {
        text = disk.open(folder.text());
        index = disk.open(folder.index());
    }

    private Segment segmentOf(long entryIndex) {
        if (entryIndex >= active.firstIndex()) {
            return active;
        }
        int found = Collections.binarySearch(
                rolled, entryIndex, (segment, wanted) -> Long.compare(((Segment) segment).firstIndex(), (Long) wanted));
        return rolled.get(found >= 0 ? found : -found - 2);
    }

    private long readFrom(Segment segment, long first, int bytesMax, long bytesBefore, List<Entry> entries)
            throws IOException {
        if (segment.firstIndex() == active.firstIndex()) {
            return new SegmentReader(segment, folder.text(), text, index).read(first, bytesMax, bytesBefore, entries);
        }
        String file = folder.rolledText(segment.firstIndex());
        try (DiskFile lines = disk.openForReading(file);
                DiskFile records = disk.openForReading(folder.rolledIndex(segment.firstIndex()))) {
            return new SegmentReader(segment, file, lines, records).read(first, bytesMax, bytesBefore, entries);
        }
    }
}

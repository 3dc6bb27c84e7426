package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineFormat;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * All that is wrong with a node's folder, as far as it can be told: without metadata nothing of the log, with an
 * installation under way nothing but the snapshot.
 */
final class FolderScan {
    private final Disk disk;
    private final LogFolder folder;

    /** The newer good copy; null if both are bad, or nothing was ever written. */
    Metadata metadata;

    /** Whether both copies are bad or missing although the folder was used. */
    boolean metadataLost;

    /** What the snapshot says of itself; null if there is none, or it is damaged. */
    SnapshotHeader snapshot;

    String snapshotProblem;

    /** In the order of the log; the last is the current one. Empty if the log counts for nothing. */
    final List<PairScan> pairs = new ArrayList<>();

    FolderScan(Disk disk, LogFolder folder) {
        this.disk = disk;
        this.folder = folder;
    }

    void run() throws IOException {
        readMetadata();
        SnapshotFiles.finishInstall(disk, folder, metadata == null ? null : metadata.install());
        readSnapshot();
        if (metadata != null && metadata.install() == null) {
            readLog();
        }
        if (snapshotProblem == null && snapshotNeeded() > 0 && snapshot == null) {
            snapshotProblem =
                    folder.snapshot() + ": the file is missing; the log begins after entry " + snapshotNeeded();
        }
    }

    /** What is wrong, for people; a line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (snapshotProblem != null) {
            problems.add(snapshotProblem);
        }
        pairs.forEach(pair -> problems.addAll(pair.problems));
        return problems;
    }

    /** The pair in which this entry is damaged, null if there is none. */
    PairScan damagedPair(long index) {
        for (PairScan pair : pairs) {
            if (pair.damage.contains(index)) {
                return pair;
            }
        }
        return null;
    }

    /** The pair that follows, null after the last. */
    PairScan after(PairScan pair) {
        int next = pairs.indexOf(pair) + 1;
        return next < pairs.size() ? pairs.get(next) : null;
    }

    /** Lowest index that a snapshot must reach, 0 if none is needed. */
    long snapshotNeeded() {
        if (metadata == null) {
            return 0;
        }
        EntryId install = metadata.install();
        long needed =
                install != null ? install.index() : metadata.logStart().base().index();
        boolean isThere = snapshot != null && snapshot.last().index() >= needed;
        return isThere ? 0 : snapshotProblem != null ? Math.max(1, needed) : needed;
    }

    /** What is lacking, as {@link Repair#needs} says, if these entries are replaced. */
    List<Need> needs(EntryRanges replaced) {
        List<Need> found = new ArrayList<>();
        if (snapshotNeeded() > 0) {
            found.add(new Need.Snapshot(snapshotNeeded()));
        }
        long first = 0;
        long last = 0;
        for (PairScan pair : pairs) {
            long next = nextLacking(pair, 0, replaced);
            while (next < Long.MAX_VALUE) {
                long end = Math.min(pair.damage.nextGap(next), replaced.next(next));
                if (first > 0 && next != last + 1) {
                    found.add(new Need.Entries(first, last));
                    first = 0;
                }
                first = first > 0 ? first : next;
                last = end - 1;
                next = nextLacking(pair, end, replaced);
            }
        }
        if (first > 0) {
            found.add(new Need.Entries(first, last));
        }
        return found;
    }

    private static long nextLacking(PairScan pair, long from, EntryRanges replaced) {
        long next = pair.damage.next(from);
        while (next < Long.MAX_VALUE && replaced.contains(next)) {
            next = pair.damage.next(replaced.nextGap(next));
        }
        return next;
    }

    /** Entries up to here are known to be committed. */
    long committed() {
        long noted = metadata == null ? 0 : metadata.committed();
        return Math.max(noted, snapshot == null ? 0 : snapshot.last().index());
    }

    /** Last entry of the log, as far as it can be told; damaged ones count. 0 if the log counts for nothing. */
    long lastIndex() {
        return pairs.isEmpty() ? 0 : pairs.get(pairs.size() - 1).end();
    }

    boolean isLogDamaged() {
        return pairs.stream().anyMatch(pair -> !pair.damage.isEmpty());
    }

    /** No entry of the log has a larger index: a line has a byte at least. */
    long lastIndexAtMost() throws IOException {
        List<Long> rolled = folder.rolled();
        long bytes = size(folder.text());
        long first = 1;
        if (!rolled.isEmpty()) {
            first = rolled.get(rolled.size() - 1);
            bytes += size(folder.rolledText(first));
        }
        return Math.max(first, committed()) + bytes;
    }

    /**
     * Where the log begins, if that can be told for sure: at the first entry, or right after the snapshot, whose last term is
     * known. The first mark of a pair is the entry before the pair, and the checksum that the first record chains over is the
     * one for which it is right. Null if only the snapshot is of use.
     */
    LogStart logStartOfFiles() throws IOException {
        List<Long> rolled = folder.rolled();
        boolean noSnapshot = snapshot == null && snapshotProblem == null;
        if (noSnapshot || (!rolled.isEmpty() && rolled.get(0) == 1)) {
            return LogStart.FIRST;
        }
        EntryId snapshotLast = snapshot == null ? EntryId.NONE : snapshot.last();
        String text = rolled.isEmpty() ? folder.text() : folder.rolledText(rolled.get(0));
        String index = rolled.isEmpty() ? folder.index() : folder.rolledIndex(rolled.get(0));
        try (DiskFile lines = NoFile.orOpen(disk, text);
                DiskFile records = NoFile.orOpen(disk, index)) {
            IndexRecord first = new IndexRecord();
            if (!new RecordReader(records).read(0, first)) {
                return rolled.isEmpty() && lines.size() == 0 ? LogStart.after(snapshotLast) : LogStart.FIRST;
            }
            int length = first.length();
            long base = rolled.isEmpty() ? first.mark() : rolled.get(0) - 1;
            if (base == 0 && first.offset() == 0) {
                return LogStart.FIRST;
            }
            boolean hasLine = length > 0 && length <= LineFormat.LINE_BYTES_MAX && length <= lines.size();
            if (hasLine && snapshot != null && base == snapshotLast.index()) {
                byte[] line = new byte[length];
                LineReader.readFully(lines, 0, ByteBuffer.wrap(line));
                return new LogStart(snapshotLast, first.offset(), Chain.checksumBefore(first, line));
            }
            if (snapshot == null) {
                throw undecided(text);
            }
            return null;
        }
    }

    private JournalException undecided(String text) {
        return new JournalException("Damaged: both copies of the metadata in " + folder.path()
                + ", and with them where " + text + " begins. Nothing was changed. " + JournalException.WAY_OUT);
    }

    private void readMetadata() throws IOException {
        try {
            metadata = new MetadataFiles(disk, folder.path()).read();
        } catch (JournalException e) {
            metadataLost = true;
            return;
        }
        if (metadata == null) {
            metadataLost = disk.exists(folder.snapshot())
                    || !folder.rolled().isEmpty()
                    || size(folder.text()) > 0
                    || size(folder.index()) > 0;
        }
    }

    private long size(String path) throws IOException {
        try (DiskFile file = NoFile.orOpen(disk, path)) {
            return file.size();
        }
    }

    private void readSnapshot() throws IOException {
        if (disk.exists(folder.snapshot())) {
            try {
                snapshot = new SnapshotReader(disk, folder.snapshot()).read(SnapshotReader.NOBODY);
            } catch (SnapshotDamagedException e) {
                snapshotProblem = e.getMessage();
            }
        }
    }

    private void readLog() throws IOException {
        Segment start = metadata.logStart().segment();
        long term = metadata.logStart().base().term();
        List<Long> firsts = new ArrayList<>(folder.rolled());
        long firstLeft = start.firstIndex();
        firsts.removeIf(first -> first < firstLeft);
        if (!firsts.isEmpty() && folder.isHalfRolled(firsts.get(firsts.size() - 1))) {
            folder.finishRoll(firsts.get(firsts.size() - 1));
        }
        if (!firsts.isEmpty() && firsts.get(0) != firstLeft) {
            firsts.add(0, firstLeft);
        }
        boolean afterDamage = false;
        for (int i = 0; i < firsts.size(); i++) {
            long last = i + 1 < firsts.size() ? firsts.get(i + 1) - 1 : 0;
            PairScan pair = PairScan.rolled(disk, folder, start, afterDamage, last, term);
            if (last > 0 && pair.whole().lastIndex() != last) {
                throw new JournalException("Damaged: " + pair.text + " holds entries up to "
                        + pair.whole().lastIndex() + ", though the next file begins with entry " + (last + 1)
                        + ". Nothing was changed. " + JournalException.WAY_OUT);
            }
            pairs.add(pair);
            term = Math.max(term, pair.lastTerm());
            String next = last > 0 ? folder.rolledIndex(last + 1) : folder.index();
            start = startAfter(pair, next);
            afterDamage = pair.endsDamaged();
        }
        long mark = Math.max(committed(), start.firstIndex() - 1);
        pairs.add(PairScan.current(disk, folder, start, afterDamage, mark, metadata.committed(), term));
    }

    /** After a damaged pair, the next one's own first record tells best where it begins. */
    private Segment startAfter(PairScan pair, String nextIndex) throws IOException {
        Segment next = pair.whole().next();
        if (pair.damage.isEmpty()) {
            return next;
        }
        try (DiskFile records = NoFile.orOpen(disk, nextIndex)) {
            IndexRecord first = new IndexRecord();
            boolean tells = new RecordReader(records).read(0, first) && first.offset() > pair.start.baseOffset();
            return tells
                    ? new Segment(next.firstIndex(), first.offset(), next.baseChecksum(), 0, 0, next.baseChecksum())
                    : next;
        }
    }

    /** Term of an entry; {@link EntryId#NONE}'s if it is damaged or not there. */
    long termAt(long index) throws IOException {
        for (PairScan pair : pairs) {
            if (pair.holds(index)) {
                return pair.termAt(index);
            }
        }
        return EntryId.NONE.term();
    }

    /** Reads intact entries, as {@link RepairSource#read} says. */
    List<Entry> read(long firstIndex, int bytesMax) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (PairScan pair : pairs) {
            if (!pair.holds(firstIndex) || pair.damage.contains(firstIndex)) {
                continue;
            }
            long end = Math.min(pair.whole().lastIndex(), pair.damage.next(firstIndex) - 1);
            try (DiskFile lines = NoFile.orOpen(disk, pair.text);
                    DiskFile records = NoFile.orOpen(disk, pair.index)) {
                // The last lines may be without records.
                long count = Math.min(end - pair.start.firstIndex() + 1, records.size() / IndexRecord.LENGTH);
                if (firstIndex - pair.start.firstIndex() < count) {
                    SegmentReader reader = new SegmentReader(pair.start.cutTo(count, 0, 0), pair.text, lines, records);
                    readProven(reader, firstIndex, bytesMax, entries);
                }
            }
        }
        return entries;
    }

    /** A line whose record is torn is good for this node, but proves nothing to a peer; what is before it does. */
    private static void readProven(SegmentReader reader, long firstIndex, int bytesMax, List<Entry> entries)
            throws IOException {
        for (int bytes = bytesMax; entries.isEmpty() && bytes > 0; bytes = bytes > 1 ? 1 : 0) {
            try {
                reader.read(firstIndex, bytes, 0, entries);
            } catch (DamagedException e) {
                // Then the first one alone, if there is none yet; a peer asks again for those after it.
            }
        }
    }
}

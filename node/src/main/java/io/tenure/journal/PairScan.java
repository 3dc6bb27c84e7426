package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One pair of log files as a scan for damage found it. Confined to one thread. */
final class PairScan implements SegmentScan.Findings {
    private static final int PROBLEMS_MAX = 10;

    final String text;
    final String index;
    final boolean rolled;
    final Segment start;

    /** Whether the last entry of the pair before is damaged. */
    private final boolean afterDamage;

    /** Last entry that must be there: of a rolled pair where the next one begins, of the current one the mark. */
    final long last;

    /** Damaged entries. */
    final EntryRanges damage = new EntryRanges();

    /** What is wrong with the first {@value #PROBLEMS_MAX} of them. */
    final List<String> problems = new ArrayList<>();

    /** How many are damaged. */
    long damaged;

    private final Disk disk;
    private SegmentScan.Result result;
    private long indexForced;
    private long tagsLostUpTo;

    private PairScan(
            Disk disk, String text, String index, boolean rolled, Segment start, boolean afterDamage, long last) {
        this.afterDamage = afterDamage;
        this.disk = disk;
        this.text = text;
        this.index = index;
        this.rolled = rolled;
        this.start = start;
        this.last = last;
    }

    /** Scans a rolled pair; {@code last} is 0 if nothing tells it. */
    static PairScan rolled(Disk disk, LogFolder folder, Segment start, boolean afterDamage, long last, long termBefore)
            throws IOException {
        long first = start.firstIndex();
        PairScan pair =
                new PairScan(disk, folder.rolledText(first), folder.rolledIndex(first), true, start, afterDamage, last);
        pair.result = pair.scan(pair, termBefore);
        return pair;
    }

    /** Scans the current pair, with the highest mark that {@code mark} and its records prove. */
    static PairScan current(
            Disk disk,
            LogFolder folder,
            Segment start,
            boolean afterDamage,
            long mark,
            long indexForced,
            long termBefore)
            throws IOException {
        try (DiskFile lines = NoFile.orOpen(disk, folder.text());
                DiskFile records = NoFile.orOpen(disk, folder.index())) {
            long proven = Math.max(mark, new SegmentScan(start, lines, records).provenMark());
            PairScan pair = new PairScan(disk, folder.text(), folder.index(), false, start, afterDamage, proven);
            pair.indexForced = indexForced;
            pair.result = pair.scan(pair, termBefore);
            return pair;
        }
    }

    /** Reads the pair again and tells what it finds; the same as the first time, if nothing was changed. */
    SegmentScan.Result scan(SegmentScan.Findings findings, long termBefore) throws IOException {
        try (DiskFile lines = NoFile.orOpen(disk, text);
                DiskFile records = NoFile.orOpen(disk, index)) {
            SegmentScan scan = new SegmentScan(start, lines, records);
            if (afterDamage) {
                scan.afterDamage();
            }
            return rolled
                    ? scan.readRolled(last, termBefore, findings)
                    : scan.readCurrent(last, indexForced, termBefore, findings);
        }
    }

    /** What is there, damaged entries included. */
    Segment whole() {
        return result.good();
    }

    /** Last entry that is there or must be. */
    long end() {
        return Math.max(last, whole().lastIndex());
    }

    long lastTerm() {
        return result.lastTerm();
    }

    /** Last entry whose tag is lost, 0 if none is. */
    long tagsLostUpTo() {
        return tagsLostUpTo;
    }

    /** Whether the last entry is damaged, so that what the next pair chains over is not known. */
    boolean endsDamaged() {
        return damage.contains(whole().lastIndex());
    }

    boolean holds(long entryIndex) {
        return entryIndex >= start.firstIndex() && entryIndex <= whole().lastIndex();
    }

    /** Reads a record; false if there is none. */
    boolean readRecord(long entryIndex, IndexRecord record) throws IOException {
        try (DiskFile records = NoFile.orOpen(disk, index)) {
            long position = (entryIndex - start.firstIndex()) * IndexRecord.LENGTH;
            if (position < 0 || position + IndexRecord.LENGTH > records.size()) {
                return false;
            }
            ByteBuffer bytes = ByteBuffer.allocate(IndexRecord.LENGTH);
            LineReader.readFully(records, position, bytes);
            record.readFrom(bytes, 0);
            return true;
        }
    }

    /** Term of an entry, even of one whose record is lost; {@link EntryId#NONE}'s if it is damaged. */
    long termAt(long entryIndex) throws IOException {
        long[] term = {EntryId.NONE.term()};
        SegmentScan.Findings finder = new SegmentScan.Findings() {
            @Override
            public void entry(long each, Entry entry, boolean recordLost) {
                term[0] = each == entryIndex ? entry.term() : term[0];
            }

            @Override
            public void damage(long line, long each, String problem) {}
        };
        scan(finder, EntryId.NONE.term());
        return term[0];
    }

    @Override
    public void entry(long entryIndex, Entry entry, boolean recordLost) {
        if (recordLost && entry.kind() == Entry.Kind.WRITE) {
            tagsLostUpTo = entryIndex;
        }
    }

    @Override
    public void damage(long line, long entryIndex, String problem) {
        damage.add(entryIndex);
        damaged++;
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(text + ", line " + line + " (entry " + entryIndex + "): " + problem);
        }
    }
}

package io.tenure.journal;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads everything in a node's folder, by the same rules as recovery, and changes nothing. Meant for a node that is
 * stopped; of one that runs, the last lines may look torn.
 */
public final class JournalCheck {
    /** Damage beyond this many problems is not listed. */
    private static final int PROBLEMS_MAX = 100;

    private final Disk disk;
    private final LogFolder folder;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long entries;
    private long terms;
    private long lastTerm = EntryId.NONE.term();
    private long textBytes;
    private long tagsLost;

    /**
     * Something that is not as it was written.
     *
     * @param line counted from 1, 0 if it is about the file as a whole
     * @param isMendedAtStart whether the next start mends it from what is left in the folder; recovery stops at all else
     */
    public record Problem(String file, long line, String text, boolean isMendedAtStart) {
        @Override
        public String toString() {
            return line > 0 ? file + ", line " + line + ": " + text : file + ": " + text;
        }
    }

    /**
     * What a check found.
     *
     * @param entries good entries
     * @param terms number of different terms among them
     * @param textBytes bytes of their lines
     * @param mark index up to which entries are proven to have been forced
     * @param problems damage; the first hundred
     * @param notes what is worth knowing and no damage, such as a torn end
     */
    public record Report(
            long entries, long terms, long textBytes, long mark, List<Problem> problems, List<String> notes) {
        /** Whether anything is not as it was written. */
        public boolean isDamaged() {
            return !problems.isEmpty();
        }

        /** Whether a node can't start from this folder before peers have mended it. */
        public boolean needsRepair() {
            return problems.stream().anyMatch(problem -> !problem.isMendedAtStart());
        }
    }

    private JournalCheck(Disk disk, String path) {
        this.disk = disk;
        this.folder = new LogFolder(disk, path);
    }

    /**
     * Checks a folder.
     *
     * @throws JournalException if it is not there or can't be read
     */
    public static Report check(Disk disk, String folder) {
        try {
            if (!disk.exists(folder)) {
                throw new JournalException(folder + " does not exist");
            }
            return new JournalCheck(disk, folder).check();
        } catch (IOException e) {
            throw JournalException.unusable(folder, e);
        }
    }

    private Report check() throws IOException {
        Metadata metadata = checkMetadata();
        LogStart logStart = metadata == null ? firstLeft() : metadata.logStart();
        EntryId snapshot = checkSnapshot(metadata);
        if (metadata != null && metadata.install() != null) {
            // The log is about to go; what is left of it counts for nothing.
            return report(metadata.install().index());
        }
        long committed = Math.max(metadata == null ? 0 : metadata.committed(), snapshot.index());
        lastTerm = logStart.base().term();
        Segment start = logStart.segment();
        boolean first = true;
        long current = -1;
        for (long firstIndex : folder.rolled()) {
            if (firstIndex < start.firstIndex() && first) {
                notes.add(folder.rolledText(firstIndex) + ": left by a compaction; a start deletes it");
                continue;
            }
            first = false;
            String text = folder.rolledText(firstIndex);
            if (firstIndex != start.firstIndex()) {
                problem(text, 0, "it follows entry " + (start.firstIndex() - 1) + ": the files between are missing");
                return report(committed);
            }
            boolean halfRolled = folder.isHalfRolled(firstIndex);
            String index = halfRolled ? folder.index() : folder.rolledIndex(firstIndex);
            current = halfRolled ? firstIndex : current;
            if (isMissing(text) || isMissing(index)) {
                return report(committed);
            }
            try (DiskFile lines = disk.openForReading(text);
                    DiskFile records = disk.openForReading(index)) {
                start = new SegmentScan(start, lines, records)
                        .readRolled(lastTerm, new Counting(text))
                        .good()
                        .next();
            }
        }
        long mark = Math.max(committed, start.firstIndex() - 1);
        if (current >= 0 || (!first && !disk.exists(folder.text()) && !disk.exists(folder.index()))) {
            return report(mark); // rolled just now
        }
        return report(checkCurrent(start, !first, mark, metadata == null ? 0 : metadata.committed()));
    }

    /**
     * Returns the proven mark.
     *
     * @param hasRolled whether there is a rolled pair: then a power failure may leave one of the current files without the other
     */
    private long checkCurrent(Segment start, boolean hasRolled, long provenBefore, long noted) throws IOException {
        if (!hasRolled && isMissing(folder.text())) {
            return provenBefore;
        }
        try (DiskFile lines = NoFile.orOpen(disk, folder.text())) {
            boolean justBegun = start.firstIndex() > 1 && lines.size() == 0 && !disk.exists(folder.index());
            if (justBegun || isMissing(folder.index())) {
                return provenBefore;
            }
            try (DiskFile records = disk.openForReading(folder.index())) {
                SegmentScan scan = new SegmentScan(start, lines, records);
                long mark = Math.max(provenBefore, scan.provenMark());
                SegmentScan.Result result = scan.readCurrent(mark, noted, lastTerm, new Counting(folder.text()));
                if (result.torn() != null) {
                    notes.add(folder.text() + ", line " + (result.good().count() + 1) + ": " + result.torn()
                            + ". Torn end of a write that was never acknowledged; a start cuts it off");
                }
                return mark;
            }
        }
    }

    /** Returns the newer copy, null if none is left. */
    private Metadata checkMetadata() throws IOException {
        MetadataFiles files = new MetadataFiles(disk, folder.path());
        String invalid = files.problems();
        Metadata metadata;
        try {
            metadata = files.read();
        } catch (JournalException e) {
            problem(folder.path() + '/' + MetadataFiles.NAME, 0, "no valid copy is left: " + invalid);
            return null;
        }
        if (metadata == null) {
            problem(folder.path() + '/' + MetadataFiles.NAME, 0, "it is missing, and so is its copy");
            return null;
        }
        if (!invalid.isEmpty()) {
            problems.add(new Problem(
                    folder.path(), 0, invalid + ". The other copy is good; a start replaces this one", true));
        }
        notes.add(metadata.identity() + ", boot " + metadata.bootCount() + ", term "
                + metadata.hardState().term() + ", committed " + metadata.committed());
        return metadata;
    }

    /** Without metadata: the log begins with the first pair that is there; what it chains over is not known. */
    private LogStart firstLeft() throws IOException {
        List<Long> rolled = folder.rolled();
        return rolled.isEmpty() || rolled.get(0) == 1
                ? LogStart.FIRST
                : new LogStart(new EntryId(rolled.get(0) - 1, 0), 0, 0);
    }

    /** Returns what the snapshot reaches. */
    private EntryId checkSnapshot(Metadata metadata) throws IOException {
        EntryId base = metadata == null ? EntryId.NONE : metadata.logStart().base();
        EntryId install = metadata == null ? null : metadata.install();
        boolean isIncoming = SnapshotFiles.isToBeInstalled(disk, folder, install);
        String file = isIncoming ? folder.incomingSnapshot() : folder.snapshot();
        EntryId last = EntryId.NONE;
        if (disk.exists(file)) {
            CountingValues values = new CountingValues();
            try {
                last = new SnapshotReader(disk, file).read(values).last();
                notes.add(
                        file + ": " + values.count + " keys, up to entry " + last.index() + " of term " + last.term());
            } catch (SnapshotDamagedException e) {
                problem(file, e.line(), e.problem());
                return base;
            }
        }
        long needed = install != null ? install.index() : base.index();
        if (last.index() < needed) {
            problem(
                    file,
                    0,
                    (last.index() == 0 ? "it is missing" : "it reaches entry " + last.index())
                            + ", though the log begins after entry " + needed);
        }
        return last;
    }

    private boolean isMissing(String file) throws IOException {
        boolean missing = !disk.exists(file);
        if (missing) {
            problem(file, 0, "it is missing");
        }
        return missing;
    }

    private void problem(String file, long line, String text) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(new Problem(file, line, text, false));
        }
    }

    private Report report(long mark) {
        if (tagsLost > 0) {
            notes.add(tagsLost + " writes have lost their request numbers in a power failure");
        }
        return new Report(entries, terms, textBytes, mark, List.copyOf(problems), List.copyOf(notes));
    }

    private static final class CountingValues implements JournalVisitor {
        private long count;

        @Override
        public void value(byte[] keyValue) {
            count++;
        }

        @Override
        public void visit(long index, Entry entry, boolean committed, boolean tagLost) {
            throw new IllegalStateException("a snapshot holds no entries");
        }
    }

    private final class Counting implements SegmentScan.Findings {
        private final String file;

        Counting(String file) {
            this.file = file;
        }

        @Override
        public void entry(long index, Entry entry, boolean recordLost) {
            entries++;
            textBytes += entry.length();
            terms += entry.term() != lastTerm ? 1 : 0;
            tagsLost += entry.kind() == Entry.Kind.WRITE && recordLost ? 1 : 0;
            lastTerm = entry.term();
        }

        @Override
        public void damage(long line, long index, String text) {
            problem(file, line, text + " (entry " + index + ")");
        }
    }
}

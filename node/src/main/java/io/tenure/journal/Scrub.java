package io.tenure.journal;

import io.tenure.raft.EntryId;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a running node's files, a piece at a time, so that rot is found before it is needed: both copies of the metadata, the
 * snapshot, the rolled pairs, and the current one up to the mark, the commit length that the metadata notes; what is above
 * that, recovery judges. Changes nothing, and shares nothing with the {@link Journal} but the files, which that may roll, cut,
 * delete or replace meanwhile: entries up to the mark never change in place, and something is called damaged only if it is so
 * twice in files that bear their names both times. Confined to one thread, any.
 */
public final class Scrub implements AutoCloseable {
    /** What a step counts for at least, so that many small ones are paced, too. */
    private static final int STEP_BYTES_MIN = 4096;

    /** Entries verified one by one after a doubt, to tell exactly where the damage is; no fewer than are read at once. */
    private static final int CAREFUL_ENTRIES = 1024;

    /** How the files lie. */
    private record Layout(LogStart logStart, EntryId install, List<Long> rolled) {}

    private final Disk disk;
    private final LogFolder folder;
    private final Consumer<String> onBadMetadata;

    private boolean underway;
    private boolean judgedAll;
    private long bytes;
    private SnapshotReader snapshot;
    private long snapshotNeeded;

    /** Where the pair that is read starts. */
    private Segment start;

    private PairScrub pair;
    private Layout layout;
    private long mark;
    private long next;
    private long carefulUpTo;
    private long suspect;

    /**
     * Makes a scrub.
     *
     * @param onBadMetadata takes what is wrong with a copy of the metadata; the node has it in memory and should have it
     *     written again
     */
    public Scrub(Disk disk, String folder, Consumer<String> onBadMetadata) {
        this.disk = disk;
        this.folder = new LogFolder(disk, folder);
        this.onBadMetadata = onBadMetadata;
    }

    /**
     * Verifies the next piece.
     *
     * @param bytesMax about how much to read
     * @return whether this was the last piece of a pass over everything; the next call begins a new one
     * @throws DamagedException if something is not what was written
     * @throws JournalFailure if it can't be read
     */
    public boolean step(int bytesMax) {
        try {
            bytes = underway ? bytes + STEP_BYTES_MIN : STEP_BYTES_MIN;
            if (!underway) {
                underway = begin();
            } else if (snapshot != null) {
                stepSnapshot(bytesMax);
            } else if (stepLog(bytesMax)) {
                endPass();
            }
            return !underway;
        } catch (IOException e) {
            throw new JournalFailure(
                    "Can't read in " + folder.path() + ": " + JournalException.describe(e) + ". This node stops", e);
        }
    }

    /**
     * Whether the last pass came by everything: not if no copy of the metadata could be read, or a snapshot was being installed, as
     * then nothing tells where the log begins.
     */
    public boolean judgedAll() {
        return judgedAll;
    }

    /** About how much was read in this pass, or the last one. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        try {
            endPass();
        } catch (IOException e) {
            throw new JournalFailure("Can't close files in " + folder.path() + ": " + e.getMessage(), e);
        }
    }

    /** False if nothing can be judged now. */
    private boolean begin() throws IOException {
        judgedAll = false;
        MetadataFiles files = new MetadataFiles(disk, folder.path());
        String problems = files.problemsOfBoth();
        if (!problems.isEmpty()) {
            onBadMetadata.accept(problems);
        }
        Metadata metadata = read(files);
        if (metadata == null || metadata.install() != null) {
            return false;
        }
        judgedAll = true;
        start = metadata.logStart().segment();
        next = start.firstIndex();
        snapshotNeeded = metadata.logStart().base().index();
        if (snapshotNeeded > 0 || disk.exists(folder.snapshot())) {
            snapshot = new SnapshotReader(disk, folder.snapshot());
        }
        return true;
    }

    private void stepSnapshot(int bytesMax) throws IOException {
        if (!disk.exists(folder.snapshot())) {
            throw DamagedException.found(folder.snapshot(), 0, 0, "it is missing");
        }
        try {
            boolean whole = snapshot.step(SnapshotReader.NOBODY, bytesMax);
            bytes += bytesMax;
            if (!whole) {
                return;
            }
            if (snapshot.last().index() < snapshotNeeded) {
                throw DamagedException.found(
                        folder.snapshot(),
                        0,
                        0,
                        "it reaches entry " + snapshot.last().index() + ", though the log begins after entry "
                                + snapshotNeeded);
            }
            snapshot.close();
            snapshot = null;
        } catch (SnapshotDamagedException e) {
            if (snapshot.isCurrent()) {
                throw DamagedException.found(e);
            }
            snapshot.close();
            snapshot = new SnapshotReader(disk, folder.snapshot());
        }
    }

    /** Whether the pass is over. */
    private boolean stepLog(int bytesMax) throws IOException {
        if (pair == null && !open()) {
            return start == null;
        }
        try {
            if (!pair.isDone()) {
                bytes += pair.step(next <= carefulUpTo ? 1 : bytesMax);
                next = pair.next();
                return false;
            }
            start = pair.after();
        } catch (DamagedException e) {
            doubt(e);
            return false;
        }
        closePair();
        return start == null;
    }

    /** Opens the pair that goes on with {@link #next}; false if there is none now, with no {@link #start} if never. */
    private boolean open() throws IOException {
        MetadataFiles files = new MetadataFiles(disk, folder.path());
        Metadata metadata = read(files);
        if (metadata == null || metadata.install() != null) {
            judgedAll = false;
            start = null;
            return false;
        }
        if (start.firstIndex() <= metadata.logStart().base().index()) {
            start = metadata.logStart().segment();
        }
        next = Math.max(next, start.firstIndex());
        mark = metadata.committed();
        long first = start.firstIndex();
        layout = layout(metadata);
        if (folder.isHalfRolled(first)) {
            return false;
        }
        boolean rolled = layout.rolled.contains(first);
        if (!rolled && next > mark) {
            start = null;
            return false;
        }
        String text = rolled ? folder.rolledText(first) : folder.text();
        String index = rolled ? folder.rolledIndex(first) : folder.index();
        boolean isGap = !rolled && layout.rolled.stream().anyMatch(other -> other > first);
        if (isGap) {
            doubt(DamagedException.found(folder.rolledText(first), 0, first, "it is missing"));
        } else if (!disk.exists(text) || !disk.exists(index)) {
            doubt(DamagedException.found(disk.exists(text) ? index : text, 0, first, "it is missing"));
        } else {
            open(text, index, rolled);
        }
        return pair != null;
    }

    private void open(String text, String index, boolean rolled) throws IOException {
        try {
            pair = new PairScrub(disk, text, index, rolled, start, next, mark);
        } catch (IOException e) {
            // Perhaps just renamed.
            doubt(DamagedException.found(
                    text, 0, start.firstIndex(), "can't be opened: " + JournalException.describe(e)));
        }
    }

    /**
     * Damage if it is the second time, and nothing was renamed since; otherwise a reason to look again. Above the mark, where
     * this pair starts may have changed, too: then again from where the log starts.
     */
    private void doubt(DamagedException damage) throws IOException {
        boolean exact = pair == null || pair.isDone() || next <= carefulUpTo;
        Metadata metadata = read(new MetadataFiles(disk, folder.path()));
        boolean same = metadata != null && layout(metadata).equals(layout);
        if (same && exact && suspect == next) {
            throw damage;
        }
        closePair();
        carefulUpTo = next + CAREFUL_ENTRIES;
        if (same && exact) {
            suspect = next;
            if (next > mark) {
                start = metadata.logStart().segment();
                next = start.firstIndex();
                carefulUpTo = 0;
            }
        } else if (!same) {
            suspect = 0;
        }
    }

    private Layout layout(Metadata metadata) throws IOException {
        return new Layout(metadata.logStart(), metadata.install(), folder.rolled());
    }

    /** Null if no copy is good. */
    private static Metadata read(MetadataFiles files) throws IOException {
        try {
            return files.read();
        } catch (DamagedException e) {
            return null;
        }
    }

    private void endPass() throws IOException {
        underway = false;
        suspect = 0;
        carefulUpTo = 0;
        try {
            if (snapshot != null) {
                snapshot.close();
            }
        } finally {
            snapshot = null;
            closePair();
        }
    }

    private void closePair() throws IOException {
        PairScrub open = pair;
        pair = null;
        if (open != null) {
            open.close();
        }
    }
}

package io.tenure.raft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The log as the core sees it: the term of every index (as runs, a few numbers a term), and the entries themselves in a
 * window that ends at the last one. Entries before the window are on disk only; whoever needs one fetches it. Entries up to
 * the <em>base</em> are in no log file any more, only in a snapshot; of them the base's own term is known (paper, 7).
 * Confined to the core's thread.
 */
public final class RaftLog {
    private long[] runFirstIndex = new long[8];
    private long[] runTerm = new long[8];
    private int runs;
    private EntryId base;

    private Entry[] window = new Entry[1024];
    private int head;
    private int size;
    private long firstInWindow;
    private long windowBytes;

    /** A log that holds every entry since the first. */
    public RaftLog() {
        this(EntryId.NONE);
    }

    /** A log that goes on after {@code base}. */
    public RaftLog(EntryId base) {
        this.base = base;
        this.firstInWindow = base.index() + 1;
    }

    /** Position of the last entry that only a snapshot holds; {@link EntryId#NONE} if there is none. */
    public EntryId base() {
        return base;
    }

    /** Index of the last entry, 0 if there is none. */
    public long lastIndex() {
        return firstInWindow + size - 1;
    }

    /** Position of the last entry. */
    public EntryId last() {
        return new EntryId(lastIndex(), term(lastIndex()));
    }

    /** First index whose entry is in memory; {@code lastIndex() + 1} if none is. */
    public long firstInWindow() {
        return firstInWindow;
    }

    /** Bytes that the entries in memory take. */
    public long windowBytes() {
        return windowBytes;
    }

    /**
     * Term of the entry at {@code index}, -1 for index 0.
     *
     * @throws IndexOutOfBoundsException beyond the last entry, and below the base
     */
    public long term(long index) {
        if (index == base.index()) {
            return base.term();
        }
        if (index < base.index() || index > lastIndex()) {
            throw new IndexOutOfBoundsException("index " + index + " of " + (base.index() + 1) + ".." + lastIndex());
        }
        return runTerm[runOf(index)];
    }

    /** Whether this log holds the entry {@code id}, or has it as its base. */
    public boolean holds(EntryId id) {
        return id.index() >= base.index() && id.index() <= lastIndex() && term(id.index()) == id.term();
    }

    /**
     * Largest position at or below {@code index} whose term is at most {@code term} (fast backtracking, paper 5.3); the
     * base if there is none above it.
     */
    public EntryId lastAtOrBelow(long index, long term) {
        long at = Math.min(index, lastIndex());
        while (at > base.index()) {
            int run = runOf(at);
            if (runTerm[run] <= term) {
                return new EntryId(at, runTerm[run]);
            }
            at = runFirstIndex[run] - 1;
        }
        return base;
    }

    /** The entry at {@code index}, which must be in the window. */
    public Entry entry(long index) {
        if (index < firstInWindow || index > lastIndex()) {
            throw new IndexOutOfBoundsException("index " + index + " of window " + firstInWindow + ".." + lastIndex());
        }
        return window[slot(index)];
    }

    /**
     * Entries from {@code firstIndex} on, at least one, then as many as stay within {@code bytesMax} and
     * {@code countMax}; empty if {@code firstIndex} is beyond the last.
     */
    public List<Entry> entries(long firstIndex, int bytesMax, int countMax) {
        List<Entry> entries = new ArrayList<>((int) Math.min(countMax, Math.max(0, lastIndex() - firstIndex + 1)));
        long bytes = 0;
        for (long index = firstIndex; index <= lastIndex() && entries.size() < countMax; index++) {
            Entry entry = entry(index);
            bytes += entry.length();
            if (bytes > bytesMax && !entries.isEmpty()) {
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    /** Appends an entry whose term is at least the last one's. */
    public void append(Entry entry) {
        long index = lastIndex() + 1;
        if (runs == 0 || runTerm[runs - 1] != entry.term()) {
            startRun(index, entry.term());
        }
        if (size == window.length) {
            growWindow();
        }
        window[(head + size++) & (window.length - 1)] = entry;
        windowBytes += entry.memoryBytes();
    }

    /** Removes the entries from {@code index} on; they must be in the window. */
    public void truncateFrom(long index) {
        for (long at = lastIndex(); at >= index; at--) {
            windowBytes -= entry(at).memoryBytes();
            window[slot(at)] = null;
            size--;
        }
        while (runs > 0 && runFirstIndex[runs - 1] > lastIndex()) {
            runs--;
        }
    }

    /** Drops entries up to {@code index} from memory, oldest first, while more than {@code bytesMax} are held. */
    public void evict(long index, long bytesMax) {
        while (size > 0 && firstInWindow <= index && windowBytes > bytesMax) {
            windowBytes -= window[head].memoryBytes();
            window[head] = null;
            head = (head + 1) & (window.length - 1);
            firstInWindow++;
            size--;
        }
    }

    /** The files hold nothing up to {@code newBase} any more, an entry of this log; nor does the window afterwards. */
    public void compactTo(EntryId newBase) {
        if (!holds(newBase)) {
            throw new IllegalArgumentException(newBase + " is not in a log of " + base + ".." + last());
        }
        evict(newBase.index(), -1);
        int kept = newBase.index() < lastIndex() ? runOf(newBase.index() + 1) : runs;
        for (int run = kept; run < runs; run++) {
            runFirstIndex[run - kept] = Math.max(runFirstIndex[run], newBase.index() + 1);
            runTerm[run - kept] = runTerm[run];
        }
        runs -= kept;
        base = newBase;
    }

    /** Forgets everything: the log is empty, and goes on after {@code newBase}. */
    public void reset(EntryId newBase) {
        Arrays.fill(window, null);
        head = 0;
        size = 0;
        windowBytes = 0;
        runs = 0;
        base = newBase;
        firstInWindow = newBase.index() + 1;
    }

    private int slot(long index) {
        return (head + (int) (index - firstInWindow)) & (window.length - 1);
    }

    private int runOf(long index) {
        int found = Arrays.binarySearch(runFirstIndex, 0, runs, index);
        return found >= 0 ? found : -found - 2;
    }

    private void startRun(long index, long term) {
        long before = runs > 0 ? runTerm[runs - 1] : base.term();
        if (term < before) {
            throw new IllegalArgumentException("term " + term + " after term " + before);
        }
        if (runs == runTerm.length) {
            runFirstIndex = Arrays.copyOf(runFirstIndex, runs * 2);
            runTerm = Arrays.copyOf(runTerm, runs * 2);
        }
        runFirstIndex[runs] = index;
        runTerm[runs++] = term;
    }

    private void growWindow() {
        Entry[] grown = new Entry[window.length * 2];
        for (int i = 0; i < size; i++) {
            grown[i] = window[(head + i) & (window.length - 1)];
        }
        window = grown;
        head = 0;
    }
}

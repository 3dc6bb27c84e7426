package io.tenure.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Names of the log files in a node's folder, and the steps by which a pair is rolled and un-rolled. The folder is forced
 * after every step, so that a crash leaves one of these, in this order when rolling and backwards when un-rolling:
 *
 * <pre>
 * 0  logs.txt    logs.idx
 * 1  logs-F.txt  logs.idx
 * 2  logs-F.txt  logs-F.idx
 * 3  logs-F.txt  logs-F.idx  logs.txt (empty)
 * 4  logs-F.txt  logs-F.idx  logs.txt (empty)  logs.idx (empty)
 * </pre>
 *
 * Both files are forced before the first step; hence what bears a rolled name is known to be whole. Opening goes forwards
 * from 1, 2 and 3 to 4.
 */
final class LogFolder {
    static final String TEXT = "logs.txt";
    static final String INDEX = "logs.idx";

    private static final String ROLLED = "logs-";
    private static final String TEXT_END = ".txt";
    private static final String INDEX_END = ".idx";
    private static final String TEMPORARY = ".tmp";

    /** End of the name of a file that is to take the place of the one without this end. */
    private static final String REWRITTEN = ".rewritten";

    /** While it is there, all rewritten files are whole, and take their places whatever happens. */
    private static final String REWRITE_IS_WHOLE = "/rewrite-is-whole";

    private final Disk disk;
    private final String path;

    LogFolder(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    String path() {
        return path;
    }

    String text() {
        return path + '/' + TEXT;
    }

    String index() {
        return path + '/' + INDEX;
    }

    String rolledText(long firstIndex) {
        return path + '/' + ROLLED + firstIndex + TEXT_END;
    }

    String rolledIndex(long firstIndex) {
        return path + '/' + ROLLED + firstIndex + INDEX_END;
    }

    /**
     * Makes the folder, and its parents, as far as they are missing; and has durable the names that are in it: a process that
     * was killed between a step and its force leaves one that only the system's cache knows, and a step must not overtake it.
     */
    void create() throws IOException {
        for (int at = path.indexOf('/', 1); at >= 0; at = path.indexOf('/', at + 1)) {
            createFolder(path.substring(0, at));
        }
        createFolder(path);
        disk.forceFolder(path);
    }

    /** Room on its disk, in bytes. */
    long usableBytes() throws IOException {
        return disk.usableBytes(path);
    }

    /** Has the names in the folder durable, and that of the folder in the data directory. */
    void forceNames() throws IOException {
        disk.forceFolder(path);
        disk.forceFolder(parent(path));
    }

    /** Has the name of the data directory durable. */
    void forceDataName() throws IOException {
        disk.forceFolder(parent(parent(path)));
    }

    /** First indexes of the rolled pairs, in order; of each pair at least one file is there. */
    List<Long> rolled() throws IOException {
        SortedSet<Long> firstIndexes = new TreeSet<>();
        for (String name : disk.list(path)) {
            long firstIndex = rolledFirstIndex(name);
            if (firstIndex > 0) {
                firstIndexes.add(firstIndex);
            }
        }
        return new ArrayList<>(firstIndexes);
    }

    /** Whether the pair is in state 1: its text is rolled, its index not yet. */
    boolean isHalfRolled(long firstIndex) throws IOException {
        return disk.exists(rolledText(firstIndex))
                && !disk.exists(rolledIndex(firstIndex))
                && disk.exists(index())
                && !disk.exists(text());
    }

    /** From state 1 to 2. */
    void finishRoll(long firstIndex) throws IOException {
        disk.rename(index(), rolledIndex(firstIndex));
        disk.forceFolder(path);
    }

    /** Makes the files of the next pair under other names, so that rolling needs no more room. Can be done again. */
    void prepareRoll() throws IOException {
        createFile(text() + TEMPORARY);
        createFile(index() + TEMPORARY);
    }

    /** From state 0 to 4, after {@link #prepareRoll}; both files are forced, and closed. */
    void roll(long firstIndex) throws IOException {
        disk.rename(text(), rolledText(firstIndex));
        disk.forceFolder(path);
        finishRoll(firstIndex);
        disk.rename(text() + TEMPORARY, text());
        disk.forceFolder(path);
        disk.rename(index() + TEMPORARY, index());
        disk.forceFolder(path);
    }

    /** From state 4, where both files are empty, forced and closed, to 0. */
    void unroll(long firstIndex) throws IOException {
        disk.delete(index());
        disk.forceFolder(path);
        disk.delete(text());
        disk.forceFolder(path);
        disk.rename(rolledIndex(firstIndex), index());
        disk.forceFolder(path);
        disk.rename(rolledText(firstIndex), text());
        disk.forceFolder(path);
    }

    /** Makes what is missing of the current pair, from states 2 and 3 to 4. */
    void createFiles() throws IOException {
        createFile(text());
        createFile(index());
    }

    /** Deletes rolled pairs, and halves of them, whose first index is at most {@code index}. */
    void deleteRolled(long index) throws IOException {
        boolean changed = false;
        for (String name : disk.list(path)) {
            long firstIndex = rolledFirstIndex(name);
            if (firstIndex > 0 && firstIndex <= index) {
                disk.delete(path + '/' + name);
                changed = true;
            }
        }
        if (changed) {
            disk.forceFolder(path);
        }
    }

    /** Deletes all log files, which are closed. */
    void deleteAll() throws IOException {
        for (String name : disk.list(path)) {
            if (rolledFirstIndex(name) > 0 || name.equals(TEXT) || name.equals(INDEX)) {
                disk.delete(path + '/' + name);
            }
        }
        disk.forceFolder(path);
    }

    /** Deletes temporary files, which a process that broke off left. */
    void deleteLeftovers() throws IOException {
        for (String name : disk.list(path)) {
            if (name.endsWith(TEMPORARY) || name.equals(SnapshotFiles.INCOMING)) {
                disk.delete(path + '/' + name);
            }
        }
    }

    /** An empty file that is to take the place of the one at {@code file}, to be filled and forced. */
    DiskFile newRewritten(String file) throws IOException {
        if (disk.exists(file + REWRITTEN)) {
            disk.delete(file + REWRITTEN);
        }
        return disk.open(file + REWRITTEN);
    }

    /** Puts all rewritten files, which are forced and closed, in their places: all of them or, after a crash before that, none. */
    void commitRewrite() throws IOException {
        disk.forceFolder(path);
        createFile(path + REWRITE_IS_WHOLE);
        finishRewrite();
    }

    /** Goes on with a {@link #commitRewrite} that broke off, or drops what was written for one that never began. */
    void finishRewrite() throws IOException {
        boolean isWhole = disk.exists(path + REWRITE_IS_WHOLE);
        for (String name : disk.list(path)) {
            String file = path + '/' + name;
            if (name.endsWith(REWRITTEN) && isWhole) {
                disk.rename(file, file.substring(0, file.length() - REWRITTEN.length()));
            } else if (name.endsWith(REWRITTEN)) {
                disk.delete(file);
            }
        }
        if (isWhole) {
            disk.forceFolder(path);
            disk.delete(path + REWRITE_IS_WHOLE);
            disk.forceFolder(path);
        }
    }

    String snapshot() {
        return path + '/' + SnapshotFiles.NAME;
    }

    String incomingSnapshot() {
        return path + '/' + SnapshotFiles.INCOMING;
    }

    /** A file to be filled, forced and then given to {@link #replaceIndex}. */
    DiskFile newIndex() throws IOException {
        String temporary = index() + TEMPORARY;
        if (disk.exists(temporary)) {
            disk.delete(temporary);
        }
        return disk.open(temporary);
    }

    /** Puts the new index file in the place of the old one. */
    void replaceIndex() throws IOException {
        disk.rename(index() + TEMPORARY, index());
        disk.forceFolder(path);
    }

    /** What lies above {@code path}. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "." : slash == 0 ? "/" : path.substring(0, slash);
    }

    private void createFolder(String folder) throws IOException {
        if (!disk.exists(folder)) {
            disk.createFolder(folder);
            disk.forceFolder(parent(folder));
        }
    }

    private void createFile(String file) throws IOException {
        if (!disk.exists(file)) {
            try (DiskFile created = disk.open(file)) {
                created.force();
            }
            disk.forceFolder(path);
        }
    }

    private static long rolledFirstIndex(String name) {
        boolean named = name.startsWith(ROLLED) && (name.endsWith(TEXT_END) || name.endsWith(INDEX_END));
        String digits = named ? name.substring(ROLLED.length(), name.length() - TEXT_END.length()) : "";
        return digits.matches("[1-9][0-9]{0,17}") ? Long.parseLong(digits) : 0;
    }
}

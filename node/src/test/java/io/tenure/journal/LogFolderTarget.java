package io.tenure.journal;

import io.tenure.entry.LineEncoder;
import io.tenure.fuzz.Choices;
import io.tenure.fuzz.Spoiler;
import io.tenure.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node's folder of three log files, of which the input spoils any, or one copy of the metadata. It is refused with a
 * sentence and left as it was, or opens with every committed entry as it was written, and then opens again with the same
 * entries. {@code verify} says beforehand which of the two it will be, and changes nothing.
 */
public final class LogFolderTarget {
    private static final int ENTRIES = 24;
    private static final int GROUP = 3;
    private static final int COMMITTED = 18;
    private static final JournalLimits LIMITS = new JournalLimits(300, 1 << 20);
    private static final String METADATA = JournalFixture.FOLDER + "/metadata.txt";

    private static final List<String> WRITTEN = new ArrayList<>();
    private static final Map<String, byte[]> FILES = files();

    private LogFolderTarget() {}

    private static Map<String, byte[]> files() {
        CrashDisk disk = new CrashDisk();
        prepare(disk);
        try (Journal journal = JournalFixture.open(disk, LIMITS)) {
            for (int i = 1; i <= ENTRIES; i += GROUP) {
                Entry[] group = new Entry[GROUP];
                for (int j = 0; j < GROUP; j++) {
                    group[j] = (i + j) % 8 == 1 ? LineEncoder.noOp(1 + i / 8) : JournalFixture.set(i + j, 1 + i / 8);
                    WRITTEN.add(JournalFixture.describe(group[j]));
                }
                JournalFixture.write(journal, JournalFixture.append(i, i, group));
            }
            JournalFixture.write(journal, JournalFixture.state(ENTRIES + 1, 5, 2));
            journal.noteCommit(COMMITTED);
        }
        Map<String, byte[]> files = new TreeMap<>();
        for (String path : disk.contents().keySet()) {
            files.put(path, disk.content(path));
        }
        return files;
    }

    private static void prepare(CrashDisk disk) {
        try {
            disk.createFolder("data");
            disk.createFolder(JournalFixture.FOLDER);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs it. */
    public static void run(byte[] input) {
        CrashDisk disk = new CrashDisk();
        prepare(disk);
        FILES.forEach(disk::setContent);
        spoil(disk, Choices.of(input));
        Map<String, String> before = disk.contents();
        boolean damaged = JournalCheck.check(disk, JournalFixture.FOLDER).needsRepair();
        require(disk.contents().equals(before), "changed by verify");
        List<String> opened;
        try {
            opened = open(disk);
        } catch (JournalException e) {
            require(damaged, "verify finds nothing, but: " + e.getMessage());
            return;
        }
        require(!damaged, "verify finds damage, but it opens");
        require(opened.size() >= COMMITTED, "committed entries are gone: " + opened.size());
        for (int i = 0; i < COMMITTED; i++) {
            require(opened.get(i).equals(WRITTEN.get(i)), "another entry " + (i + 1) + ": " + opened.get(i));
        }
        require(open(disk).equals(opened), "other entries the second time");
    }

    private static void spoil(CrashDisk disk, Choices choices) {
        // What is committed is noted in one copy only: without it, and without the files, nobody can know of it.
        boolean isMetadata = choices.onceIn(5);
        List<String> paths = FILES.keySet().stream()
                .filter(path -> isMetadata ? path.equals(METADATA) : !path.contains("/metadata."))
                .toList();
        do {
            String path = paths.get(choices.below(paths.size()));
            if (choices.onceIn(16)) {
                disk.remove(path);
            } else if (disk.contents().containsKey(path)) {
                disk.setContent(path, Spoiler.bytes(disk.content(path), choices));
            }
        } while (!choices.isEmpty() && choices.flip());
    }

    private static List<String> open(CrashDisk disk) {
        try (Journal journal = JournalFixture.open(disk, LIMITS)) {
            return JournalFixture.describe(JournalFixture.readAll(journal));
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

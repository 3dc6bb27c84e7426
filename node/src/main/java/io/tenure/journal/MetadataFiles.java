package io.tenure.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The two copies of the metadata. Each is replaced atomically: temporary file, force, rename, force the folder. What a
 * caller must be able to rely on is written to both before it goes on, one after the other; so at any time at least one
 * of them is whole and holds all that was promised.
 */
final class MetadataFiles {
    static final String NAME = "metadata.txt";
    static final String COPY_NAME = "metadata.copy.txt";

    private static final String TEMPORARY = ".tmp";
    private static final int BYTES_MAX = 64 << 10;

    private final Disk disk;
    private final String folder;
    private boolean copyIsNewer;

    MetadataFiles(Disk disk, String folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /**
     * The newer of the valid copies, null if there are no copies.
     *
     * @throws JournalException if there are copies and none is valid
     */
    Metadata read() throws IOException {
        StringBuilder problems = new StringBuilder();
        Metadata main = read(NAME, problems);
        Metadata copy = read(COPY_NAME, problems);
        if (main == null && copy == null) {
            if (problems.isEmpty()) {
                return null;
            }
            throw new DamagedException(
                    "Damaged: " + problems + ". No copy of the metadata is left, so term and vote of this "
                            + "node are lost. Nothing was changed. " + JournalException.WAY_OUT);
        }
        copyIsNewer = main == null || (copy != null && copy.write() > main.write());
        return copyIsNewer ? copy : main;
    }

    /** Problems with the copies, empty if both are valid. */
    String problems() throws IOException {
        StringBuilder problems = new StringBuilder();
        read(NAME, problems);
        read(COPY_NAME, problems);
        return problems.toString();
    }

    /** Problems with the copies of a node that has started, so that both must be there; empty if both are valid. */
    String problemsOfBoth() throws IOException {
        StringBuilder problems = new StringBuilder(problems());
        for (String name : List.of(NAME, COPY_NAME)) {
            if (!disk.exists(folder + '/' + name)) {
                problems.append(problems.isEmpty() ? "" : "; ").append(folder + '/' + name + ": it is missing");
            }
        }
        return problems.toString();
    }

    /** Writes both copies; they are durable when this returns. Returns what it wrote. */
    Metadata write(Metadata metadata) throws IOException {
        Metadata next = metadata.next();
        prepare(NAME, next);
        prepare(COPY_NAME, next);
        adopt(List.of(NAME, COPY_NAME));
        copyIsNewer = true;
        return next;
    }

    /** Writes the older copy only, for news whose loss harms nobody. Returns what it wrote. */
    Metadata note(Metadata metadata) throws IOException {
        Metadata next = metadata.next();
        String name = copyIsNewer ? NAME : COPY_NAME;
        prepare(name, next);
        adopt(List.of(name));
        copyIsNewer = !copyIsNewer;
        return next;
    }

    private Metadata read(String name, StringBuilder problems) throws IOException {
        String path = folder + '/' + name;
        if (!disk.exists(path)) {
            return null;
        }
        byte[] bytes;
        try (DiskFile file = disk.openForReading(path)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(file.size(), BYTES_MAX));
            LineReader.readFully(file, 0, buffer);
            bytes = buffer.array();
        }
        try {
            return Metadata.parse(bytes);
        } catch (IllegalArgumentException e) {
            problems.append(problems.isEmpty() ? "" : "; ")
                    .append(path)
                    .append(": ")
                    .append(e.getMessage());
            return null;
        }
    }

    /** Puts what was prepared in its place. All of it is whole and forced: a crash in between leaves whole copies, old or new. */
    private void adopt(List<String> names) throws IOException {
        for (String name : names) {
            disk.rename(temporary(name), path(name));
        }
        disk.forceFolder(folder);
    }

    private String path(String name) {
        return folder + '/' + name;
    }

    private String temporary(String name) {
        return path(name) + TEMPORARY;
    }

    /** Has what is to take the place of a copy on disk, beside it. */
    private void prepare(String name, Metadata metadata) throws IOException {
        String temporary = temporary(name);
        if (disk.exists(temporary)) {
            disk.delete(temporary);
        }
        try (DiskFile file = disk.open(temporary)) {
            file.write(0, ByteBuffer.wrap(metadata.toBytes()));
            file.force();
        } catch (DiskFullException e) {
            // There may have been no room even for the name.
            if (disk.exists(temporary)) {
                disk.delete(temporary);
            }
            throw e;
        }
    }
}

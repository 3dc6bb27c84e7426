package io.tenure.journal;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A snapshot file: refused with file and line, or written again to the same bytes. The input is read as it is, and as one
 * part with checksums and a count that are right.
 */
public final class SnapshotTarget {
    private static final String FOLDER = "data";
    private static final String FILE = FOLDER + "/snapshot.txt";

    private SnapshotTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        try {
            read(input);
            read(closed(input));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(byte[] bytes) throws IOException {
        CrashDisk disk = new CrashDisk();
        disk.createFolder(FOLDER);
        disk.setContent(FILE, bytes);
        Content content = new Content();
        try {
            SnapshotHeader header = new SnapshotReader(disk, FILE).read(content);
            require(header.equals(content.header), "another header");
            require(new SnapshotReader(disk, FILE).readHeader().equals(header), "another header at first sight");
        } catch (SnapshotDamagedException e) {
            require(e.file().equals(FILE) && e.line() >= 0, "a refusal that does not help: " + e.getMessage());
            return;
        }
        try (SnapshotWriter writer = new SnapshotWriter(disk, FOLDER, content.header)) {
            for (SessionRecord session : content.sessions) {
                writer.session(session);
            }
            for (byte[] value : content.values) {
                writer.value(value);
            }
            writer.finish();
        }
        require(Arrays.equals(disk.content(FOLDER + "/snapshot.tmp"), bytes), "written otherwise");
    }

    private static byte[] closed(byte[] input) {
        String part = new String(input, StandardCharsets.ISO_8859_1);
        long values = part.lines().filter(line -> line.startsWith("SET ")).count();
        String parts = part + "part " + checksum(part) + "\n";
        return (parts + "end " + values + " " + checksum(parts) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", crc.getValue());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static final class Content implements SnapshotVisitor {
        private final List<SessionRecord> sessions = new ArrayList<>();
        private final List<byte[]> values = new ArrayList<>();
        private SnapshotHeader header;

        @Override
        public void begin(SnapshotHeader found) {
            header = found;
        }

        @Override
        public void session(SessionRecord session) {
            sessions.add(session);
        }

        @Override
        public void value(byte[] keyValue) {
            values.add(keyValue);
        }
    }
}

package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format of a snapshot: what is written comes back, and nothing else is accepted. */
final class SnapshotFileTest {
    private static final String FILE = FOLDER + "/snapshot.tmp";
    private static final SnapshotHeader HEADER = new SnapshotHeader(new EntryId(90, 4), 2500, 30, 12);
    private static final List<SessionRecord> SESSIONS = List.of(
            new SessionRecord(-7, 30, 3, 60, List.of(60L, 0L, 12L)),
            new SessionRecord(Long.MAX_VALUE, 0, Long.MAX_VALUE, 90, List.of()));

    private final CrashDisk disk = new CrashDisk();

    @BeforeEach
    void makeFolder() throws IOException {
        new LogFolder(disk, FOLDER).create();
    }

    /** Writes down all it sees. */
    static final class Seen implements JournalVisitor {
        final List<String> all = new ArrayList<>();

        @Override
        public void begin(SnapshotHeader header) {
            all.add(header.toString());
        }

        @Override
        public void session(SessionRecord session) {
            all.add(session.toString());
        }

        @Override
        public void value(byte[] keyValue) {
            all.add(KeyValue.key(keyValue) + '=' + KeyValue.value(keyValue));
        }

        @Override
        public void visit(long index, Entry entry, boolean committed, boolean tagLost) {
            all.add(index + " " + JournalFixture.line(entry).strip());
        }
    }

    static void write(Disk disk, SnapshotHeader header, List<SessionRecord> sessions, Map<String, String> values)
            throws IOException {
        try (SnapshotWriter writer = new SnapshotWriter(disk, FOLDER, header)) {
            for (SessionRecord session : sessions) {
                writer.session(session);
            }
            for (var value : values.entrySet()) {
                writer.value(KeyValue.of(value.getKey(), value.getValue()));
            }
            writer.finish();
        }
    }

    private List<String> read() throws IOException {
        Seen seen = new Seen();
        assertThat(new SnapshotReader(disk, FILE).read(seen)).isEqualTo(HEADER);
        return seen.all;
    }

    @Test
    void isReadable() throws IOException {
        write(disk, HEADER, SESSIONS, new TreeMap<>(Map.of("name1", "Sam", "name3", "Aujla Singh", "", "é")));
        assertThat(new String(disk.content(FILE), StandardCharsets.UTF_8)
                        .replaceAll("part .{8}\n", "part\n")
                        .replaceAll(" .{8}\n$", " crc\n"))
                .isEqualTo("""
                        tenure-snapshot 1
                        last 90 4
                        leasePromisedMillisMax 2500
                        evictedUpTo 30
                        tagsLostUpTo 12
                        session -7 30 3 60 60 0 12
                        session 9223372036854775807 0 9223372036854775807 90
                        SET \\e é
                        SET name1 Sam
                        SET name3 Aujla\\sSingh
                        part
                        end 3 crc
                        """);
        assertThat(read())
                .containsExactly(
                        HEADER.toString(),
                        SESSIONS.get(0).toString(),
                        SESSIONS.get(1).toString(),
                        "=é",
                        "name1=Sam",
                        "name3=Aujla Singh");
    }

    /** Many parts, values larger than a part and than a piece, and every kind of character. */
    @Test
    void whatWasWrittenComesBack() throws IOException {
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            values.put("key " + i, "\u0000\t\n\\\u2028é\ud83d\ude00 " + i);
        }
        values.put("large", "v".repeat(3 << 20));
        values.put("large escaped", "\n".repeat(1 << 20));
        List<String> expected = new ArrayList<>(List.of(HEADER.toString()));
        values.forEach((key, value) -> expected.add(key + '=' + value));
        write(disk, HEADER, List.of(), values);
        assertThat(read().equals(expected)).isTrue();
        assertThat(new SnapshotReader(disk, FILE).readHeader()).isEqualTo(HEADER);
    }

    /** What the visitor sees before the error is a beginning of what was written. */
    @Test
    void everyFlippedBitIsFound() throws IOException {
        TreeMap<String, String> values = new TreeMap<>();
        for (int i = 0; i < 8; i++) {
            values.put("key " + i, i % 4 == 3 ? "v".repeat(70_000) : "é" + i);
        }
        write(disk, HEADER, SESSIONS, values);
        byte[] good = disk.content(FILE);
        List<String> whole = read();
        for (int at = 0; at < good.length; at += at % 70_000 < 1_000 ? 1 : 997) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                disk.setContent(FILE, bad);
                Seen seen = new Seen();
                assertThatThrownBy(() -> new SnapshotReader(disk, FILE).read(seen))
                        .as("byte %d bit %d", at, bit)
                        .isInstanceOf(SnapshotDamagedException.class)
                        .hasMessageMatching("(?s)data/logs_node_0/snapshot.tmp, line [0-9]+: .*");
                assertThat(seen.all).isEqualTo(whole.subList(0, seen.all.size()));
            }
        }
    }

    @Test
    void everyShorterFileIsNoSnapshot() throws IOException {
        write(disk, HEADER, SESSIONS, new TreeMap<>(Map.of("a", "1", "b", "2")));
        byte[] good = disk.content(FILE);
        for (int size = 0; size < good.length; size++) {
            disk.setContent(FILE, Arrays.copyOf(good, size));
            assertThatThrownBy(() -> new SnapshotReader(disk, FILE).read(new Seen()))
                    .isInstanceOf(SnapshotDamagedException.class);
            assertThatThrownBy(() -> new SnapshotReader(disk, FILE).readHeader())
                    .isInstanceOf(SnapshotDamagedException.class);
        }
        disk.setContent(FILE, JournalFixture.concat(good, new byte[] {'\n'}));
        assertThatThrownBy(() -> new SnapshotReader(disk, FILE).read(new Seen()))
                .hasMessageEndingWith("there is something after the end");
    }

    /** Good checksums alone are not enough. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenure-snapshot 2\nlast 90 4\nleasePromisedMillisMax 2500\nevictedUpTo 30\ntagsLostUpTo 12\n",
                "tenure-snapshot 1\nlast 0 4\nleasePromisedMillisMax 2500\nevictedUpTo 0\ntagsLostUpTo 0\n",
                "tenure-snapshot 1\nlast 90 4\nleasePromisedMillisMax 2500\nevictedUpTo 91\ntagsLostUpTo 12\n",
                "tenure-snapshot 1\nlast 90 4\nleasePromisedMillisMax 02500\nevictedUpTo 30\ntagsLostUpTo 12\n",
                "tenure-snapshot 1\nlast 90 4\nleasePromisedMillisMax 2500\nevictedUpTo 30\n",
                "HEAD SET b 1\nSET a 1\n",
                "HEAD SET a 1\nSET a 1\n",
                "HEAD SET a  1\n",
                "HEAD SET a 1 2\n",
                "HEAD SET \\u0061 1\n",
                "HEAD SET a 1\nsession 1 0 1 1 1\n",
                "HEAD session 1 0 1\n",
                "HEAD session 1 0 1 91 1\n",
                "HEAD session x 0 1 1 1\n",
                "HEAD DEL a\n",
                "HEAD \n"
            })
    void otherFormsAreRefused(String text) throws IOException {
        String head = "tenure-snapshot 1\nlast 90 4\nleasePromisedMillisMax 2500\nevictedUpTo 30\ntagsLostUpTo 12\n";
        String part = text.replace("HEAD ", head);
        part += "part " + crc(part) + "\n";
        long values = part.lines().filter(line -> line.startsWith("SET")).count();
        disk.setContent(FILE, (part + "end " + values + " " + crc(part) + "\n").getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new SnapshotReader(disk, FILE).read(new Seen()))
                .isInstanceOf(SnapshotDamagedException.class)
                .hasMessageMatching("(?s).*, line [1-9]: .*");
    }

    @Test
    void keysMustAscend() throws IOException {
        try (SnapshotWriter writer = new SnapshotWriter(disk, FOLDER, HEADER)) {
            writer.value(KeyValue.of("b", "1"));
            assertThatThrownBy(() -> writer.value(KeyValue.of("b", "2"))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.session(SESSIONS.get(0))).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> new SnapshotReader(disk, FILE).readHeader())
                .isInstanceOf(SnapshotDamagedException.class)
                .hasMessageEndingWith("the file has no end");
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }
}

package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.KnownPeer;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataTest {
    private static final Metadata METADATA = Metadata.first(new Identity("a b", 3), 77)
            .withHardState(new HardState(5, 2, 350))
            .withCommitted(18)
            .withBoot(4);

    private static final String OLDER = """
            format 1
            cluster a\\sb
            node 3
            incarnation 77
            bootCount 1
            term 5
            votedFor 2
            leasePromisedMillisMax 350
            committed 18
            tagsLostUpTo 4
            write 0
            """;

    @Test
    void isReadAsItIsWritten() {
        Metadata installing = METADATA.withLogStart(new LogStart(new EntryId(9, 4), 300, -1))
                .withInstall(new EntryId(20, 5))
                .withHardState(new HardState(5, HardState.FORGOTTEN_VOTE, 350, true))
                .withPeers(List.of(new KnownPeer(0, -8, 3, 99), new KnownPeer(1, 7, KnownPeer.SHUT_OUT, 0)))
                .next();

        assertThat(Metadata.parse(METADATA.toBytes())).isEqualTo(METADATA);
        assertThat(Metadata.parse(installing.toBytes())).isEqualTo(installing);
    }

    @Test
    void theFormatBeforeSnapshotsIsRead() {
        assertThat(Metadata.parse(sealed(OLDER))).isEqualTo(METADATA);
    }

    @ParameterizedTest
    @CsvSource({
        "node 3, node 4294967299", // the same in 32 bits
        "node 3, node 03",
        "node 3, node +3",
        "votedFor 2, votedFor -1",
        "votedFor 2, votedFor 02",
        "votedFor 2, votedFor -2",
        "committed 18, committed \u0661\u0668",
    })
    void whatIsSpeltOtherwiseIsDamaged(String good, String bad) {
        assertThat(OLDER).contains(good);
        assertThatThrownBy(() -> Metadata.parse(sealed(OLDER.replace(good, bad))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it is not spelt as it would be written");
    }

    private static byte[] sealed(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return (lines + String.format("checksum %08x%n", crc.getValue())).getBytes(StandardCharsets.UTF_8);
    }

    /** What the version before snapshots wrote. */
    @Test
    void olderMetadataIsRead() {
        CrashDisk disk = new CrashDisk();
        Journal journal = JournalFixture.open(disk);
        write(journal, JournalFixture.state(1, 4, 2), append(2, 1, set(1, 4)));
        journal.noteCommit(1);
        journal.close();
        for (String copy : List.of("/metadata.txt", "/metadata.copy.txt")) {
            String text = new String(disk.content(FOLDER + copy), StandardCharsets.UTF_8);
            String lines = text.replace("format 2", "format 1")
                    .replaceAll("(?m)^(logStart|install|rejoining|checksum) .*\n", "");
            CRC32C crc = new CRC32C();
            crc.update(lines.getBytes(StandardCharsets.UTF_8));
            lines += String.format("checksum %08x\n", crc.getValue());
            disk.setContent(FOLDER + copy, lines.getBytes(StandardCharsets.UTF_8));
        }
        Recovery recovery = JournalFixture.open(disk).recovery();
        assertThat(recovery.commitIndex()).isEqualTo(1);
        assertThat(recovery.hardState().term()).isEqualTo(4);
        assertThat(recovery.bootCount()).isEqualTo(2);
        assertThat(new String(disk.content(FOLDER + "/metadata.txt"), StandardCharsets.UTF_8))
                .startsWith("format 2\n");
    }
}

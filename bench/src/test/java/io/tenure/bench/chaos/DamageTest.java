package io.tenure.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamageTest {
    private static final int RECORD = 48;

    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.write(folder.resolve("logs-1.txt"), new byte[700]);
        Files.write(folder.resolve("logs-1.idx"), new byte[10 * RECORD]);
        Files.write(folder.resolve("logs.txt"), new byte[300]);
        Files.write(folder.resolve("logs.idx"), new byte[5 * RECORD]);
        Files.write(folder.resolve("logs.idx.tmp"), new byte[1]);
        Files.writeString(folder.resolve("metadata.txt"), "format 1\ncommitted 12\nwrite 3\n");
        Files.writeString(folder.resolve("metadata.copy.txt"), "format 1\ncommitted 12\nwrite 2\n");
    }

    @Test
    void oneBitFlipsAndIsSeenToBePutRight() throws Exception {
        Set<Path> hit = new HashSet<>();
        Damage damage = new Damage(folder, new Random(1), file -> {});
        for (int i = 0; i < 50; i++) {
            Damage.Flip flip = damage.flip(Damage.Target.LOG);
            byte[] bytes = Files.readAllBytes(flip.file());
            assertThat(Integer.bitCount(bytes[(int) flip.offset()] & 0xff)).isEqualTo(1);
            assertThat(flip.isUndone()).isFalse();
            bytes[(int) flip.offset()] = flip.before();
            assertThat(bytes).containsOnly(0);
            Files.write(flip.file(), bytes);
            assertThat(flip.isUndone()).isTrue();
            hit.add(flip.file().getFileName());
        }
        assertThat(hit).containsExactlyInAnyOrder(Path.of("logs-1.txt"), Path.of("logs.txt"));
    }

    @Test
    void filesGoByTheirKind() throws Exception {
        Damage damage = new Damage(folder, new Random(1), file -> {});
        assertThat(damage.files(Damage.Target.INDEX))
                .containsExactly(folder.resolve("logs-1.idx"), folder.resolve("logs.idx"));
        assertThat(damage.files(Damage.Target.ROLLED)).containsExactly(folder.resolve("logs-1.txt"));
        assertThat(damage.files(Damage.Target.METADATA)).hasSize(2);
        assertThatThrownBy(() -> damage.flip(Damage.Target.SNAPSHOT))
                .isInstanceOf(IOException.class)
                .hasMessage("no file with anything in it of kind SNAPSHOT in " + folder);
    }

    @Test
    void aTornTailTakesNothingThatWasKnownToBeOnDisk() throws Exception {
        Set<String> seen = new HashSet<>();
        Damage damage = new Damage(folder, new Random(1), file -> {});
        for (int i = 0; i < 60; i++) {
            files();
            seen.add(damage.tearTail());
            assertThat(Files.size(folder.resolve("logs.txt"))).isGreaterThanOrEqualTo(300);
            assertThat(Files.size(folder.resolve("logs.idx"))).isGreaterThanOrEqualTo(4 * RECORD);
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "half a line in logs.txt",
                        "zeros in logs.txt",
                        "part of a record in logs.idx",
                        "the last record in logs.idx not whole");
    }

    @Test
    void aRecordOfACommittedEntryIsNotTornOff() throws Exception {
        Files.writeString(folder.resolve("metadata.txt"), "committed 15\n");
        Damage damage = new Damage(folder, new Random(1), file -> {});
        for (int i = 0; i < 30; i++) {
            damage.tearTail();
            assertThat(Files.size(folder.resolve("logs.idx"))).isGreaterThanOrEqualTo(5 * RECORD);
            Files.write(folder.resolve("logs.idx"), new byte[5 * RECORD]);
        }
    }

    @Test
    void anEntryIsFoundInWhicheverFileHoldsIt() throws Exception {
        Files.writeString(folder.resolve("logs-1.txt"), "NO-OP 0\nSET a 1 0\n");
        Files.writeString(folder.resolve("logs.txt"), "SET b 2 0\nSET c 3 0\n");
        Damage damage = new Damage(folder, new Random(1), file -> {});
        Damage.Flip second = damage.flipEntry(2);
        assertThat(second.file()).isEqualTo(folder.resolve("logs-1.txt"));
        assertThat(second.offset()).isBetween(8L, 17L);
        Damage.Flip fourth = damage.flipEntry(4);
        assertThat(fourth.file()).isEqualTo(folder.resolve("logs.txt"));
        assertThat(fourth.offset()).isBetween(10L, 19L);
        assertThatThrownBy(() -> damage.flipEntry(9)).hasMessage("no entry 9 in " + folder);
    }

    @Test
    void aLogIsCutInItsLastHalf() throws Exception {
        new Damage(folder, new Random(1), file -> {}).cutLog();
        assertThat(Files.size(folder.resolve("logs.txt"))).isBetween(150L, 225L);
    }
}

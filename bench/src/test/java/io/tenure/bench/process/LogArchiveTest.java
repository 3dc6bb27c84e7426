package io.tenure.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogArchiveTest {
    @TempDir
    Path folder;

    private ProcessCluster cluster;
    private Path data;
    private Path rolled;

    @BeforeEach
    void aNodeHasRolledItsLog() throws IOException {
        cluster = new ProcessCluster(ClusterPlan.of(1, folder.resolve("no.jar"), folder, "lan"));
        data = Files.createDirectories(cluster.dataFolder(0));
        rolled = Files.writeString(data.resolve("logs-1.txt"), "SET a 1 0\nSET b 2 0\n");
        Files.writeString(data.resolve("logs.txt"), "SET c 3 0\n");
    }

    @Test
    void whatNodesHaveDeletedIsKept() throws IOException {
        try (LogArchive archive = new LogArchive(cluster)) {
            archive.beforeDamage(data.resolve("logs.txt"));
            compact();
            assertWhole(archive);
        }
    }

    @Test
    void damageIsNotKept() throws IOException {
        try (LogArchive archive = new LogArchive(cluster)) {
            archive.beforeDamage(rolled);
            damage(rolled);
            archive.beforeDamage(rolled);
            compact();
            assertWhole(archive);
        }
    }

    @Test
    void aFileThatTookItsNameIsKeptInstead() throws IOException {
        try (LogArchive archive = new LogArchive(cluster)) {
            archive.beforeDamage(rolled);
            Path other = Files.writeString(data.resolve("other"), "SET a 1 0\nSET b 3 1\n");
            Files.move(other, rolled, StandardCopyOption.REPLACE_EXISTING);
            archive.beforeDamage(data.resolve("logs.txt"));
            compact();
            assertThat(archive.whole(new ArrayList<>()).lines()).containsExactly("SET a 1 0", "SET b 3 1", "SET c 3 0");
        }
    }

    private void compact() throws IOException {
        Files.writeString(data.resolve("metadata.txt"), "format 2\nlogStart 2 0 0 0\n");
        Files.delete(rolled);
    }

    private static void damage(Path file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(4);
            access.writeByte('x');
        }
    }

    private static void assertWhole(LogArchive archive) throws IOException {
        List<String> problems = new ArrayList<>();
        assertThat(archive.whole(problems).lines()).containsExactly("SET a 1 0", "SET b 2 0", "SET c 3 0");
        assertThat(problems).isEmpty();
    }
}

package io.tenure.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTextTest {
    @TempDir
    Path folder;

    @Test
    void segmentsComeInTheirOrder() throws Exception {
        Files.writeString(folder.resolve("logs.txt"), "SET c 3 1\nSET d");
        Files.writeString(folder.resolve("logs-1.txt"), "NO-OP 0\n");
        Files.writeString(folder.resolve("logs-10.txt"), "SET b 2 0\n");
        Files.writeString(folder.resolve("logs-2.txt"), "SET a 1 0\n");
        Files.writeString(folder.resolve("logs-2.idx"), "?");
        Files.writeString(folder.resolve("dump.txt"), "?");
        LogText log = LogText.read(folder);
        assertThat(log.lines()).containsExactly("NO-OP 0", "SET a 1 0", "SET b 2 0", "SET c 3 1");
        assertThat(log.sets()).containsExactly("SET a 1 0", "SET b 2 0", "SET c 3 1");
    }

    @Test
    void aLogMayBeginLate() throws Exception {
        Files.writeString(folder.resolve("logs.txt"), "SET c 3 1\nSET d");
        assertThat(LogText.read(folder).firstIndex()).isEqualTo(1);
        Files.writeString(folder.resolve("metadata.txt"), "format 1\nlogStart 41 3 700 0badcafe\n");
        LogText log = LogText.read(folder);
        assertThat(log.firstIndex()).isEqualTo(42);
        assertThat(log.lastIndex()).isEqualTo(42);
        Files.writeString(folder.resolve("logs-50.txt"), "NO-OP 0\nNO-OP 1\n");
        assertThat(LogText.read(folder).firstIndex()).isEqualTo(50);
        assertThat(LogText.read(folder).lastIndex()).isEqualTo(52);
    }

    @Test
    void differencesAreFound() {
        LogText log = new LogText("a\nb\n");
        assertThat(log.firstDifference(new LogText("a\nb\n"))).isEqualTo(-1);
        assertThat(log.firstDifference(new LogText("a\nc\n"))).isEqualTo(1);
        assertThat(log.firstDifference(new LogText("a\n"))).isEqualTo(1);
        assertThat(new LogText("").firstDifference(log)).isZero();
    }
}

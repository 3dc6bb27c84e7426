package io.tenure.journal;

import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tenure.entry.LineEncoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on real files. */
final class FileDiskTest {
    private static final long DEADLINE_SECONDS = 30;

    @TempDir
    private Path temporary;

    private String folder() {
        return temporary + "/data/logs_node_0";
    }

    private Journal open(JournalLimits limits) {
        return Journal.open(
                new FileDisk(),
                folder(),
                JournalFixture.IDENTITY,
                limits,
                JournalFixture.random(),
                (index, entry, committed, tagLost) -> {});
    }

    @Test
    void tellsAFullDiskFromOtherErrors() throws IOException {
        FileDisk disk = new FileDisk();
        assertThat(disk.usableBytes(temporary.toString())).isPositive();
        assertThatThrownBy(() -> disk.usableBytes(temporary + "/none")).isInstanceOf(IOException.class);
        assumeThat(Path.of("/dev/full")).exists();
        try (DiskFile full = disk.open("/dev/full")) {
            assertThatThrownBy(() -> full.write(0, ByteBuffer.allocate(8)))
                    .isInstanceOf(DiskFullException.class)
                    .hasMessageContaining("/dev/full");
        }
    }

    /** In a language that nobody has foreseen, what is left on the disk tells; and where nothing is short it is another error. */
    @Test
    void tellsAFullDiskFromOtherErrorsWithoutKnowingTheWords() throws IOException {
        assumeThat(Path.of("/dev/full")).exists();
        try (DiskFile full = new FileDisk(new Room(List.of(), 4096)).open("/dev/full")) {
            assertThatThrownBy(() -> full.write(0, ByteBuffer.allocate(8))).isInstanceOf(DiskFullException.class);
        }
        try (DiskFile full = new FileDisk(new Room(List.of(), 1 << 20)).open("/dev/full")) {
            assertThatThrownBy(() -> full.write(0, ByteBuffer.allocate(8)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(DiskFullException.class);
            assertThatThrownBy(() -> full.write(0, ByteBuffer.allocate(1 << 20)))
                    .as("more than is left")
                    .isInstanceOf(DiskFullException.class);
        }
        FileDisk little = new FileDisk(new Room(List.of(), 0));
        assertThatThrownBy(() -> little.open(temporary + "/none/file"))
                .as("a missing folder")
                .isInstanceOf(NoSuchFileException.class);
    }

    /** What the system says in the language of this process is learned from a device that is always full. */
    @Test
    void knowsTheWordsOfThisProcess() throws IOException {
        assumeThat(Path.of("/dev/full")).exists();
        String words = "";
        try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            full.write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            words = e.getMessage();
        }
        assertThat(FileDisk.wordsOfMachine()).contains(words);
    }

    private record Room(List<String> fullWords, long bytes) implements FileDisk.Room {
        @Override
        public long usableBytes(Path path) {
            return bytes;
        }
    }

    @Test
    void keepsRollsTruncatesAndReads() throws IOException {
        JournalLimits limits = new JournalLimits(50, 1 << 20);
        try (Journal journal = open(limits)) {
            write(journal, append(1, 1, LineEncoder.noOp(0)));
            for (int i = 2; i < 20; i++) {
                write(journal, append(i, i, set(i, 0)));
            }
            write(journal, JournalFixture.replace(20, 12, set(30, 1)), JournalFixture.state(21, 1, 2));
            journal.noteCommit(12);
            assertThat(JournalFixture.readAll(journal)).hasSize(12);
        }
        assertThat(Files.readString(Path.of(folder(), "logs-1.txt"))).startsWith("NO-OP 0\nSET key\\s2 value2 0\n");
        try (Journal journal = open(limits)) {
            assertThat(journal.lastIndex()).isEqualTo(12);
            assertThat(journal.recovery().commitIndex()).isEqualTo(12);
            assertThat(journal.recovery().bootCount()).isEqualTo(2);
        }
        JournalCheck.Report report = JournalCheck.check(new FileDisk(), folder());
        assertThat(report.problems()).isEmpty();
        assertThat(report.entries()).isEqualTo(12);
    }

    @Test
    void secondNodeInThisProcessIsRefused() {
        try (Journal journal = open(JournalLimits.DEFAULT)) {
            assertThatThrownBy(() -> open(JournalLimits.DEFAULT))
                    .isInstanceOf(JournalException.class)
                    .hasMessage("Can't use " + folder() + ": " + folder() + " is in use by process "
                            + ProcessHandle.current().pid() + ": only one node can use a folder");
            write(journal, append(1, 1, set(1, 0)));
        }
        open(JournalLimits.DEFAULT).close();
    }

    @Test
    void nodeInAnotherProcessIsNamed() throws IOException, InterruptedException {
        Files.createDirectories(Path.of(folder()));
        Process holder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = holder.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> open(JournalLimits.DEFAULT))
                    .hasMessageContaining("is in use by process " + holder.pid());
        } finally {
            holder.destroyForcibly();
            assertThat(holder.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        open(JournalLimits.DEFAULT).close();
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(temporary.resolve("data"), "a file");
        assertThatThrownBy(() -> open(JournalLimits.DEFAULT))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("Can't use " + folder() + ": FileSystemException: ");
    }

    /** Another process that takes the folder until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws IOException {
            try (FolderLock lock = new FileDisk().lock(args[0])) {
                System.out.println("held");
                // Until the parent, whose end of the pipe this is, goes away.
                int end = System.in.read();
                System.out.println(lock + " " + end);
            }
        }
    }
}

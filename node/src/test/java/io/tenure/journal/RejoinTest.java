package io.tenure.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.KnownPeer;
import io.tenure.raft.HardState;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stopped node's folder is replaced by one that knows that it knows nothing. */
class RejoinTest {
    private static final Identity IDENTITY = new Identity("tenure", 0);
    private static final KnownPeer PEER = new KnownPeer(1, 5, 6, 7);

    @TempDir
    private Path data;

    @Test
    void theNewFolderIsEmptyAndKnowsWhatItHasForgotten() throws IOException {
        long incarnation = fill();
        String old = rejoin(new FileDisk(), 10_000);

        assertThat(old).isEqualTo(folder() + ".old-1");
        assertThat(Files.readString(Path.of(old, "logs.txt"))).isEqualTo(JournalFixture.line(JournalFixture.set(1, 2)));
        try (Journal journal = open()) {
            assertThat(journal.recovery().hardState()).isEqualTo(HardState.forgotten(10_000));
            assertThat(journal.recovery().incarnation()).isNotEqualTo(incarnation);
            assertThat(journal.recovery().bootCount()).isEqualTo(1);
            assertThat(journal.recovery().peers())
                    .as("what an old copy knows of its peers is old, too")
                    .isEmpty();
            assertThat(journal.lastIndex()).isZero();
        }
        assertThat(rejoin(new FileDisk(), 10_000))
                .as("nothing is ever written over")
                .isEqualTo(folder() + ".old-2");
        assertThat(Files.exists(Path.of(old, "logs.txt"))).isTrue();
    }

    @Test
    void aLongerPromiseThanAnyMemberMayAskForNowIsWaitedForToo() {
        fill();
        rejoin(new FileDisk(), 100);
        try (Journal journal = open()) {
            assertThat(journal.recovery().hardState().leasePromisedMillisMax()).isEqualTo(2500);
        }
    }

    @Test
    void aFolderThatIsGoneIsMade() {
        assertThat(rejoin(new FileDisk(), 10_000)).isNull();
        try (Journal journal = open()) {
            assertThat(journal.recovery().hardState().rejoining()).isTrue();
        }
    }

    @Test
    void aFolderWithoutMetadataIsReplaced() throws IOException {
        fill();
        for (String name : List.of("metadata.txt", "metadata.copy.txt")) {
            Files.writeString(Path.of(folder(), name), "rotten");
        }
        assertThat(rejoin(new FileDisk(), 10_000)).isNotNull();
        open().close();
    }

    @Test
    void aFolderInUseIsNotTouched() throws IOException {
        try (Journal journal = open()) {
            assertThatThrownBy(() -> rejoin(new FileDisk(), 10_000))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(
                            "is in use by process " + ProcessHandle.current().pid());
            assertThat(journal.lastIndex()).isZero();
        }
        assertThat(names()).containsExactly("logs_node_0");
    }

    @Test
    void anotherNodesFolderIsNotTouched() throws IOException {
        fill();
        assertThatThrownBy(
                        () -> Rejoin.begin(new FileDisk(), folder(), new Identity("tenure", 1), 10_000, new Random(1)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("belongs to");
        assertThat(names()).containsExactly("logs_node_0");
    }

    /** However far it got, it is done by doing it again; and no start in between is one with memory lost unawares. */
    @Test
    void itMayBreakOffAnywhere() throws IOException {
        for (int calls = 0; ; calls++) {
            Path parent = data;
            data = Files.createDirectory(parent.resolve("run" + calls));
            fill();
            boolean done = rejoinUpTo(calls);
            rejoin(new FileDisk(), 10_000);
            try (Journal journal = open()) {
                assertThat(journal.recovery().hardState().rejoining())
                        .as("%d calls", calls)
                        .isTrue();
            }
            assertThat(names())
                    .as("%d calls", calls)
                    .contains("logs_node_0.old-1")
                    .doesNotContain("logs_node_0.new");
            data = parent;
            if (done) {
                assertThat(calls).isGreaterThan(20);
                return;
            }
        }
    }

    private boolean rejoinUpTo(int calls) {
        int[] left = {calls};
        FileDisk disk = new FileDisk();
        Disk breaking = (Disk) Proxy.newProxyInstance(
                RejoinTest.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, args) -> {
                    if (left[0]-- == 0) {
                        throw new IOException("gone");
                    }
                    try {
                        return method.invoke(disk, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        try {
            rejoin(breaking, 10_000);
            return true;
        } catch (JournalException e) {
            assertThat(e).hasMessageContaining("gone");
            return false;
        }
    }

    private long fill() {
        try (Journal journal = open()) {
            JournalFixture.write(
                    journal, JournalFixture.state(1, 2, 1), JournalFixture.append(2, 1, JournalFixture.set(1, 2)));
            journal.notePeers(List.of(PEER));
            return journal.recovery().incarnation();
        }
    }

    private Journal open() {
        return Journal.open(
                new FileDisk(),
                folder(),
                IDENTITY,
                JournalLimits.DEFAULT,
                new Random(9),
                (index, entry, committed, tagLost) -> {});
    }

    private String rejoin(Disk disk, long leaseMillisMax) {
        return Rejoin.begin(disk, folder(), IDENTITY, leaseMillisMax, new Random());
    }

    private String folder() {
        return data.resolve("logs_node_0").toString();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> paths = Files.list(data)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}

package io.tenure.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.journal.Disk;
import io.tenure.journal.DiskFile;
import io.tenure.journal.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    private static final long FORCE_NANOS = 1_000_000;

    private final Timeline timeline = new Timeline();
    private SimDisk disk = newDisk(1);
    private Disk process = disk.mount();

    @Test
    void whatWasForcedSurvivesAndNothingElseIsSure() throws IOException {
        TreeSet<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            fresh(seed);
            DiskFile file = createForced("f", "A".repeat(512));
            file.write(512, bytes("B".repeat(512)));
            file.write(1024, bytes("C".repeat(512)));
            passTime();
            disk.onPowerLoss(0.3);
            String after = contentAfterRestart("f");
            assertThat(after).startsWith("A".repeat(512));
            assertThat(after.length()).isIn(512, 1024, 1536);
            outcomes.add(summary(after));
        }
        // Sizes and sectors survive independently: holes of zeros, too.
        assertThat(outcomes).contains("A", "AB", "ABC", "A0", "A0C", "AB0", "A00");
    }

    @Test
    void aSectorKeepsOneOfItsContentsSinceTheLastForce() throws IOException {
        TreeSet<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < 100; seed++) {
            fresh(seed);
            DiskFile file = createForced("f", "A".repeat(512));
            file.write(0, bytes("B".repeat(512)));
            file.truncate(0);
            file.write(0, bytes("C".repeat(512)));
            passTime();
            disk.onPowerLoss(0.2);
            outcomes.add(summary(contentAfterRestart("f")));
        }
        assertThat(outcomes).contains("A", "B", "C", "0", "");
    }

    @Test
    void toWriteOverWhatIsThereTakesNoRoom() throws IOException {
        DiskFile file = createForced("f", "AAA");
        file.write(1, bytes("B"));
        disk.fill(0);
        file.write(0, bytes("C"));
        assertThatThrownBy(() -> file.write(2, bytes("DD")))
                .isInstanceOf(DiskFullException.class)
                .hasMessageContaining("no room for 1 bytes");
        file.force();
        passTime();
        assertThat(disk.durableContent("f")).isEqualTo("CBD".getBytes(UTF_8));
    }

    @Test
    void aForceCountsOnlyWhenItIsDone() throws IOException {
        DiskFile file = createForced("f", "A");
        file.write(1, bytes("B"));
        long begin = timeline.now();
        file.force();
        assertThat(disk.endNanos()).isGreaterThan(begin + FORCE_NANOS / 2);
        assertThat(disk.isDurable("f", 1, "B".getBytes(UTF_8), 0, 1)).isFalse();
        timeline.runUntil(disk.endNanos() - 1);
        assertThat(disk.isDurable("f", 1, "B".getBytes(UTF_8), 0, 1)).isFalse();
        timeline.runUntil(disk.endNanos());
        assertThat(disk.isDurable("f", 1, "B".getBytes(UTF_8), 0, 1)).isTrue();
        assertThat(disk.durableContent("f")).isEqualTo("AB".getBytes(UTF_8));
    }

    @Test
    void aProcessMayBeFarAheadOfThePresent() throws IOException {
        DiskFile file = createForced("f", "A");
        disk.pace().stallUntil(timeline.now() + 1_000_000_000L);
        for (String letter : List.of("B", "C", "D")) {
            DiskFile temporary = process.open("tmp");
            temporary.write(0, bytes(letter));
            temporary.force();
            process.rename("tmp", "f");
            process.forceFolder("");
            file.write(1, bytes(letter));
            file.force();
        }
        timeline.runUntil(timeline.now() + 500_000_000L);
        assertThat(disk.durableContent("f")).isEqualTo("A".getBytes(UTF_8));
        disk.onPowerLoss(0);
        assertThat(contentAfterRestart("f")).isEqualTo("A");
    }

    @Test
    void aProcessThatDiesHasIssuedNothingAfterItsDeath() throws IOException {
        DiskFile file = createForced("f", "A");
        file.write(1, bytes("B"));
        file.force();
        file.write(2, bytes("C"));
        timeline.runUntil(timeline.now() + 20_000);
        disk.onProcessDeath();
        assertThat(contentAfterRestart("f")).isEqualTo("AB");
        assertThat(disk.durableContent("f")).isEqualTo("A".getBytes(UTF_8));
    }

    @Test
    void whatADeadProcessWroteIsStillUnforced() throws IOException {
        DiskFile file = createForced("f", "A");
        file.write(1, bytes("B"));
        passTime();
        disk.onProcessDeath();
        assertThat(contentAfterRestart("f")).isEqualTo("AB");
        passTime();
        disk.onPowerLoss(0);
        TreeSet<String> outcomes = new TreeSet<>(List.of(contentAfterRestart("f")));
        assertThat(outcomes).isSubsetOf("A", "AB", "A\0");
        assertThatThrownBy(() -> file.write(0, bytes("X"))).hasMessageContaining("dead");
    }

    @Test
    void namesSurviveOnlyIfTheirFolderWasForced() throws IOException {
        TreeSet<String> outcomes = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            fresh(seed);
            createForced("f", "old");
            DiskFile file = process.open("tmp");
            file.write(0, bytes("new"));
            file.force();
            passTime();
            process.rename("tmp", "f");
            process.open("other").close();
            passTime();
            disk.onPowerLoss(0.3);
            process = disk.mount();
            outcomes.add(process.list("") + " " + (process.exists("f") ? content("f") : "-"));
        }
        assertThat(outcomes).contains("[f] old", "[f, tmp] old", "[f, other] new", "[f] new", "[f, other] old");
        assertThat(outcomes).noneMatch(each -> each.endsWith("-"));
    }

    @Test
    void aForcedRenameIsThere() throws IOException {
        createForced("f", "old");
        DiskFile file = process.open("tmp");
        file.write(0, bytes("new"));
        file.force();
        process.rename("tmp", "f");
        process.forceFolder("");
        timeline.runUntil(disk.endNanos());
        disk.onPowerLoss(0);
        process = disk.mount();
        assertThat(process.list("")).containsExactly("f");
        assertThat(content("f")).isEqualTo("new");
    }

    @Test
    void foldersAreNamesToo() throws IOException {
        process.createFolder("a");
        process.createFolder("a/b");
        process.open("a/b/c").close();
        process.forceFolder("a/b");
        process.forceFolder("a");
        timeline.runUntil(disk.endNanos());
        assertThat(disk.durableContent("a/b/c")).isNull();
        process.forceFolder("");
        timeline.runUntil(disk.endNanos());
        assertThat(disk.durableContent("a/b/c")).isEmpty();
        assertThat(process.list("a")).containsExactly("b");
        assertThatThrownBy(() -> process.createFolder("x/y")).hasMessageContaining("x: no such folder");
        assertThatThrownBy(() -> process.list("x")).hasMessageContaining("x: no such folder");
        assertThatThrownBy(() -> process.delete("x")).hasMessageContaining("x: no such file");
    }

    @Test
    void aFailedForceLosesThePages() throws IOException {
        DiskFile file = createForced("f", "A");
        file.write(1, bytes("B"));
        disk.failForce(1);
        assertThatThrownBy(file::force).hasMessageContaining("input/output error");
        file.write(2, bytes("C"));
        file.force();
        passTime();
        assertThat(content("f")).isEqualTo("ABC");
        disk.onPowerLoss(1);
        assertThat(contentAfterRestart("f")).isEqualTo("A\0C");
    }

    @Test
    void theForceAfterAFailedOneTakesTheSizeAlong() throws IOException {
        DiskFile file = createForced("f", "ABCDEF");
        file.truncate(1);
        disk.failForce(1);
        assertThatThrownBy(file::force).hasMessageContaining("input/output error");
        passTime();
        assertThat(disk.durableContent("f")).isEqualTo("ABCDEF".getBytes(UTF_8));
        file.write(1, bytes("b"));
        file.force();
        passTime();
        assertThat(disk.durableContent("f")).isEqualTo("Ab".getBytes(UTF_8));
    }

    @Test
    void tellsTheTimeOfADoomedOperation() throws IOException {
        DiskFile file = createForced("f", "A");
        List<Long> dooms = new ArrayList<>();
        disk.doomOperation(2, dooms::add);
        file.write(1, bytes("B"));
        assertThat(dooms).isEmpty();
        long begin = disk.endNanos();
        file.force();
        assertThat(dooms).hasSize(1);
        assertThat(dooms.get(0)).isBetween(begin, disk.endNanos());
    }

    @Test
    void aStallHoldsEverythingUp() throws IOException {
        DiskFile file = createForced("f", "A");
        disk.pace().stallUntil(timeline.now() + 5_000_000_000L);
        file.write(1, bytes("B"));
        file.force();
        assertThat(disk.endNanos()).isGreaterThan(5_000_000_000L);
    }

    @Test
    void theSameSeedTellsTheSameStory() throws IOException {
        List<String> stories = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            StringBuilder story = new StringBuilder();
            for (int seed = 0; seed < 20; seed++) {
                fresh(seed);
                DiskFile file = createForced("f", "A".repeat(700));
                file.write(300, bytes("B".repeat(4000)));
                process.open("g").close();
                passTime();
                disk.onPowerLoss(0.5);
                story.append(contentAfterRestart("f")).append(process.list("")).append(disk.bytesLost());
            }
            stories.add(story.toString());
        }
        assertThat(stories.get(0)).isEqualTo(stories.get(1));
    }

    private SimDisk newDisk(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new SimDisk(timeline, random.split(), new DiskPace(random.split(), FORCE_NANOS, 0));
    }

    private void fresh(long seed) {
        disk = newDisk(seed);
        process = disk.mount();
    }

    private void passTime() {
        timeline.runUntil(disk.endNanos() + 1);
    }

    private DiskFile createForced(String path, String content) throws IOException {
        DiskFile file = process.open(path);
        file.write(0, bytes(content));
        file.force();
        process.forceFolder("");
        passTime();
        return file;
    }

    private String contentAfterRestart(String path) throws IOException {
        process = disk.mount();
        return content(path);
    }

    private String content(String path) throws IOException {
        try (DiskFile file = process.openForReading(path)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) file.size());
            file.read(0, buffer);
            return new String(buffer.array(), 0, buffer.position(), UTF_8);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** One character a sector. */
    private static String summary(String content) {
        StringBuilder summary = new StringBuilder();
        for (int at = 0; at < content.length(); at += 512) {
            summary.append(content.charAt(at) == 0 ? '0' : content.charAt(at));
        }
        return summary.toString();
    }
}

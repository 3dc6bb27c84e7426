package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.Stage;
import io.tenure.journal.FileDisk;
import io.tenure.raft.Entry;
import io.tenure.raft.Event;
import io.tenure.raft.Event.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage, given turns by hand under a clock that stands still unless moved. */
final class DumpWriterTest {
    private static final String COMMITTED = "Node 0 committed the entry SET x 6 to the state machine";
    private static final Entry ENTRY = LineEncoder.set("x", "6", 5, 1, 12);
    private static final Event LEADER = new Event(Kind.BECAME_LEADER, 0, 3);
    private static final Event HEARTBEAT = new Event(Kind.HEARTBEAT, 0, 3);

    @TempDir
    Path folder;

    private final RefusingDisk disk = new RefusingDisk(new FileDisk());
    private final AtomicInteger rings = new AtomicInteger();
    private long now = 1_000_000_000_000L;

    @Test
    void idleStageRestsAndLeavesNoFile() throws IOException {
        DumpWriter writer = writer(2000);
        assertThat(writer.doWork()).isZero();
        assertThat(writer.wakeAtNanos()).isEqualTo(Stage.NEVER);
        writer.onClose();
        assertThat(names()).isEmpty();
    }

    @Test
    void firstStatementWakesTheStageAndIsWrittenAtOnce() throws IOException {
        DumpWriter writer = writer(2000);
        writer.event(LEADER);
        assertThat(rings).hasValue(1);
        assertThat(writer.doWork()).isZero();
        assertThat(lines()).containsExactly("Node 0 became the leader for term 3");
    }

    @Test
    void followingStatementsAreWrittenTogetherWithin100Millis() throws IOException {
        DumpWriter writer = writer(2000);
        writer.event(LEADER);
        writer.doWork();

        writer.event(HEARTBEAT);
        writer.applied(1, List.of(ENTRY), false);
        assertThat(rings).as("nobody is woken for a line that can wait").hasValue(1);
        assertThat(writer.doWork()).isZero();
        assertThat(lines()).hasSize(1);
        assertThat(writer.wakeAtNanos() - now).isBetween(1L, TimeUnit.MILLISECONDS.toNanos(100));

        now = writer.wakeAtNanos();
        writer.doWork();
        assertThat(lines()).hasSize(3);

        now = writer.wakeAtNanos();
        writer.doWork();
        assertThat(writer.wakeAtNanos()).isEqualTo(Stage.NEVER);
        writer.event(HEARTBEAT);
        assertThat(rings).hasValue(2);
    }

    private static void receive(DumpWriter writer, boolean isSet, String key, String value) {
        if (writer.takesNext()) {
            writer.received(isSet, key, value);
        }
    }

    @Test
    void everythingIsToldInTheOrderInWhichItHappened() throws IOException {
        DumpWriter writer = writer(2000);
        writer.event(new Event(Kind.ELECTION_TIMEOUT, 0, 3));
        writer.rpcFailed(2);
        writer.event(LEADER);
        receive(writer, true, "x", "6");
        writer.event(new Event(Kind.APPEND_ACCEPTED, 1, 3));
        writer.applied(1, List.of(ENTRY), true);
        writer.event(new Event(Kind.STEPPING_DOWN, 0, 3));
        writer.onClose();

        assertThat(lines())
                .containsExactly(
                        "Node 0 election timer timed out, Starting election.",
                        "Error occurred while sending RPC to Node 2.",
                        "Node 0 became the leader for term 3",
                        "Node 0 (leader) received an SET x 6 request.",
                        "Node 0 accepted AppendEntries RPC from 1.",
                        "Node 0 (leader) committed the entry SET x 6 to the state machine.",
                        "0 Stepping down");
    }

    @Test
    void aSecondTakesSoManyStatementsAndThenOneLineOnTheOthers() throws IOException {
        DumpWriter writer = writer(3);
        for (int index = 14; index <= 1250; index++) {
            writer.applied(index, List.of(ENTRY), false);
        }
        writer.event(LEADER);
        writer.doWork();
        assertThat(lines()).containsExactly(COMMITTED, COMMITTED, COMMITTED, "Node 0 became the leader for term 3");

        runUntilRest(writer);
        assertThat(lines()).hasSize(5).last().isEqualTo("... 1234 more statements, entries 17 to 1250");

        writer.applied(1251, List.of(ENTRY), false);
        runUntilRest(writer);
        assertThat(lines()).hasSize(6).last().isEqualTo(COMMITTED);
    }

    @Test
    void theLineOnTheOthersFollowsTheEndOfTheSecond() throws IOException {
        DumpWriter writer = writer(1);
        receive(writer, false, "x", null);
        receive(writer, false, "x", null);
        long start = now;
        writer.doWork();
        while (lines().size() < 2) {
            writer.doWork();
            now = Math.max(now, Math.min(writer.wakeAtNanos(), now + 50_000_000));
        }

        assertThat(lines()).last().isEqualTo("... 1 more statement");
        assertThat(now - start).isBetween(900_000_000L, 1_100_000_000L);
    }

    @Test
    void aBudgetOfNothingStillSaysHowMany() throws IOException {
        DumpWriter writer = writer(0);
        writer.applied(5, List.of(ENTRY), false);
        assertThat(rings).hasValue(1);
        runUntilRest(writer);

        assertThat(lines()).containsExactly("... 1 more statement, entry 5");
    }

    /** The half of the ring that entries can't have is for what the reader must not miss. */
    @Test
    void electionsAreToldHoweverManyEntriesWait() throws IOException {
        DumpWriter writer = writer(1_000_000);
        for (int index = 1; index <= 100_000; index++) {
            writer.applied(index, List.of(ENTRY), false);
        }
        for (int i = 0; i < 5000; i++) {
            writer.event(HEARTBEAT);
        }
        runUntilRest(writer);

        assertThat(lines().stream().filter(line -> line.startsWith("Leader 0 sending heartbeat")))
                .hasSize(5000);
        long told = lines().stream().filter(COMMITTED::equals).count();
        assertThat(told).isBetween(1000L, 99_999L);
        assertThat(lines())
                .last()
                .isEqualTo("... " + (100_000 - told) + " more statements, entries " + (told + 1) + " to 100000");
    }

    @Test
    void aCrowdedRingCallsTheStageBeforeItsTime() throws IOException {
        DumpWriter writer = writer(1_000_000);
        writer.event(LEADER);
        writer.doWork();
        int before = rings.get();
        for (int index = 1; rings.get() == before; index++) {
            writer.applied(index, List.of(ENTRY), false);
        }

        writer.doWork();
        assertThat(lines()).hasSizeGreaterThan(1000);
    }

    /** 50,000 entries a second pass by; what is left out must not make garbage. */
    @Test
    void leavingOutAllocatesNothing() {
        DumpWriter writer = writer(1);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Event accepted = new Event(Kind.APPEND_ACCEPTED, 1, 3);
        List<Entry> entries = List.of(ENTRY);
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int index = 1; index <= 50_000; index++) {
                writer.applied(index, entries, false);
                receive(writer, true, "x", "6");
                writer.event(accepted);
                writer.rpcFailed(1);
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertThat(allocated).isLessThan(10_000);
    }

    @Test
    void fullFilesAreKeptUpToTheirNumber() throws IOException {
        DumpWriter writer = writer(new Settings.Dump(true, 1_000_000, 4096, 2));
        for (int term = 1; term <= 400; term++) {
            writer.event(new Event(Kind.BECAME_LEADER, 0, term));
            now += 100_000_000;
            writer.doWork();
        }
        writer.onClose();

        assertThat(names()).containsExactly("dump.1.txt", "dump.2.txt", "dump.txt");
        List<String> told = new ArrayList<>();
        for (String name : List.of("dump.2.txt", "dump.1.txt", "dump.txt")) {
            assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(4096);
            told.addAll(Files.readAllLines(folder.resolve(name)));
        }
        List<String> expected = new ArrayList<>();
        for (int term = 400 - told.size() + 1; term <= 400; term++) {
            expected.add("Node 0 became the leader for term " + term);
        }
        assertThat(told).hasSizeGreaterThan(200).isEqualTo(expected);
    }

    @Test
    void olderFilesGoWhenFewerAreToBeKept() throws IOException {
        Files.writeString(folder.resolve("dump.1.txt"), "one\n");
        Files.writeString(folder.resolve("dump.7.txt"), "seven\n");
        Files.writeString(folder.resolve("dump.txt"), "x".repeat(4090) + "\n");
        DumpWriter writer = writer(new Settings.Dump(true, 10, 4096, 0));
        writer.event(LEADER);
        writer.onClose();

        assertThat(names()).containsExactly("dump.txt");
        assertThat(lines()).containsExactly("Node 0 became the leader for term 3");
    }

    @Test
    void aRestartContinuesTheFileOnALineOfItsOwn() throws IOException {
        Files.writeString(folder.resolve("dump.txt"), "Node 0 election timer\nVote gran");
        DumpWriter writer = writer(2000);
        writer.event(LEADER);
        writer.onClose();

        assertThat(lines())
                .containsExactly("Node 0 election timer", "Vote gran", "Node 0 became the leader for term 3");
    }

    @Test
    void aDiskThatRefusesStopsNothingAndLosesNothing() throws IOException {
        DumpWriter writer = writer(2000);
        writer.event(LEADER);
        writer.doWork();
        disk.refuseAfterBytes(10);
        for (int i = 0; i < 3; i++) {
            now += 2_000_000_000;
            writer.event(new Event(Kind.BECAME_LEADER, 0, 10 + i));
            assertThat(writer.doWork()).isZero();
            assertThat(writer.wakeAtNanos()).isEqualTo(now + TimeUnit.SECONDS.toNanos(1));
            assertThat(writer.doWork()).as("not tried again before its time").isZero();
        }
        assertThat(writer.errors()).isEqualTo(3);

        disk.refuseAfterBytes(Long.MAX_VALUE);
        runUntilRest(writer);
        assertThat(lines())
                .containsExactly(
                        "Node 0 became the leader for term 3",
                        "Node 0 became the leader for term 10",
                        "Node 0 became the leader for term 11",
                        "Node 0 became the leader for term 12");
    }

    /** Statements must not take the room that votes need. */
    @Test
    void theReserveIsLeftToOthers() throws IOException {
        DumpWriter writer = new DumpWriter(
                disk,
                folder.toString(),
                0,
                new Settings.Dump(true, 2000, 1 << 20, 2),
                10_000,
                () -> now,
                rings::incrementAndGet);
        disk.refuseAfterBytes(9_999);
        writer.event(LEADER);
        writer.doWork();
        assertThat(names()).isEmpty();

        disk.refuseAfterBytes(20_000);
        runUntilRest(writer);
        assertThat(lines()).containsExactly("Node 0 became the leader for term 3");
    }

    @Test
    void aDiskThatRefusesForLongMakesTheRingFullAndNothingElse() throws IOException {
        DumpWriter writer = writer(1_000_000);
        disk.refuseAfterBytes(0);
        for (int i = 0; i < 100_000; i++) {
            writer.event(HEARTBEAT);
        }
        writer.doWork();
        disk.refuseAfterBytes(Long.MAX_VALUE);
        runUntilRest(writer);

        long told = lines().stream().filter(line -> line.startsWith("Leader 0")).count();
        assertThat(told).isBetween(10_000L, 30_000L);
        assertThat(lines()).last().isEqualTo("... " + (100_000 - told) + " more statements");
    }

    @Test
    void switchedOffItWritesNothing() throws IOException {
        DumpWriter writer = writer(new Settings.Dump(false, 2000, 4096, 2));
        writer.event(LEADER);
        writer.applied(1, List.of(ENTRY), true);
        receive(writer, true, "x", "6");
        writer.rpcFailed(1);
        writer.doWork();
        writer.onClose();

        assertThat(rings).hasValue(0);
        assertThat(names()).isEmpty();
    }

    /** Several producers, one stage on its own thread: every statement that fits is there once, each producer's in order. */
    @Test
    void producersDoNotDisturbEachOther() throws Exception {
        StageThread[] thread = new StageThread[1];
        DumpWriter writer = new DumpWriter(
                disk,
                folder.toString(),
                0,
                new Settings.Dump(true, 1_000_000, 1 << 30, 2),
                0,
                System::nanoTime,
                () -> thread[0].ring());
        List<Throwable> failures = new ArrayList<>();
        thread[0] = new StageThread(writer, System::nanoTime, failures::add);
        thread[0].start();
        CountDownLatch done = new CountDownLatch(3);
        for (int producer = 1; producer <= 3; producer++) {
            int node = producer;
            new Thread(() -> {
                        for (int term = 1; term <= 2000; term++) {
                            writer.event(new Event(Kind.VOTE_GRANTED, node, term));
                        }
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        thread[0].close();

        assertThat(failures).isEmpty();
        assertThat(lines()).hasSize(6000);
        for (int producer = 1; producer <= 3; producer++) {
            String start = "Vote granted for Node " + producer + " in term ";
            List<String> expected = new ArrayList<>();
            for (int term = 1; term <= 2000; term++) {
                expected.add(start + term + ".");
            }
            assertThat(lines().stream().filter(line -> line.startsWith(start))).containsExactlyElementsOf(expected);
        }
    }

    private DumpWriter writer(int linesPerSecond) {
        return writer(new Settings.Dump(true, linesPerSecond, 64 << 20, 2));
    }

    private DumpWriter writer(Settings.Dump dump) {
        return new DumpWriter(disk, folder.toString(), 0, dump, 0, () -> now, rings::incrementAndGet);
    }

    /** Gives turns when they are due, as long as one is. */
    private void runUntilRest(DumpWriter writer) {
        for (int turn = 0; turn < 100; turn++) {
            int work = writer.doWork();
            if (work == 0 && writer.wakeAtNanos() == Stage.NEVER) {
                return;
            }
            now = work == 0 ? Math.max(now, writer.wakeAtNanos()) : now;
        }
        throw new AssertionError("the stage does not come to rest");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(folder.resolve("dump.txt"));
    }

    private List<String> names() throws IOException {
        return new FileDisk().list(folder.toString());
    }
}

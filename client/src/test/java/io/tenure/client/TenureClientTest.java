package io.tenure.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The SDK over real connections. */
@Timeout(60)
class TenureClientTest {
    private final FakeCluster cluster = new FakeCluster(3);
    private TenureClient client = client(Duration.ofSeconds(20), Duration.ofMillis(300));

    private TenureClient client(Duration timeout, Duration attemptTimeout) {
        return TenureClient.connect(
                ClientOptions.of(cluster.addresses()).withTimeout(timeout).withAttemptTimeout(attemptTimeout));
    }

    private void replaceClient(Duration timeout, Duration attemptTimeout) {
        client.close();
        client = client(timeout, attemptTimeout);
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void writesAndReads() {
        WriteResult first = client.set("name1", "Sam");
        assertThat(first.term()).isEqualTo(7);
        assertThat(client.set("name1", "Aujla Singh").index()).isGreaterThan(first.index());
        assertThat(client.get("name1")).contains("Aujla Singh");
        assertThat(client.get("name1", ReadMode.QUORUM)).contains("Aujla Singh");
        assertThat(client.get("nobody")).isEmpty();
        assertThat(client.set("", "").index()).isPositive();
        assertThat(client.get("")).contains("");
    }

    @Test
    void theExampleRuns() {
        assertThat(SdkExample.run(cluster.addresses())).contains("Sam");
    }

    @Test
    void pipelinesThousandsFromManyThreads() {
        replaceClient(Duration.ofSeconds(20), Duration.ofSeconds(5));
        cluster.leader = 2;
        List<CompletableFuture<WriteResult>> writes = IntStream.range(0, 5_000)
                .parallel()
                .mapToObj(i -> client.setAsync("k" + i, "v" + i))
                .toList();
        assertThat(writes).allSatisfy(write -> assertThat(write.join().node()).isEqualTo(2));
        assertThat(cluster.log).hasSize(5_000).doesNotHaveDuplicates();
    }

    @Test
    void aStoppedLeaderDoesNotHangACall() {
        client.set("a", "1");
        cluster.stopped.put(0, true);
        cluster.leader = 1;
        long start = System.nanoTime();
        assertThat(client.set("a", "2").node()).isEqualTo(1);
        assertThat(client.get("a")).contains("2");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5_000);
        assertThat(cluster.log).containsExactly("a=1", "a=2");
    }

    @Test
    void aWholeStoppedClusterEndsCallsAtTheirDeadline() {
        replaceClient(Duration.ofMillis(900), Duration.ofMillis(200));
        client.set("a", "1");
        for (int i = 0; i < 3; i++) {
            cluster.stopped.put(i, true);
        }
        long start = System.nanoTime();
        OutcomeUnknownException unknown =
                catchThrowableOfType(OutcomeUnknownException.class, () -> client.set("a", "2"));
        assertThatThrownBy(() -> client.get("a")).isInstanceOf(NotDoneException.class);
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(1_800L, 4_000L);
        assertThat(unknown.requestId()).isPresent();
        for (int i = 0; i < 3; i++) {
            cluster.stopped.put(i, false);
        }
        client.close();
        client = client(Duration.ofSeconds(20), Duration.ofMillis(300));
        client.ask(unknown.requestId().get());
        client.ask(unknown.requestId().get());
        assertThat(cluster.log).containsExactly("a=1", "a=2");
    }

    @Test
    void anAnswerLostAfterTheAppendIsAbsorbedWithoutADuplicate() {
        AtomicBoolean lose = new AtomicBoolean(true);
        cluster.script = (node, request) -> {
            if (node == cluster.leader && request.hasSet() && lose.getAndSet(false)) {
                cluster.append(request.getSet());
                cluster.leader = 1;
                return FakeCluster.SILENCE;
            }
            return null;
        };
        assertThat(client.set("a", "1").node()).isEqualTo(1);
        assertThat(cluster.log).containsExactly("a=1");
    }

    @Test
    void brokenConnectionsAreAbsorbed() {
        for (int i = 0; i < 30; i++) {
            List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                writes.add(client.setAsync("k", i + "-" + j));
            }
            cluster.disconnect(cluster.leader);
            writes.forEach(CompletableFuture::join);
        }
        assertThat(cluster.log).hasSize(600).doesNotHaveDuplicates();
    }

    @Test
    void aKilledNodeIsPassedOver() {
        cluster.kill(0);
        cluster.leader = 2;
        assertThat(client.set("a", "1").node()).isEqualTo(2);
    }

    @Test
    void withoutLeaderNothingIsDoneAndTheReasonIsTold() {
        replaceClient(Duration.ofSeconds(2), Duration.ofMillis(300));
        cluster.leader = -1;
        assertThatThrownBy(() -> client.set("a", "1"))
                .isInstanceOfSatisfying(NotDoneException.class, e -> {
                    assertThat(e.node()).isBetween(0, 2);
                    assertThat(e.term()).isEqualTo(7);
                })
                .hasMessageMatching("not done: gave up after \\d+ ms, never sent; node . at .* knows no leader");
        assertThatThrownBy(() -> client.get("a"))
                .isInstanceOf(NotDoneException.class)
                .hasMessageContaining("does not lead and knows no leader");
        assertThat(cluster.requests.get()).as("no busy loop").isLessThan(200);
    }

    @Test
    void anUnreachableClusterIsToldApartByItsReason() {
        replaceClient(Duration.ofMillis(300), Duration.ofMillis(300));
        for (int i = 0; i < 3; i++) {
            cluster.kill(i);
        }
        assertThatThrownBy(() -> client.get("a"))
                .isInstanceOf(NotDoneException.class)
                .hasMessageContaining(cluster(0) + ": connection refused");
    }

    private String cluster(int node) {
        return client.statusAsync().join().nodes().get(node).address();
    }

    @Test
    void badRequestsAreToldWhatIsWrong() {
        assertThatThrownBy(() -> client.set("k".repeat(4097), "v"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("key of 4097 bytes: the limit is 4096");
        assertThatThrownBy(() -> client.set("k", "v".repeat((1 << 20) + 1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("value of 1048577 bytes: the limit is 1048576");
        assertThatThrownBy(() -> client.set("k", "v".repeat(9 << 20)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("value of 9437184 bytes: the limit is 8388608");
        assertThatThrownBy(() -> client.set("a\uD800b", "v"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("key has an unpaired surrogate at position 1, which is not Unicode text");
        assertThatThrownBy(() -> client.set("k", "\uDC00"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("value has an unpaired surrogate at position 0");
        client.set("\uD83D\uDE00", "smile");
        assertThat(client.get("\uD83D\uDE00")).contains("smile");
        String big = "v".repeat(1 << 20);
        client.set("big", big);
        assertThat(client.get("big")).contains(big);
    }

    @Test
    void tooManyCallsFailAtOnce() {
        client.close();
        client = TenureClient.connect(
                ClientOptions.of(cluster.addresses()).withOutstanding(2, 100).withTimeout(Duration.ofSeconds(20)));
        cluster.script = (node, request) -> FakeCluster.SILENCE;
        List<CompletableFuture<?>> waiting = List.of(client.getAsync("a"), client.getAsync("b"));
        assertThatThrownBy(() -> client.getAsync("c").join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("not done: too many outstanding operations: the limit is 2");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void closingCompletesEverythingAndLeavesNothingOpen() {
        cluster.script = (node, request) -> request.hasSet() ? FakeCluster.SILENCE : null;
        CompletableFuture<WriteResult> write = client.setAsync("a", "1");
        await(() -> cluster.requests.get() >= 2 && !write.isDone());
        cluster.script = (node, request) -> FakeCluster.SILENCE;
        CompletableFuture<?> read = client.getAsync("a");
        client.close();
        assertThat(read).isCompletedExceptionally();
        assertThat(write).isCompletedExceptionally();
        assertThatThrownBy(() -> client.set("a", "2"))
                .isInstanceOf(NotDoneException.class)
                .hasMessage("not done: the client was closed");
        await(() -> cluster.connections() == 0);
        await(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("tenure-client") && thread.isAlive()));
        client.close();
    }

    @Test
    void aBlockingCallInACallbackIsRefused() {
        CompletableFuture<String> told = client.setAsync("a", "1").handle((done, error) -> {
            assertThat(Thread.currentThread().getName()).startsWith("tenure-client");
            try {
                return "value " + client.get("a");
            } catch (IllegalStateException e) {
                return e.getMessage();
            }
        });
        assertThat(told.join()).isIn("a blocking call in a callback of the client; use the asynchronous methods");
    }

    @Test
    void anInterruptedWriteIsUnknown() {
        cluster.script = (node, request) -> FakeCluster.SILENCE;
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.set("a", "1"))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessage("outcome unknown: interrupted while waiting");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void busyIsAbsorbed() {
        List<ClientReply.Builder> busy = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            busy.add(ClientReply.newBuilder().setOutcome(Outcome.BUSY));
        }
        cluster.script = (node, request) -> node != cluster.leader || busy.isEmpty() ? null : busy.remove(0);
        assertThat(client.set("a", "1").index()).isEqualTo(1);
    }

    @Test
    void statusShowsAllMembersEvenFromOneAddress() {
        cluster.leader = 1;
        cluster.kill(2);
        try (TenureClient one = TenureClient.connect(cluster.address(0))) {
            ClusterStatus status = one.status();
            assertThat(status.cluster()).isEqualTo("fake");
            assertThat(status.leader()).hasValue(1);
            assertThat(status.nodes()).hasSize(3);
            assertThat(status.nodes().get(1).report().orElseThrow().role()).isEqualTo("LEADER");
            assertThat(status.nodes().get(1).report().orElseThrow().leaseLeftMillis())
                    .isEqualTo(320);
            assertThat(status.nodes().get(2).id()).hasValue(2);
            assertThat(status.nodes().get(2).report()).isEmpty();
            assertThat(status.nodes().get(2).error()).isEqualTo("connection refused");
        }
    }

    @Test
    void namesAreLookedUp() {
        String address = cluster.address(0).replace("127.0.0.1", "localhost");
        try (TenureClient named = TenureClient.connect(address)) {
            assertThat(named.set("a", "1").node()).isZero();
        }
    }

    @Test
    void wrongOptionsAreRefused() {
        assertThatThrownBy(() -> ClientOptions.of("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ClientOptions.of("a:1,b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"b\" has no port; write host:port");
        assertThatThrownBy(() -> ClientOptions.of("a:1").withTimeout(Duration.ZERO))
                .hasMessage("timeout is 0 ms; it must be 1 ms to 1 day");
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }
}

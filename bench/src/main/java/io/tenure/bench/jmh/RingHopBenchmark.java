package io.tenure.bench.jmh;

import io.tenure.handoff.Bell;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.Reply;
import io.tenure.handoff.Stage;
import io.tenure.net.Network;
import io.tenure.node.Settings;
import io.tenure.node.StageThread;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A stage of a commit: from one thread to another and back. There: a SET through the client ring (Agrona, in bytes) and its bell. Back:
 * a reply through an inbox (Agrona, objects) and its bell. Whoever has nothing to do sleeps, as in a node.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RingHopBenchmark extends Forked {
    private static final int BATCH = 64;
    /** A small ring, that comes to its end often. */
    private static final int RING_BYTES = 1 << 16;

    /** What a request takes in a ring besides its value, at most. */
    private static final int REQUEST_REST_BYTES = 128;

    /** What gives the consumer its turns: a Netty event loop, or a thread of its own. */
    @Param({"SHARED", "DEDICATED"})
    public Settings.Threading threading;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final WaitingThread here = new WaitingThread();
    private final Bell bell = new Bell();
    private final Inbox<Reply> replies = new Inbox<>(2 * BATCH, here);
    private ClientRing ring;
    private byte[] key;
    private byte[] value;
    private Network network;
    private Runnable stop;
    private int answered;

    /** Starts the consumer. */
    @Setup
    public void setUp() {
        key = Writes.key(1).getBytes(StandardCharsets.UTF_8);
        int requestBytes = REQUEST_REST_BYTES + valueBytes;
        ring = new ClientRing(Math.max(RING_BYTES, 2 * BATCH * requestBytes), requestBytes);
        value = Writes.value(valueBytes).getBytes(StandardCharsets.UTF_8);
        if (threading == Settings.Threading.SHARED) {
            network = Network.open(task -> new Thread(task, "benchmark-network"), System::nanoTime, Runnable::run);
            var runner = network.newRunner(here::fail);
            bell.connect(runner);
            runner.start(new Answering());
            stop = () -> {
                runner.stop().join();
                network.close();
            };
        } else {
            StageThread thread = new StageThread(new Answering(), System::nanoTime, here::fail);
            bell.connect(thread);
            thread.start();
            stop = thread::close;
        }
    }

    /** Ends the consumer. */
    @TearDown
    public void tearDown() {
        stop.run();
    }

    /** One request, and its answer. */
    @Benchmark
    public int thereAndBack() throws InterruptedException {
        return exchange(1);
    }

    /** 64 requests at once, and their answers; the score is for one of them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int thereAndBackInBatches() throws InterruptedException {
        return exchange(BATCH);
    }

    private int exchange(int count) throws InterruptedException {
        answered = 0;
        for (int i = 0; i < count; i++) {
            if (!ring.offerSet(i, Writes.SESSION, 0, i + 1, key, value)) {
                throw new IllegalStateException("the ring is full");
            }
            bell.ring();
        }
        here.awaitUntil(() -> {
            replies.drain(reply -> answered++, BATCH);
            return answered == count;
        });
        return answered;
    }

    /** Answers each request in the turn in which it finds it. */
    private final class Answering implements Stage, ClientRing.Handler {
        @Override
        public int doWork() {
            ring.drain(this, BATCH);
            // At the end of the ring's memory it may have found nothing although something waits at the beginning.
            return ring.isEmpty() ? 0 : 1;
        }

        @Override
        public long wakeAtNanos() {
            return NEVER;
        }

        @Override
        public String roleName() {
            return "benchmark-consumer";
        }

        @Override
        public void onSet(
                long ticket,
                long session,
                long birthIndex,
                long number,
                DirectBuffer buffer,
                int keyOffset,
                int keyLength,
                int valueOffset,
                int valueLength) {
            Reply reply = new Reply(ticket, Reply.Outcome.DONE, Writes.TERM, 0, number, session, null);
            if (!replies.offer(reply)) {
                throw new IllegalStateException("the inbox is full");
            }
        }

        @Override
        public void onRead(long ticket, String keyToRead) {
            throw new IllegalStateException("nobody reads");
        }

        @Override
        public void onReadHere(long ticket, long index, String keyToRead) {
            throw new IllegalStateException("nobody reads");
        }

        @Override
        public void onOpenSession(long ticket) {
            throw new IllegalStateException("nobody opens a session");
        }
    }
}

package io.tenure.peers.aeron;

import io.aeron.Publication;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.client.EgressListener;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.Header;
import io.tenure.bench.compare.Contender;
import io.tenure.peers.KeyValue;
import io.tenure.peers.Layout;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/** One session of Aeron's own client, which is for one thread: that of this class. */
final class AeronContender implements Contender, EgressListener {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SENDS_A_TURN_MAX = 64;

    private final Layout layout;
    private final MediaDriver driver;
    private final ConcurrentLinkedQueue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::work, "aeron-client");
    private volatile boolean closing;
    private volatile int leader = -1;

    /** Thread of this class only. */
    private final Map<Long, Request> sent = new HashMap<>();

    private AeronCluster cluster;
    private Request next;
    private long lastId;
    private long keepAliveAtNanos;

    /** What was asked for: a number's room, then the request. */
    private record Request(UnsafeBuffer bytes, CompletableFuture<byte[]> answer, long deadlineNanos) {}

    AeronContender(Layout layout) {
        this.layout = layout;
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(AeronPeer.driverFolder(layout, "client").toString())
                .threadingMode(ThreadingMode.SHARED)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true));
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return ask(KeyValue.set(key, value));
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return ask(KeyValue.get(key)).thenApply(KeyValue::value);
    }

    private CompletableFuture<byte[]> ask(byte[] request) {
        UnsafeBuffer bytes = new UnsafeBuffer(new byte[Long.BYTES + request.length]);
        bytes.putBytes(Long.BYTES, request);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.add(new Request(bytes, answer, System.nanoTime() + TIMEOUT_NANOS));
        return answer;
    }

    // ------------------------------------------------------------------ the thread

    private void work() {
        IdleStrategy idle = new BackoffIdleStrategy();
        while (!closing) {
            try {
                if (cluster == null || cluster.isClosed()) {
                    connect();
                }
                idle.idle(turn());
            } catch (AeronException e) {
                disconnect(e);
            }
        }
        disconnect(new IOException("closed"));
    }

    private void connect() {
        cluster = AeronCluster.connect(new AeronCluster.Context()
                .aeronDirectoryName(driver.aeronDirectoryName())
                .ingressEndpoints(AeronNode.ingressEndpoints(layout))
                .ingressChannel("aeron:udp?term-length=4m|mtu=8k")
                .egressChannel("aeron:udp?endpoint=" + Layout.HOST + ":0")
                .messageTimeoutNs(CONNECT_NANOS)
                .egressListener(this));
        leader = cluster.leaderMemberId();
    }

    private void disconnect(Throwable reason) {
        failSent(new IOException("the session ended: " + reason.getMessage(), reason));
        leader = -1;
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
        expireWaiting(); // Who waits for a session that never comes is told so.
    }

    private int turn() {
        int work = 0;
        while (work < SENDS_A_TURN_MAX && send()) {
            work++;
        }
        work += cluster.pollEgress();
        work += cluster.pollStateChanges();
        long now = System.nanoTime();
        if (now - keepAliveAtNanos >= 0) {
            keepAliveAtNanos = now + KEEP_ALIVE_NANOS;
            cluster.sendKeepAlive();
            expireSent(now);
        }
        return work;
    }

    private boolean send() {
        if (next == null) {
            next = waiting.poll();
            if (next == null) {
                return false;
            }
            next.bytes().putLong(0, ++lastId);
        }
        long result = cluster.offer(next.bytes(), 0, next.bytes().capacity());
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            throw new AeronException("the way to the leader is closed");
        }
        if (result < 0) {
            return false;
        }
        sent.put(lastId, next);
        next = null;
        return true;
    }

    private void expireSent(long now) {
        sent.values().removeIf(request -> {
            boolean isLate = now - request.deadlineNanos() >= 0;
            if (isLate) {
                request.answer().completeExceptionally(new IOException("no answer in time"));
            }
            return isLate;
        });
    }

    private void expireWaiting() {
        long now = System.nanoTime();
        for (Request oldest = waiting.peek();
                oldest != null && (closing || now - oldest.deadlineNanos() >= 0);
                oldest = waiting.peek()) {
            waiting.remove();
            oldest.answer().completeExceptionally(new IOException("no session in time"));
        }
    }

    private void failSent(IOException reason) {
        Map<Long, Request> lost = new HashMap<>(sent);
        sent.clear();
        lost.values().forEach(request -> request.answer().completeExceptionally(reason));
    }

    @Override
    public void onMessage(long sessionId, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
        Request request = sent.remove(buffer.getLong(offset));
        if (request != null) {
            byte[] answer = new byte[length - Long.BYTES];
            buffer.getBytes(offset + Long.BYTES, answer);
            request.answer().complete(answer);
        }
    }

    /** Nobody will answer what the old one was asked. */
    @Override
    public void onNewLeader(long sessionId, long termId, int leaderId, String ingressEndpoints) {
        leader = leaderId;
        failSent(new IOException("the leader has changed"));
    }

    // ------------------------------------------------------------------ others

    @Override
    public int leader() {
        return leader;
    }

    @Override
    public Failure failure(Throwable error) {
        return Failure.UNKNOWN;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(TIMEOUT_NANOS / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        driver.close();
    }
}

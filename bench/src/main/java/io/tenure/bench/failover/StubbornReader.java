package io.tenure.bench.failover;

import com.google.protobuf.ByteString;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.NodeConnection;
import io.tenure.history.Operation;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A client that asks one node for values, and no other, whatever that node answers or does not: the reads that a stopped
 * leader finds waiting for it when it goes on. Answers that tell a value go into the history; refusals are no answers.
 */
public final class StubbornReader implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(2);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(20);

    private final String name;
    private final String keyPrefix;
    private final int keys;
    private final Consumer<Operation> history;
    private final NodeConnection connection;
    private final Map<Long, Question> open = new ConcurrentHashMap<>();
    private final Thread asking = new Thread(this::ask, "stubborn-asking");
    private final Thread listening = new Thread(this::listen, "stubborn-listening");
    private volatile boolean stopping;
    private final AtomicLong answered = new AtomicLong();
    private volatile IOException broken;

    private record Question(String key, long invoke) {}

    /** Connects to a node that answers, and begins to ask. */
    public StubbornReader(String name, HostPort address, String keyPrefix, int keys, Consumer<Operation> history)
            throws IOException {
        this.name = name;
        this.keyPrefix = keyPrefix;
        this.keys = keys;
        this.history = history;
        connection = new NodeConnection(address, REPLY_TIMEOUT);
        asking.setDaemon(true);
        listening.setDaemon(true);
        asking.start();
        listening.start();
    }

    private void ask() {
        try {
            long id = 1;
            for (; !stopping; id++) {
                askOnce(id);
                Await.pause(INTERVAL);
            }
            // Makes the listener see that this is the end, even if it had all other answers before.
            askOnce(id);
        } catch (IOException e) {
            broken = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce(long id) throws IOException {
        String key = keyPrefix + ThreadLocalRandom.current().nextInt(keys);
        open.put(id, new Question(key, System.nanoTime()));
        connection.send(ClientRequest.newBuilder()
                .setId(id)
                .setGet(GetRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setMode(ReadMode.LEASE))
                .build());
    }

    private void listen() {
        try {
            while (!stopping || !open.isEmpty()) {
                ClientReply reply = connection.receive();
                long returned = System.nanoTime();
                Question question = open.remove(reply.getId());
                if (question == null) {
                    throw new IOException("an answer to nothing: " + reply.getId());
                }
                if (reply.getOutcome() == Outcome.DONE) {
                    String value = reply.getFound() ? reply.getValue().toStringUtf8() : null;
                    history.accept(Operation.read(name, question.key, value, question.invoke, returned));
                    answered.incrementAndGet();
                }
            }
        } catch (IOException e) {
            broken = e;
        }
    }

    /** Reads that told a value. */
    public long answered() {
        return answered.get();
    }

    /**
     * Asks no more and waits for the answers to come.
     *
     * @throws IOException if the connection broke
     */
    public void finish() throws IOException, InterruptedException {
        stopping = true;
        asking.join(REPLY_TIMEOUT.toMillis());
        listening.join(REPLY_TIMEOUT.toMillis());
        if (broken != null) {
            throw broken;
        }
        if (listening.isAlive()) {
            throw new IOException(open.size() + " reads without answer");
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        connection.close();
    }
}

package io.tenure.bench.failover;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tenure.bench.process.Await;
import io.tenure.history.Operation;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
final class StubbornReader implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(2);
    private static final int REPLY_TIMEOUT_MILLIS = 20_000;

    private final String name;
    private final String keyPrefix;
    private final int keys;
    private final Consumer<Operation> history;
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Long, Question> open = new ConcurrentHashMap<>();
    private final Thread asking = new Thread(this::ask, "stubborn-asking");
    private final Thread listening = new Thread(this::listen, "stubborn-listening");
    private volatile boolean stopping;
    private final AtomicLong answered = new AtomicLong();
    private volatile IOException broken;

    private record Question(String key, long invoke) {}

    /** Connects to a node that answers, and begins to ask. */
    StubbornReader(String name, int port, String keyPrefix, int keys, Consumer<Operation> history) throws IOException {
        this.name = name;
        this.keyPrefix = keyPrefix;
        this.keys = keys;
        this.history = history;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(REPLY_TIMEOUT_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
        send(Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.CLIENT)
                .build());
        HelloReply hello = HelloReply.parseFrom(receive());
        if (!hello.getAccepted()) {
            throw new IOException("refused: " + hello.getReason());
        }
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
        send(ClientRequest.newBuilder()
                .setId(id)
                .setGet(GetRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setMode(ReadMode.LEASE))
                .build());
    }

    private void listen() {
        try {
            while (!stopping || !open.isEmpty()) {
                ClientReply reply = ClientReply.parseFrom(receive());
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

    private void send(MessageLite message) throws IOException {
        byte[] bytes = message.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private byte[] receive() throws IOException {
        return in.readNBytes(in.readInt());
    }

    /** Reads that told a value. */
    long answered() {
        return answered.get();
    }

    /**
     * Asks no more and waits for the answers to come.
     *
     * @throws IOException if the connection broke
     */
    void finish() throws IOException, InterruptedException {
        stopping = true;
        asking.join(REPLY_TIMEOUT_MILLIS);
        listening.join(REPLY_TIMEOUT_MILLIS);
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
        socket.close();
    }
}

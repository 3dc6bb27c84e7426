package io.tenure.peers.jraft;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.alipay.sofa.jraft.util.RpcFactoryHelper;
import io.tenure.bench.compare.Contender;
import io.tenure.peers.KeyValue;
import io.tenure.peers.Layout;
import io.tenure.peers.NotDoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks the leader, as far as it is known; who is told that there is another one fails, and asks that one next time. */
final class JRaftContender implements Contender {
    private static final int TIMEOUT_MILLIS = 5000;

    private final RpcClient client = RpcFactoryHelper.rpcFactory().createRpcClient();
    private final List<Endpoint> nodes = new ArrayList<>();
    private final AtomicInteger leader = new AtomicInteger();

    JRaftContender(Layout layout) {
        KvSerializer.register();
        for (int id = 0; id < Layout.NODES; id++) {
            nodes.add(new Endpoint(Layout.HOST, layout.port(id, 0)));
        }
        client.init(new RpcOptions());
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
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        int asked = leader.get();
        try {
            client.invokeAsync(
                    nodes.get(asked),
                    new KvMessage(request),
                    (result, error) -> settle(answer, asked, result, error),
                    TIMEOUT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
        } catch (RemotingException e) {
            leader.compareAndSet(asked, (asked + 1) % nodes.size());
            answer.completeExceptionally(new NotDoneException(e.getMessage()));
        }
        return answer;
    }

    private void settle(CompletableFuture<byte[]> answer, int asked, Object result, Throwable error) {
        if (error != null) {
            leader.compareAndSet(asked, (asked + 1) % nodes.size());
            answer.completeExceptionally(error);
            return;
        }
        byte[] bytes = ((KvMessage) result).bytes;
        switch (bytes[0]) {
            case Answers.DONE -> answer.complete(Arrays.copyOfRange(bytes, 1, bytes.length));
            case Answers.NOT_LEADER -> {
                follow(asked, ByteBuffer.wrap(bytes, 1, bytes.length - 1).getInt());
                answer.completeExceptionally(new NotDoneException("node " + asked + " does not lead"));
            }
            default ->
                answer.completeExceptionally(
                        new IOException(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8)));
        }
    }

    private void follow(int asked, int leaderPort) {
        int next = (asked + 1) % nodes.size();
        for (int id = 0; id < nodes.size(); id++) {
            if (nodes.get(id).getPort() == leaderPort) {
                next = id;
            }
        }
        leader.compareAndSet(asked, next);
    }

    @Override
    public int leader() {
        return leader.get();
    }

    @Override
    public Failure failure(Throwable error) {
        return error instanceof NotDoneException ? Failure.NOT_DONE : Failure.UNKNOWN;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}

package io.tenure.peers.ratis;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.KeyValue;
import io.tenure.peers.Layout;
import io.tenure.peers.NotDoneException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.client.RaftClientConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.TimeDuration;

/** Ratis' own client; it finds the leader, and tries again, by itself. */
final class RatisContender implements Contender {
    private static final int OUTSTANDING_MAX = 2048;
    private static final int ATTEMPTS_MAX = 300;
    private static final TimeDuration BETWEEN_ATTEMPTS = TimeDuration.valueOf(100, TimeUnit.MILLISECONDS);

    private final RaftGroup group;
    private final RaftClient client;

    RatisContender(Layout layout) {
        RaftProperties properties = new RaftProperties();
        RaftClientConfigKeys.Async.setOutstandingRequestsMax(properties, OUTSTANDING_MAX);
        group = RatisPeer.group(layout);
        client = RaftClient.newBuilder()
                .setProperties(properties)
                .setRaftGroup(group)
                .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(ATTEMPTS_MAX, BETWEEN_ATTEMPTS))
                .build();
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return client.async().send(message(KeyValue.set(key, value))).thenCompose(RatisContender::settle);
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return client.async()
                .sendReadOnly(message(KeyValue.get(key)))
                .thenCompose(RatisContender::settle)
                .thenApply(answer -> KeyValue.value(answer.toByteArray()));
    }

    private static Message message(byte[] bytes) {
        return Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes));
    }

    private static CompletableFuture<ByteString> settle(RaftClientReply reply) {
        if (!reply.isSuccess()) {
            return CompletableFuture.failedFuture(
                    reply.getException() != null ? reply.getException() : new IOException(reply.toString()));
        }
        return CompletableFuture.completedFuture(reply.getMessage().getContent());
    }

    @Override
    public int leader() {
        return IntStream.range(0, Layout.NODES).filter(this::leads).findFirst().orElse(-1);
    }

    private boolean leads(int id) {
        try {
            GroupInfoReply info = client.getGroupManagementApi(RaftPeerId.valueOf(RatisPeer.name(id)))
                    .info(group.getGroupId());
            return info.getRoleInfoProto().getRole() == RaftPeerRole.LEADER;
        } catch (IOException e) {
            return false; // It is down.
        }
    }

    @Override
    public Failure failure(Throwable error) {
        return error instanceof NotDoneException ? Failure.NOT_DONE : Failure.UNKNOWN;
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            System.err.println("closing the client: " + e.getMessage());
        }
    }
}

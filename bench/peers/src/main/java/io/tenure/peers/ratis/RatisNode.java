package io.tenure.peers.ratis;

import io.tenure.peers.KeyValue;
import io.tenure.peers.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.TimeDuration;

/** One node: a map behind Ratis. */
final class RatisNode {
    private static final int PENDING_MAX = 16_384;

    private RatisNode() {}

    /** Runs it, until it is ended from outside. */
    static void run(Layout layout, int id) throws IOException, InterruptedException {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(layout.nodeFolder(id).toFile()));
        GrpcConfigKeys.Server.setHost(properties, Layout.HOST);
        GrpcConfigKeys.Server.setPort(properties, layout.port(id, 0));
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        RaftServerConfigKeys.Write.setElementLimit(properties, PENDING_MAX);
        RaftServer server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(RatisPeer.name(id)))
                .setGroup(RatisPeer.group(layout))
                .setProperties(properties)
                .setStateMachine(new MapStateMachine())
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        server.start();
        new CountDownLatch(1).await();
    }

    /** The map. */
    private static final class MapStateMachine extends BaseStateMachine {
        private static final Message DONE = Message.valueOf(ByteString.copyFrom(new byte[1]));

        private final Map<String, String> map = new ConcurrentHashMap<>();

        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            LogEntryProto entry = transaction.getLogEntry();
            KeyValue.decode(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer())
                    .applyTo(map);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(DONE);
        }

        @Override
        public CompletableFuture<Message> query(Message request) {
            KeyValue asked = KeyValue.decode(request.getContent().asReadOnlyByteBuffer());
            return CompletableFuture.completedFuture(Message.valueOf(ByteString.copyFrom(asked.applyTo(map))));
        }
    }
}

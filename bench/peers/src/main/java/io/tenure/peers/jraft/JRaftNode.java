package io.tenure.peers.jraft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import io.tenure.peers.KeyValue;
import io.tenure.peers.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** One node: a map behind SOFAJRaft. */
final class JRaftNode {
    private static final int ELECTION_TIMEOUT_MILLIS = 1000;
    private static final byte[] NO_CONTEXT = new byte[0];

    private final Map<String, String> map = new ConcurrentHashMap<>();
    private final Node node;

    /** Starts it. */
    JRaftNode(Layout layout, int id, ReadOnlyOption reads) throws IOException {
        KvSerializer.register();
        Configuration members = new Configuration();
        for (int member = 0; member < Layout.NODES; member++) {
            members.addPeer(new PeerId(Layout.HOST, layout.port(member, 0)));
        }
        PeerId self = new PeerId(Layout.HOST, layout.port(id, 0));
        Path folder = Files.createDirectories(layout.nodeFolder(id));

        RaftOptions raft = new RaftOptions();
        raft.setSync(true);
        raft.setSyncMeta(true);
        raft.setReadOnlyOptions(reads);
        NodeOptions options = new NodeOptions();
        options.setInitialConf(members);
        options.setElectionTimeoutMs(ELECTION_TIMEOUT_MILLIS);
        options.setFsm(new StateMachine());
        options.setLogUri(folder.resolve("log").toString());
        options.setRaftMetaUri(folder.resolve("meta").toString());
        options.setDisableCli(true);
        options.setRaftOptions(raft);

        RpcServer server = RaftRpcServerFactory.createRaftRpcServer(self.getEndpoint());
        server.registerProcessor(new Requests());
        RaftGroupService service = new RaftGroupService(JRaftPeer.GROUP, self, options, server);
        node = service.start();
    }

    private int leaderPort() {
        PeerId leader = node.getLeaderId();
        return leader == null ? 0 : leader.getPort();
    }

    /** Takes requests of clients; never waits. */
    private final class Requests implements RpcProcessor<KvMessage> {
        @Override
        public void handleRequest(RpcContext context, KvMessage request) {
            if (!node.isLeader(false)) {
                context.sendResponse(Answers.notLeader(leaderPort()));
                return;
            }
            KeyValue asked = KeyValue.decode(ByteBuffer.wrap(request.bytes));
            if (asked.isSet()) {
                node.apply(new Task(ByteBuffer.wrap(request.bytes), new Write(asked, context)));
            } else {
                node.readIndex(NO_CONTEXT, new Read(asked, context));
            }
        }

        @Override
        public String interest() {
            return KvMessage.class.getName();
        }

        /** On the transport's own thread: there is nothing to wait for, and few cores to change between. */
        @Override
        public Executor executor() {
            return Runnable::run;
        }
    }

    private void refuse(RpcContext context, Status status) {
        context.sendResponse(
                status.getRaftError() == com.alipay.sofa.jraft.error.RaftError.EPERM
                        ? Answers.notLeader(leaderPort())
                        : Answers.failed(status.toString()));
    }

    /** What becomes of a write. */
    private final class Write implements Closure {
        private final KeyValue asked;
        private final RpcContext context;

        Write(KeyValue asked, RpcContext context) {
            this.asked = asked;
            this.context = context;
        }

        @Override
        public void run(Status status) {
            if (status.isOk()) {
                context.sendResponse(Answers.done(asked.applyTo(map)));
            } else {
                refuse(context, status);
            }
        }
    }

    /** What becomes of a read. */
    private final class Read extends ReadIndexClosure {
        private final KeyValue asked;
        private final RpcContext context;

        Read(KeyValue asked, RpcContext context) {
            this.asked = asked;
            this.context = context;
        }

        @Override
        public void run(Status status, long index, byte[] requestContext) {
            if (status.isOk()) {
                context.sendResponse(Answers.done(asked.applyTo(map)));
            } else {
                refuse(context, status);
            }
        }
    }

    /** Applies what is committed. */
    private final class StateMachine extends StateMachineAdapter {
        @Override
        public void onApply(Iterator entries) {
            while (entries.hasNext()) {
                Closure done = entries.done();
                if (done != null) {
                    done.run(Status.OK());
                } else {
                    KeyValue.decode(entries.getData()).applyTo(map);
                }
                entries.next();
            }
        }
    }
}

package io.tenure.bench.jmh;

import io.tenure.bench.process.Await;
import io.tenure.handoff.Bell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.Stage;
import io.tenure.net.KnownPeers;
import io.tenure.net.LinkListener;
import io.tenure.net.Membership;
import io.tenure.net.NettyStageRunner;
import io.tenure.net.Network;
import io.tenure.net.NodeIdentity;
import io.tenure.net.PeerLinkLimits;
import io.tenure.net.PeerLinks;
import io.tenure.net.PeerServer;
import io.tenure.protocol.HostPort;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
 * A stage of a commit: an AppendEntry to a peer and its reply, one at a time, over the links of a node and the loopback address: encoded,
 * framed, sent, read by the other event loop, decoded and checked, put into an inbox, answered from a turn of that loop; then the
 * same for the reply. All turns are on the two event loops, as with {@code threading: shared}. Neither core nor disk is in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReplicateBenchmark extends Forked {
    private static final int ROUND_TRIPS = 64;
    private static final int LEADER = 0;
    private static final int FOLLOWER = 1;
    private static final EntryId PREV = new EntryId(1_000, Writes.TERM);
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

    /** Entries of a message. */
    @Param({"1", "64"})
    public int batch;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final WaitingThread here = new WaitingThread();
    private final AtomicInteger left = new AtomicInteger();
    private Message request;
    private Message reply;
    private Side leader;
    private Side follower;

    /** Connects two nodes, as far as they are links. */
    @Setup
    public void setUp() throws BindException, InterruptedException {
        request = new Message.AppendEntry(
                Writes.TERM, PREV, Writes.batch(batch, valueBytes, 1), PREV.index(), 1_000, 1, 1);
        long match = PREV.index() + batch;
        reply = new Message.AppendEntryReply(Writes.TERM, 1, true, true, match, match, null, false);
        SortedMap<Integer, HostPort> addresses = new TreeMap<>();
        for (int id : List.of(LEADER, FOLLOWER)) {
            addresses.put(id, new HostPort("127.0.0.1", 0));
        }
        leader = new Side(LEADER, addresses, each -> onReply());
        follower = new Side(FOLLOWER, addresses, each -> follower.send(LEADER, reply));
        leader.connect(addresses);
        follower.connect(addresses);
        Await.await(
                CONNECT_PATIENCE,
                () -> (leader.links.isUp(FOLLOWER) && follower.links.isUp(LEADER)) ? Boolean.TRUE : null,
                () -> "connected");
    }

    /** Closes all. */
    @TearDown
    public void tearDown() {
        leader.close();
        follower.close();
    }

    /** 64 round trips, one after the other; the score is for one. */
    @Benchmark
    @OperationsPerInvocation(ROUND_TRIPS)
    public int roundTrip() throws InterruptedException {
        left.set(ROUND_TRIPS);
        leader.network.loop().execute(() -> leader.send(FOLLOWER, request));
        here.awaitUntil(() -> left.get() == 0);
        return ROUND_TRIPS;
    }

    private void onReply() {
        if (left.decrementAndGet() == 0) {
            here.ring();
        } else {
            leader.send(FOLLOWER, request);
        }
    }

    /** What one node has of network: its loop, its server, its links, and a stage in the place of its raft agent. */
    private final class Side implements Stage {
        private final Network network =
                Network.open(task -> new Thread(task, "benchmark-network"), System::nanoTime, Runnable::run);
        private final Bell bell = new Bell();
        private final Inbox<Input.Receive> inbox = new Inbox<>(16, bell);
        private final Consumer<Input.Receive> received;
        private final Membership membership;
        private final PeerServer server;
        private final NettyStageRunner runner;
        private PeerLinks links;

        Side(int id, SortedMap<Integer, HostPort> addresses, Consumer<Input.Receive> received) throws BindException {
            this.received = received;
            NodeIdentity self = new NodeIdentity("benchmark", id, id + 1, 1, id + 1, false);
            membership = new Membership(self, addresses, new KnownPeers(List.of(), known -> {}));
            server = new PeerServer(network, membership, inbox, peer -> {});
            server.open(addresses.get(id));
            addresses.put(id, new HostPort("127.0.0.1", server.address().getPort()));
            runner = network.newRunner(here::fail);
            bell.connect(runner);
            runner.start(this);
        }

        void connect(SortedMap<Integer, HostPort> addresses) {
            links = new PeerLinks(
                    network,
                    new Membership(membership.self(), addresses, membership.known()),
                    PeerLinkLimits.defaults(),
                    new SplittableRandom(1),
                    new LinkListener() {});
            links.open();
        }

        void send(int peer, Message message) {
            if (!links.send(peer, message)) {
                here.fail(new IllegalStateException("the link to node " + peer + " is down or full"));
            }
            links.flush();
        }

        @Override
        public int doWork() {
            return inbox.drain(received, 16);
        }

        @Override
        public long wakeAtNanos() {
            return NEVER;
        }

        @Override
        public String roleName() {
            return "benchmark-peer";
        }

        void close() {
            server.close();
            links.close().join();
            runner.stop().join();
            network.close();
        }
    }
}

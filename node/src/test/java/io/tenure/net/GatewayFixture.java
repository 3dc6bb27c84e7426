package io.tenure.net;

import io.tenure.entry.KeyHash;
import io.tenure.entry.KeyValue;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.Reply;
import io.tenure.handoff.StoreReader;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.raft.Freshness;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.DirectBuffer;

/** Node 1 of three around a gateway: everything but the gateway is in the test's hands. */
final class GatewayFixture {
    static final ClusterView CLUSTER = new ClusterView(
            "test",
            1,
            new TreeMap<>(Map.of(
                    0, new HostPort("node0", 7200),
                    1, new HostPort("node1", 7201),
                    2, new HostPort("node2", 7202))));

    final Map<String, String> map = new HashMap<>();
    final AtomicReference<Lease> lease = new AtomicReference<>();
    final AtomicReference<Freshness> freshness = new AtomicReference<>();
    final AtomicReference<NodeStatus> status = new AtomicReference<>();
    final Deque<Long> tickets = new ArrayDeque<>();
    final List<String> received = new ArrayList<>();
    final ClientRing ring;
    final Inbox<Reply> replies;
    final ClientGateway gateway;
    final long nowNanos = 1_000_000_000;
    final List<Input.Transfer> transfers = new ArrayList<>();
    int coreBellRings;
    long lastTicket;

    /** A connection that keeps what it is told. */
    static final class FakeConnection implements ClientConnection {
        final List<ClientReply> sent = new ArrayList<>();
        int flushes;
        boolean isPaused;

        @Override
        public void send(ClientReply reply) {
            sent.add(reply);
        }

        @Override
        public void flush() {
            flushes++;
        }

        @Override
        public void pauseReading() {
            isPaused = true;
        }

        @Override
        public void resumeReading() {
            isPaused = false;
        }
    }

    GatewayFixture(GatewayLimits limits) {
        this(limits, () -> {});
    }

    GatewayFixture(GatewayLimits limits, Doorbell gatewayBell) {
        ring = new ClientRing(1 << 14, limits.valueBytesMax() + 4096);
        replies = new Inbox<>(64, gatewayBell);
        StoreReader store = new StoreReader() {
            @Override
            public long appliedIndex() {
                return 10;
            }

            @Override
            public byte[] find(byte[] key) {
                String text = new String(key, StandardCharsets.UTF_8);
                return map.containsKey(text) ? KeyValue.of(text, map.get(text)) : null;
            }
        };
        LeaseRead leaseRead = new LeaseRead(lease::get, store, () -> nowNanos, KeyHash::of);
        GatewaySeams seams = new GatewaySeams(
                ring,
                () -> coreBellRings++,
                this::tookTransfer,
                replies,
                status::get,
                freshness::get,
                0.01,
                store,
                () -> nowNanos);
        gateway = new ClientGateway(
                CLUSTER,
                leaseRead,
                seams,
                limits,
                (isSet, key, value) -> received.add(isSet ? "SET " + key + " " + value : "GET " + key));
    }

    void lead(long term) {
        status.set(new NodeStatus(Role.LEADER, term, 1, true, nowNanos + 350_000_000, 20, 15, DiskSpace.UNKNOWN, null));
    }

    void follow(long term, int leader) {
        status.set(new NodeStatus(Role.FOLLOWER, term, leader, false, 0, 20, 15, DiskSpace.UNKNOWN, null));
    }

    void lease() {
        lease.set(new Lease(status.get().term(), 0, nowNanos + 350_000_000, 10, Lease.Limbo.NONE));
    }

    /** Takes all requests out of the ring, as the core would. */
    List<String> drainRing() {
        List<String> taken = new ArrayList<>();
        ring.drain(
                new ClientRing.Handler() {
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
                        took(ticket);
                        taken.add("SET " + buffer.getStringWithoutLengthUtf8(keyOffset, keyLength) + " "
                                + buffer.getStringWithoutLengthUtf8(valueOffset, valueLength) + " session " + session
                                + " born " + birthIndex + " number " + number);
                    }

                    @Override
                    public void onRead(long ticket, String key) {
                        took(ticket);
                        taken.add("READ " + key);
                    }

                    @Override
                    public void onReadHere(long ticket, long index, String key) {
                        took(ticket);
                        taken.add("READ " + key + " HERE AT " + index);
                    }

                    @Override
                    public void onOpenSession(long ticket) {
                        took(ticket);
                        taken.add("OPEN");
                    }
                },
                Integer.MAX_VALUE);
        return taken;
    }

    private boolean tookTransfer(Input.Transfer transfer) {
        took(transfer.ticket());
        return transfers.add(transfer);
    }

    private void took(long ticket) {
        lastTicket = ticket;
        tickets.add(ticket);
    }

    /** Answers the oldest request taken, from this node leading in term 4, and has the gateway pass the answer on. */
    void reply(Reply.Outcome outcome, long index, long session, String value) {
        replies.offer(new Reply(tickets.remove(), outcome, 4, 1, index, session, value));
        gateway.doWork();
    }
}

package io.tenure.net;

import io.tenure.handoff.ClientRing;
import io.tenure.handoff.Reply;
import io.tenure.handoff.Stage;
import io.tenure.protocol.SetFrame;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.ReadMode;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.protocol.proto.TransferRequest;
import io.tenure.raft.Input;
import io.tenure.raft.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where requests of clients enter a node and answers leave it. Lease reads are answered on the spot (DESIGN.md, D7); what
 * the core must decide gets a ticket and goes into the ring; a turn of this stage takes answers to tickets and sends each
 * to whoever waits for it. Knows nothing of sockets. Nothing waits: what has no room is answered BUSY, and its client is
 * not read from until there is some (D8). Confined to the network thread.
 */
public final class ClientGateway implements Stage {
    private static final int REPLIES_A_TURN_MAX = 4096;

    private final GatewaySeams seams;
    private final ClientRing ring;
    private final GatewayLimits limits;
    private final LeaseRead leaseRead;
    private final LocalRead localRead;
    private final RequestListener listener;
    private final Answers answers;
    private final Tickets tickets;
    private final ArrayDeque<Client> paused = new ArrayDeque<>();
    private final List<Client> answered = new ArrayList<>();
    private final Consumer<Reply> onReply = this::onReply;

    /** A connected client. Made by {@link #connect}. */
    public static final class Client {
        private final ClientConnection connection;
        private boolean closed;
        private boolean isPaused;
        private boolean isAnswered;
        int tickets;

        private Client(ClientConnection connection) {
            this.connection = connection;
        }
    }

    /** Makes the gateway of one node. */
    public ClientGateway(
            ClusterView cluster,
            LeaseRead leaseRead,
            GatewaySeams seams,
            GatewayLimits limits,
            RequestListener listener) {
        this.seams = seams;
        this.ring = seams.ring();
        this.limits = limits;
        this.leaseRead = leaseRead;
        this.localRead = new LocalRead(seams.freshness(), seams.store(), seams.clock(), seams.clockDriftMax());
        this.listener = listener;
        this.answers = new Answers(cluster, seams, limits.sessionWindow());
        this.tickets = new Tickets(limits.ticketsMax());
    }

    /** A client connected; what it asks comes with the handle returned. */
    public Client connect(ClientConnection connection) {
        return new Client(connection);
    }

    /**
     * A client is gone: what comes for it is thrown away. What the core has of it may still take effect, and counts as
     * under way until the core has answered.
     */
    public void disconnect(Client client) {
        if (client.closed) {
            return;
        }
        client.closed = true;
        if (client.isPaused) {
            client.isPaused = false;
            paused.remove(client);
        }
    }

    /** A request came in. An answer given on the spot leaves at {@link #onReadComplete}. */
    public void onRequest(Client client, ClientRequest request) {
        if (client.closed) {
            return;
        }
        switch (request.getOperationCase()) {
            case GET -> onGet(client, request.getId(), request.getGet());
            case SET -> onSet(client, request.getId(), request.getSet());
            case OPEN_SESSION -> onOpenSession(client, request.getId());
            case TRANSFER -> onTransfer(client, request.getId(), request.getTransfer());
            case STATUS -> client.connection.send(answers.nodeStatus(request.getId()));
            case OPERATION_NOT_SET ->
                client.connection.send(answers.invalid(
                        request.getId(), "a request needs an operation: set, get, open_session, transfer or status"));
        }
    }

    /** What could be read at once has been delivered. */
    public void onReadComplete(Client client) {
        if (!client.closed) {
            client.connection.flush();
        }
    }

    private void onGet(Client client, long id, GetRequest get) {
        String wrong = Requests.wrongWith(get, limits.keyBytesMax());
        if (wrong != null) {
            client.connection.send(answers.invalid(id, wrong));
            return;
        }
        if (leads() && listener.takesNext()) {
            listener.received(false, get.getKey().toStringUtf8(), null);
        }
        ReadMode mode = get.getMode();
        byte[] key = Bytes.of(get.getKey());
        boolean byLease = mode == ReadMode.LEASE || mode == ReadMode.FOLLOWER || mode == ReadMode.BOUNDED;
        if (byLease && leaseRead.read(key)) {
            client.connection.send(answers.leaseRead(id, leaseRead));
            return;
        }
        boolean local = mode == ReadMode.SESSION || mode == ReadMode.BOUNDED;
        long ageMax = mode == ReadMode.BOUNDED ? get.getStalenessMillisMax() : LocalRead.ANY_AGE;
        if (local && localRead.read(key, get.getLeastIndex(), ageMax)) {
            client.connection.send(answers.localRead(id, localRead));
            return;
        }
        long ticket = take(client, id, kindOf(mode));
        if (ticket != Tickets.NONE) {
            handOver(client, id, ticket, offer(ticket, get));
        }
    }

    private static Tickets.Kind kindOf(ReadMode mode) {
        return switch (mode) {
            case SESSION -> Tickets.Kind.GET_SESSION;
            case BOUNDED -> Tickets.Kind.GET_BOUNDED;
            default -> Tickets.Kind.GET;
        };
    }

    /** What is not new enough by itself is confirmed by the leader. */
    private boolean offer(long ticket, GetRequest get) {
        String key = get.getKey().toStringUtf8();
        return switch (get.getMode()) {
            case SESSION -> ring.offerReadHere(ticket, get.getLeastIndex(), key);
            case FOLLOWER, BOUNDED -> ring.offerReadHere(ticket, Input.ReadHere.NEWEST, key);
            default -> ring.offerRead(ticket, key);
        };
    }

    private void onSet(Client client, long id, SetRequest set) {
        String wrong = Requests.wrongWith(set, limits.keyBytesMax(), limits.valueBytesMax());
        if (wrong != null) {
            client.connection.send(answers.invalid(id, wrong));
            return;
        }
        if (leads() && listener.takesNext()) {
            listener.received(true, set.getKey().toStringUtf8(), set.getValue().toStringUtf8());
        }
        long ticket = take(client, id, Tickets.Kind.SET);
        if (ticket != Tickets.NONE) {
            boolean offered = ring.offerSet(
                    ticket,
                    set.getSession(),
                    set.getBirthIndex(),
                    set.getNumber(),
                    Bytes.of(set.getKey()),
                    Bytes.of(set.getValue()));
            handOver(client, id, ticket, offered);
        }
    }

    /** A write came in; as {@link #onRequest}. */
    public void onSet(Client client, SetFrame set) {
        if (client.closed) {
            return;
        }
        String wrong = Requests.wrongWith(set, limits.keyBytesMax(), limits.valueBytesMax());
        if (wrong != null) {
            client.connection.send(answers.invalid(set.id(), wrong));
            return;
        }
        if (leads() && listener.takesNext()) {
            String text = new String(set.bytes(), StandardCharsets.US_ASCII);
            listener.received(true, text.substring(0, set.keyLength()), text.substring(set.keyLength()));
        }
        long ticket = take(client, set.id(), Tickets.Kind.SET);
        if (ticket != Tickets.NONE) {
            boolean offered =
                    ring.offerSet(ticket, set.session(), set.birthIndex(), set.number(), set.bytes(), set.keyLength());
            handOver(client, set.id(), ticket, offered);
        }
    }

    private void onOpenSession(Client client, long id) {
        long ticket = take(client, id, Tickets.Kind.OPEN_SESSION);
        if (ticket != Tickets.NONE) {
            handOver(client, id, ticket, ring.offerOpenSession(ticket));
        }
    }

    /** Not through the ring, where requests wait for the very transfer. */
    private void onTransfer(Client client, long id, TransferRequest transfer) {
        long ticket = take(client, id, Tickets.Kind.TRANSFER);
        if (ticket != Tickets.NONE) {
            int target = transfer.hasTarget() ? transfer.getTarget() : Input.Transfer.ANY;
            handOver(client, id, ticket, seams.transfers().test(new Input.Transfer(ticket, target, Long.MAX_VALUE)));
        }
    }

    private boolean leads() {
        return answers.status().role() == Role.LEADER;
    }

    private long take(Client client, long id, Tickets.Kind kind) {
        long ticket = tickets.take(client, id, kind);
        if (ticket == Tickets.NONE) {
            refuseBusy(client, id, "all " + limits.ticketsMax() + " places for requests are taken");
        }
        return ticket;
    }

    private void handOver(Client client, long id, long ticket, boolean offered) {
        if (!offered) {
            tickets.release(tickets.find(ticket));
            refuseBusy(client, id, "the queue of requests is full");
            return;
        }
        seams.coreBell().ring();
        if (client.tickets >= limits.ticketsPerClientMax()) {
            pause(client);
        }
    }

    private void refuseBusy(Client client, long id, String reason) {
        client.connection.send(answers.busy(id, reason));
        pause(client);
    }

    private void pause(Client client) {
        if (!client.isPaused) {
            client.isPaused = true;
            paused.add(client);
            client.connection.pauseReading();
            client.connection.flush();
        }
    }

    /** In the order in which they were paused; a client that is resumed may deliver at once, and be paused again. */
    private void resumePaused() {
        for (int left = paused.size(); left > 0 && hasRoom() && !paused.isEmpty(); left--) {
            Client client = paused.poll();
            if (client.tickets > limits.ticketsPerClientMax() / 2) {
                paused.add(client);
            } else {
                client.isPaused = false;
                client.connection.resumeReading();
            }
        }
    }

    /** Whether it is worth while to read more; true whenever no ticket is out, so that nobody stays paused for ever. */
    private boolean hasRoom() {
        return tickets.used() < limits.ticketsMax() && tickets.used() <= limits.ticketsMax() - limits.ticketsMax() / 8;
    }

    /** Sends the answers that have come in, one flush a client. */
    @Override
    public int doWork() {
        int count = seams.replies().drain(onReply, REPLIES_A_TURN_MAX);
        for (int i = 0; i < answered.size(); i++) {
            Client client = answered.get(i);
            client.isAnswered = false;
            if (!client.closed) {
                client.connection.flush();
            }
        }
        answered.clear();
        if (count > 0) {
            resumePaused();
        }
        return count == REPLIES_A_TURN_MAX ? 1 : 0;
    }

    private void onReply(Reply reply) {
        int slot = tickets.find(reply.ticket());
        if (slot < 0) {
            return;
        }
        Client client = tickets.client(slot);
        long requestId = tickets.requestId(slot);
        Tickets.Kind kind = tickets.kind(slot);
        tickets.release(slot);
        if (client.closed) {
            return;
        }
        if (kind == Tickets.Kind.SET && reply.outcome() == Reply.Outcome.DONE) {
            client.connection.sendWritten(requestId, answers.nodeId(), reply.term(), reply.leader(), reply.index());
        } else {
            boolean tooOld = kind == Tickets.Kind.GET_BOUNDED && reply.outcome() == Reply.Outcome.LEADER_SILENT;
            client.connection.send(
                    tooOld
                            ? answers.tooOld(requestId, reply, localRead.ageMillisNow())
                            : answers.of(requestId, kind, reply));
        }
        if (!client.isAnswered) {
            client.isAnswered = true;
            answered.add(client);
        }
    }

    @Override
    public long wakeAtNanos() {
        return NEVER;
    }

    @Override
    public String roleName() {
        return "gateway";
    }
}

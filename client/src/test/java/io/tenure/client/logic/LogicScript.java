package io.tenure.client.logic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import io.tenure.protocol.proto.SessionOpened;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plays the world to a {@link RequestLogic}, a step at a time; nodes are told apart by the position of their address. */
final class LogicScript {
    static final long MILLIS = 1_000_000;
    static final long DEADLINE_MILLIS = 10_000;
    static final long SESSION = 77;
    static final List<String> ADDRESSES = List.of("h0:7200", "h1:7201", "h2:7202");

    /** A request on its way to a node. */
    record Sent(int node, int connection, ClientRequest request) {}

    final RequestLogic logic;
    final Map<Long, Result> results = new TreeMap<>();
    final Deque<Sent> sent = new ArrayDeque<>();
    /** Opened connections by node, whether they got through or not. */
    final Map<Integer, Integer> connections = new TreeMap<>();

    final List<Integer> connects = new ArrayList<>();
    final List<Integer> closed = new ArrayList<>();
    private final Map<Integer, Integer> nodes = new TreeMap<>();
    long now = 5;
    private boolean accepting = true;
    /** Nodes at which nobody listens. */
    final Set<Integer> down = new TreeSet<>();

    LogicScript(long seed) {
        this(seed, LogicSettings.DEFAULT);
    }

    LogicScript(long seed, LogicSettings settings) {
        logic = new RequestLogic(settings, ADDRESSES, new Random(seed));
    }

    /** Whether connections open by themselves. */
    void accepting(boolean accept) {
        accepting = accept;
    }

    long set(String key, String value) {
        return after(logic.set(now, utf8(key), utf8(value), now + DEADLINE_MILLIS * MILLIS));
    }

    long get(String key) {
        return after(logic.get(now, utf8(key), ReadMode.LEASE, now + DEADLINE_MILLIS * MILLIS));
    }

    long ask(WriteId id, String key, String value) {
        return after(logic.ask(now, id, utf8(key), utf8(value), now + DEADLINE_MILLIS * MILLIS));
    }

    long status(int node) {
        return after(logic.status(now, ADDRESSES.get(node), now + DEADLINE_MILLIS * MILLIS));
    }

    long transfer(int target) {
        return after(logic.transfer(now, target, now + DEADLINE_MILLIS * MILLIS));
    }

    /** Lets time pass in the steps that the logic asks for. */
    void pass(long millis) {
        long until = now + millis * MILLIS;
        while (logic.wakeAt() <= until) {
            now = Math.max(now, logic.wakeAt());
            logic.tick(now);
            assertThat(logic.wakeAt()).as("after a tick nothing is due").isGreaterThan(now);
            absorb();
        }
        now = until;
        logic.tick(now);
        absorb();
    }

    /** Takes the next request sent. */
    Sent next() {
        assertThat(sent).as("a request was sent").isNotEmpty();
        return sent.poll();
    }

    void answer(Sent to, ClientReply.Builder reply) {
        logic.reply(now, to.connection(), reply.setId(to.request().getId()).build());
        absorb();
    }

    void done(Sent to) {
        answer(to, reply(to.node(), Outcome.DONE).setIndex(9));
    }

    /** Grants the session that the next request must ask for. */
    Sent openSession(int window) {
        Sent open = next();
        assertThat(open.request().hasOpenSession()).isTrue();
        grant(open, SESSION, window);
        return open;
    }

    void grant(Sent open, long session, int window) {
        answer(
                open,
                reply(open.node(), Outcome.DONE)
                        .setSession(SessionOpened.newBuilder()
                                .setSession(session)
                                .setBirthIndex(4)
                                .setWindow(window)));
    }

    void notLeader(Sent to, int leader) {
        answer(
                to,
                reply(to.node(), Outcome.NOT_LEADER)
                        .setLeaderId(leader)
                        .setLeaderAddress(leader < 0 ? "" : ADDRESSES.get(leader)));
    }

    void disconnect(int node) {
        logic.disconnected(now, connections.get(node), "connection reset");
        absorb();
    }

    /** Answers the handshake on a node's connection. */
    void welcome(int node) {
        logic.connected(now, connections.get(node), hello(node).build());
        absorb();
    }

    static HelloReply.Builder hello(int node) {
        return HelloReply.newBuilder()
                .setAccepted(true)
                .setClusterId("c")
                .setNodeId(node)
                .setKeyBytesMax(4096)
                .setValueBytesMax(1 << 20);
    }

    static ClientReply.Builder reply(int node, Outcome outcome) {
        return ClientReply.newBuilder()
                .setOutcome(outcome)
                .setNodeId(node)
                .setTerm(3)
                .setLeaderId(-1);
    }

    Result.Failed failed(long operation) {
        assertThat(results.get(operation)).isInstanceOf(Result.Failed.class);
        return (Result.Failed) results.get(operation);
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private long after(long operation) {
        absorb();
        return operation;
    }

    void absorb() {
        for (List<Action> actions = logic.takeActions(); !actions.isEmpty(); actions = logic.takeActions()) {
            actions.forEach(this::carryOut);
        }
    }

    private void carryOut(Action action) {
        if (action instanceof Action.Connect connect) {
            connects.add(connect.node());
            connections.put(connect.node(), connect.connection());
            nodes.put(connect.connection(), connect.node());
            if (down.contains(connect.node())) {
                logic.disconnected(now, connect.connection(), "connection refused");
            } else if (accepting) {
                logic.connected(now, connect.connection(), hello(connect.node()).build());
            }
        } else if (action instanceof Action.Send send) {
            sent.add(new Sent(nodes.get(send.connection()), send.connection(), send.request()));
        } else if (action instanceof Action.Close close) {
            closed.add(nodes.get(close.connection()));
        } else if (action instanceof Action.Complete complete) {
            assertThat(results.put(complete.operation(), complete.result()))
                    .as("one result")
                    .isNull();
        }
    }
}

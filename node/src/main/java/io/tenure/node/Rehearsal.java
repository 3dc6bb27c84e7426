package io.tenure.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tenure.entry.LineEncoder;
import io.tenure.net.MalformedFrameException;
import io.tenure.net.PeerCodec;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Event;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.Parameters;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.RaftLog;
import io.tenure.raft.Recovered;
import io.tenure.raft.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Elects leaders of three cores in memory, again and again, when a process starts: one dies, one hands over. What a node runs
 * when its leader is gone it would else load, link and interpret for the first time just then, which was measured to take a
 * tenth of a second on a busy machine, longer than all of the election. Nothing here touches the node itself. One thread.
 */
final class Rehearsal {
    private static final List<Integer> NODES = List.of(0, 1, 2);
    private static final int NOBODY = -1;
    private static final int ROUNDS = 60;
    /** Far more than are ever needed. */
    private static final int TURNS_MAX = 200_000;

    private static final long PATIENCE_NANOS = 400_000_000;

    private final Raft[] cores = new Raft[NODES.size()];
    private final Lease[] leases = new Lease[NODES.size()];
    private final PeerCodec[] codecs = new PeerCodec[NODES.size()];
    private final DumpStatements statements = new DumpStatements(0);
    private final Deque<Packet> wire = new ArrayDeque<>();
    /** A leader that nobody hears, or {@link #NOBODY}. */
    private int gone = NOBODY;

    private long now;
    private long written;
    private int turns;

    private record Packet(int from, int to, ByteString frame) {}

    /** Makes cores of a cluster with the timing of {@code like}. */
    Rehearsal(Parameters like) {
        for (int id : NODES) {
            Parameters parameters = new Parameters(
                    id,
                    NODES,
                    like.electionTimeoutMinNanos(),
                    like.electionTimeoutMaxNanos(),
                    like.heartbeatNanos(),
                    like.leaseMillis(),
                    like.clockDriftMax(),
                    like.strictLease(),
                    like.diskDeadlineNanos(),
                    like.batchBytesMax(),
                    like.inflightBytesMax(),
                    like.uncommittedBytesMax(),
                    like.logWindowBytesMax(),
                    like.snapshotBytesPerSecondMax(),
                    like.limboKeysMax());
            Recovered empty = new Recovered(HardState.INITIAL, 0, new RaftLog());
            cores[id] = new Raft(parameters, empty, LineEncoder::noOp, new SplittableRandom(id), now);
            codecs[id] = new PeerCodec(id);
        }
    }

    /** Plays it all; returns how many leaders there were. */
    int play() {
        int leader = nextAfter(NOBODY);
        for (int round = 0; round < ROUNDS; round++) {
            serve(leader);
            leader = round % 2 == 0 ? handOver(leader) : die(leader);
        }
        return ROUNDS + 1;
    }

    private void serve(int leader) {
        written++;
        step(leader, new Input.Propose(written, LineEncoder.set("key" + written, "value", 1, written, term(leader))));
        step(leader, new Input.Read(written));
        long index = cores[leader].log().lastIndex();
        while (cores[leader].commitIndex() < index) {
            turn();
        }
    }

    private int handOver(int leader) {
        while (cores[leader].role() == Role.LEADER) {
            if (!cores[leader].holdsRequests()) {
                step(leader, new Input.Transfer(Input.NO_TICKET, Input.Transfer.ANY, PATIENCE_NANOS));
            }
            turn();
        }
        return nextAfter(leader);
    }

    private int die(int leader) {
        gone = leader;
        for (int id : NODES) {
            if (id != leader) {
                step(id, new Input.LinkLost(leader));
                step(id, new Input.PeerGone(leader));
            }
        }
        int next = nextAfter(leader);
        gone = NOBODY;
        while (cores[leader].role() == Role.LEADER) {
            turn();
        }
        return next;
    }

    private int nextAfter(int old) {
        while (true) {
            for (int id : NODES) {
                if (id != old && cores[id].role() == Role.LEADER && cores[id].lease() != null) {
                    return id;
                }
            }
            turn();
        }
    }

    /** A message arrives, or if there is none, time passes. */
    private void turn() {
        if (++turns > TURNS_MAX) {
            throw new IllegalStateException("a rehearsal without end");
        }
        Packet packet = wire.poll();
        if (packet == null) {
            pass();
        } else if (packet.from != gone && packet.to != gone) {
            step(packet.to, new Input.Receive(packet.from, decode(packet)));
        }
    }

    private Message decode(Packet packet) {
        try {
            return codecs[packet.to].decode(packet.from, PeerFrame.parseFrom(packet.frame));
        } catch (MalformedFrameException | InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private void pass() {
        long next = Long.MAX_VALUE;
        for (Raft core : cores) {
            next = Math.min(next, core.wakeAtNanos());
        }
        now = Math.max(now, next);
        for (int id : NODES) {
            if (now >= cores[id].wakeAtNanos()) {
                step(id, new Input.Tick());
            }
        }
    }

    private void step(int id, Input input) {
        cores[id].step(now, input);
        finish(id);
        for (Persist write = cores[id].takePersist(); write != null; write = cores[id].takePersist()) {
            cores[id].step(now, new Input.Persisted(write.seq()));
            finish(id);
        }
    }

    private void finish(int id) {
        Output output = cores[id].finishTurn();
        Lease lease = cores[id].lease();
        if (lease != null && !lease.equals(leases[id])) {
            leases[id] = lease;
        }
        for (Event event : output.events()) {
            if (event.kind().isStatement()) {
                statements.of(event);
            }
        }
        for (Output.Send send : output.messages()) {
            wire.add(new Packet(id, send.to(), codecs[id].encode(send.message()).toByteString()));
        }
        output.logChanges().clear();
        output.clear();
        output.clearCommitted();
    }

    private long term(int leader) {
        return cores[leader].currentTerm();
    }
}

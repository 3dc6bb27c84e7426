package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Event;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.RaftLog;
import io.tenure.raft.Recovered;
import io.tenure.store.SessionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RaftAgentTest {
    private static final String SETTINGS = """
            nodeId: 0
            clusterId: test
            members:
              - {id: 0, peer: "127.0.0.1:1", client: "127.0.0.1:2"}
              - {id: 1, peer: "127.0.0.1:3", client: "127.0.0.1:4"}
              - {id: 2, peer: "127.0.0.1:5", client: "127.0.0.1:6"}
            """;

    private final Inbox<Input.Receive> peers = new Inbox<>(16, () -> {});
    private final Inbox<Persist> journal = new Inbox<>(16, () -> {});
    private final Inbox<Output.DiskTask> diskTasks = new Inbox<>(16, () -> {});
    private final AtomicLong persistedSeq = new AtomicLong();
    private final RaftAgent agent = agent();

    /**
     * A follower learns that entries are committed before it has them on disk, where others may still stand in their place. A peer
     * that repairs its files gets what is on disk, and must not take that for committed.
     */
    @Test
    void aPeerThatRepairsItselfIsToldOfNoMoreCommittedEntriesThanTheJournalHas() {
        List<Entry> entries = List.of(LineEncoder.noOp(1), LineEncoder.set("x", "1", 0, 0, 1));
        peers.offer(new Input.Receive(1, new Message.AppendEntry(1, EntryId.NONE, entries, 2, 0, 0, 1)));
        agent.doWork();
        assertThat(agent.raft().commitIndex()).isEqualTo(2);
        assertThat(committedInAnswer()).isZero();

        journal.drain(persist -> persistedSeq.set(persist.seq()), 16);
        assertThat(persistedSeq).hasPositiveValue();
        agent.doWork();
        assertThat(committedInAnswer()).isEqualTo(2);
    }

    private long committedInAnswer() {
        peers.offer(new Input.Receive(2, Message.RepairRequest.entries(1)));
        agent.doWork();
        List<Output.DiskTask> tasks = new ArrayList<>();
        diskTasks.drain(tasks::add, 16);
        assertThat(tasks).hasSize(1);
        return ((Output.RepairRead) tasks.get(0)).commitIndex();
    }

    private RaftAgent agent() {
        Settings settings = Settings.parse("node0.yaml", SETTINGS);
        Raft raft = new Raft(
                settings.toParameters(),
                new Recovered(HardState.INITIAL, 0, new RaftLog()),
                LineEncoder::noOp,
                new SplittableRandom(1),
                0);
        RaftRings rings = new RaftRings(
                peers,
                new ClientRing(1 << 16, 1 << 10),
                new Inbox<>(16, () -> {}),
                persistedSeq,
                journal,
                diskTasks,
                new Deaf(),
                new Inbox<>(16, () -> {}),
                new Inbox<>(RaftRings.REPLIES_MAX, () -> {}),
                new AtomicReference<>(),
                new AtomicReference<>(),
                new AtomicLong(),
                new AtomicReference<>(),
                new AtomicReference<>(),
                () -> 0,
                new AtomicReference<>(DiskSpace.UNKNOWN));
        SnapshotSchedule snapshots = new SnapshotSchedule(1 << 30, 0, EntryId.NONE, 0);
        return new RaftAgent(raft, new SessionTable(16, 16), snapshots, () -> 0, rings, new Silent());
    }

    /** Takes every message, and brings none anywhere. */
    private static final class Deaf implements PeerSender {
        @Override
        public boolean send(int peer, Message message) {
            return true;
        }

        @Override
        public void shutOut(int peer) {}

        @Override
        public void flush() {}
    }

    private static final class Silent implements NodeListener {
        @Override
        public void event(Event event) {}

        @Override
        public void rpcFailed(int peer) {}

        @Override
        public void applied(long firstIndex, List<Entry> entries, boolean leader) {}

        @Override
        public void received(boolean isSet, String key, String value) {}
    }
}

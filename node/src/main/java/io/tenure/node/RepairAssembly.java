package io.tenure.node;

import io.tenure.handoff.Bell;
import io.tenure.handoff.Inbox;
import io.tenure.journal.Identity;
import io.tenure.journal.JournalException;
import io.tenure.journal.Repair;
import io.tenure.net.KnownPeers;
import io.tenure.net.NodeIdentity;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import java.util.List;

/**
 * A node that repairs its files, put together: a stage and the way to its peers, nothing else. Once {@code done} has run, the
 * folder is free and a {@link NodeAssembly} can be made. As there, production and simulation differ in the seams only.
 */
final class RepairAssembly {
    private final Bell bell = new Bell();
    private final RepairStage stage;

    /**
     * Takes the folder, and looks for what it lacks.
     *
     * @throws io.tenure.journal.JournalException if peers can't help; the message says what to do
     */
    RepairAssembly(Settings settings, Seams seams, Runnable done) {
        // Alone, it has nobody to break its word to.
        HardState forgotten =
                settings.members().size() > 1 ? HardState.forgotten(seams.leaseMillisMax()) : HardState.INITIAL;
        Repair repair = Repair.open(
                seams.disk(),
                settings.nodeFolder(),
                new Identity(settings.clusterId(), settings.nodeId()),
                new Repair.Forgotten(seams.random().nextLong(1, Long.MAX_VALUE), forgotten));
        if (settings.members().size() == 1 && !repair.isDone() && !repair.isWaitingForRoom()) {
            repair.close();
            throw new JournalException("Damaged: " + repair.problems().get(0)
                    + ". This node is the only member, so nobody has a good copy. Way out: put a backup of the folder in its"
                    + " place");
        }
        NodeIdentity identity = new NodeIdentity(
                settings.clusterId(),
                settings.nodeId(),
                repair.incarnation(),
                repair.bootCount(),
                0,
                repair.isRejoining());
        KnownPeers known = new KnownPeers(List.of(), peers -> {});
        Inbox<Input.Receive> inbox = new Inbox<>(RaftRings.PEER_MESSAGES_MAX, bell);
        Inbox<Input> completions = new Inbox<>(RaftRings.COMPLETIONS_MAX, bell);
        List<Integer> peers = settings.members().stream()
                .map(Settings.Member::id)
                .filter(id -> id != settings.nodeId())
                .toList();
        stage = new RepairStage(
                repair,
                peers,
                seams.clock(),
                inbox,
                seams.links().connect(identity, known, inbox, completions),
                () -> seams.afterDisk().accept(done));
    }

    /** The only stage. */
    NodeAssembly.Part repairStage() {
        return new NodeAssembly.Part(stage, bell);
    }
}

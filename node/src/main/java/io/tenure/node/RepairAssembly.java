package io.tenure.node;

import io.tenure.handoff.Bell;
import io.tenure.handoff.Inbox;
import io.tenure.journal.Identity;
import io.tenure.journal.JournalException;
import io.tenure.journal.Repair;
import io.tenure.net.NodeIdentity;
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
        Repair repair =
                Repair.open(seams.disk(), settings.nodeFolder(), new Identity(settings.clusterId(), settings.nodeId()));
        if (repair.incarnation() == 0) {
            repair.close();
            throw new JournalException("Damaged: " + settings.nodeFolder() + ": "
                    + repair.problems().get(0) + ". Term and vote of this node are lost, so it can't be repaired");
        }
        // The metadata may be lost, and with it what this node was.
        long incarnation = repair.incarnation() != 0
                ? repair.incarnation()
                : seams.random().nextLong(1, Long.MAX_VALUE);
        NodeIdentity identity =
                new NodeIdentity(settings.clusterId(), settings.nodeId(), incarnation, repair.bootCount());
        Inbox<Input.Receive> inbox = new Inbox<>(RaftRings.PEER_MESSAGES_MAX, bell);
        Inbox<Input> completions = new Inbox<>(RaftRings.COMPLETIONS_MAX, bell);
        List<Integer> peers = settings.members().stream()
                .map(Settings.Member::id)
                .filter(id -> id != settings.nodeId())
                .toList();
        stage = new RepairStage(
                repair,
                peers,
                incarnation,
                seams.clock(),
                inbox,
                seams.links().connect(identity, inbox, completions),
                () -> seams.afterDisk().accept(done));
    }

    /** The only stage. */
    NodeAssembly.Part repairStage() {
        return new NodeAssembly.Part(stage, bell);
    }
}

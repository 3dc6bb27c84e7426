package io.tenure.node;

import io.tenure.journal.Need;
import io.tenure.raft.Message;
import java.util.List;

/**
 * Whether a node that repairs itself may hope for what it lacks. There is none once <em>every</em> other member has said that
 * it can't give it, no snapshot that would do is there or can be made, and those whose own copy is not damaged are too few to go
 * on without this node: what nobody has nobody can commit again, either. A peer that can't be reached is hope.
 *
 * @param need what is wanted
 * @param lowestSnapshotIndex what a snapshot must reach to be of help
 * @param peers all other members
 */
record RepairOutlook(Need need, long lowestSnapshotIndex, List<RepairPeer> peers) {
    /** Whether waiting is in vain. */
    boolean isHopeless() {
        int fit = 0;
        for (RepairPeer peer : peers) {
            Message.RepairReply refusal = peer.refusal();
            if (refusal == null || canSendSnapshot(refusal)) {
                return false;
            }
            fit += refusal.copy().damaged() ? 0 : 1;
        }
        int majority = (peers.size() + 1) / 2 + 1;
        return fit < majority;
    }

    /** It has one that would do, or makes one, as it knows what is to be in it. */
    private boolean canSendSnapshot(Message.RepairReply reply) {
        boolean canMake = !reply.copy().repairing() && reply.commitIndex() >= lowestSnapshotIndex;
        return canMake || reply.copy().snapshotIndex() >= lowestSnapshotIndex;
    }

    /** What every peer has said, for people. */
    String answers() {
        StringBuilder text = new StringBuilder();
        for (RepairPeer peer : peers) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append("node ")
                    .append(peer.id)
                    .append(": ")
                    .append(answer(peer));
        }
        return text.toString();
    }

    private String answer(RepairPeer peer) {
        Message.RepairReply refusal = peer.refusal();
        if (refusal == null) {
            return peer.unanswered() > 0 ? "no answer yet" : "has not been asked yet";
        } else if (refusal.copy().damaged()) {
            return "its copy is damaged, too";
        } else if (need instanceof Need.Snapshot) {
            return "has no snapshot that reaches so far";
        } else if (!refusal.log().entries().isEmpty()) {
            return "has an entry there, but nothing proves that it is the one that stood here";
        } else {
            return refusal.copy().snapshotIndex() >= refusal.log().firstIndex()
                    ? "has only a snapshot, up to entry " + refusal.copy().snapshotIndex()
                            + ", and this node's log goes on" + " to entry " + lowestSnapshotIndex
                    : "its log ends before";
        }
    }

    /** What is wanted, for people. */
    String wanted() {
        if (need instanceof Need.Entries entries) {
            return entries.firstIndex() == entries.lastIndex()
                    ? "entry " + entries.firstIndex()
                    : "entries " + entries.firstIndex() + " to " + entries.lastIndex();
        }
        return "a snapshot that reaches entry " + lowestSnapshotIndex;
    }
}

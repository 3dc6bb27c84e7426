package io.tenure.raft;

/**
 * The end of a leadership that is no accident (LEASE.md, 3.8): handed over by request, or because the node stops, and the word
 * that releases its leases. Clients wait meanwhile, for two election timeouts at most: either this node leads on, or the next
 * leader is known, and they are sent there.
 */
final class Handover {
    private final Raft raft;
    private final NodeState node;
    private boolean stopping;

    Handover(Raft raft, NodeState node) {
        this.raft = raft;
        this.node = node;
    }

    /** Whether the node is about to stop, and must not lead again. */
    boolean isStopping() {
        return stopping;
    }

    void onTransfer(Input.Transfer request) {
        Leader leader = raft.leading();
        if (leader == null) {
            refuse(request.ticket(), Output.Refusal.NOT_LEADER);
        } else if (request.target() == node.self()) {
            ready(request.ticket());
        } else if (request.target() != Input.Transfer.ANY && node.parameters.slotOf(request.target()) < 0) {
            refuse(request.ticket(), Output.Refusal.TARGET_UNKNOWN);
        } else {
            Output.Refusal objection = leader.transfer(request);
            if (objection != null) {
                refuse(request.ticket(), objection);
            }
        }
    }

    /** Hands over if it can, and else says that its lease is over; who does not lead just stops. */
    void onStop(Input.Stop stop) {
        stopping = true;
        Leader leader = raft.leading();
        Input.Transfer away = new Input.Transfer(Input.NO_TICKET, Input.Transfer.ANY, stop.patienceNanos());
        if (leader != null && node.transfer == null && leader.transfer(away) != null) {
            resign(leader);
        }
    }

    /** The target did not take over in time, or can't. */
    void onTick() {
        if (node.transfer != null && node.now - node.transfer.deadlineNanos() >= 0) {
            giveUp();
        }
    }

    void onLinkLost(int peer) {
        if (node.transfer != null && raft.leading() != null && node.transfer.target() == peer) {
            giveUp();
        }
    }

    /** A node that is back says that its earlier life, and all leases of it, are over. */
    void onLinkUp(int peer) {
        if (node.bootRelease != null) {
            node.send(peer, new Message.LeaseRelease(node.term(), node.bootRelease));
        }
    }

    /** This leadership is over: the next leader has as long to make itself known. */
    void onStepDown() {
        if (node.transfer != null) {
            node.transfer.awaitLeader(node.now + node.timing().electionTimeoutMinNanos());
        }
    }

    /** The next leader is known, or {@link Raft#NO_LEADER} if it is not in time. */
    void onNextLeader(int leader) {
        Transfer ended = node.transfer;
        node.transfer = null;
        if (ended != null && ended.target() == leader) {
            ready(ended.ticket());
        } else if (ended != null) {
            refuse(ended.ticket(), Output.Refusal.TRANSFER_ASTRAY);
        }
    }

    private void giveUp() {
        Leader leader = raft.leading();
        if (leader == null) {
            onNextLeader(Raft.NO_LEADER);
            return;
        }
        refuse(node.transfer.ticket(), Output.Refusal.TRANSFER_ABORTED);
        leader.abortTransfer();
        if (stopping) {
            resign(leader);
        }
    }

    /** Leads no more in this term, whose lease is over: readers learn of it before any peer does (LEASE.md, 3.7). */
    private void resign(Leader leader) {
        Release release = leader.release();
        raft.stepDown();
        node.sendToPeers(new Message.LeaseRelease(node.term(), release));
    }

    private void ready(long ticket) {
        if (ticket != Input.NO_TICKET) {
            node.output.ready.add(new Output.Ready(ticket, node.commitIndex()));
        }
    }

    private void refuse(long ticket, Output.Refusal reason) {
        if (ticket != Input.NO_TICKET) {
            node.output.refused.add(new Output.Refused(ticket, reason));
        }
    }
}

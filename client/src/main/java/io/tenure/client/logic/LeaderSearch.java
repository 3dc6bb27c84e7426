package io.tenure.client.logic;

import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.ClientReply;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which node to ask. Hints are followed while they are plausible, and never trusted: they may name a node that is gone,
 * stopped, or that points back. After a few hints without an answer from a leader, or without a hint, the nodes are
 * asked in turn, with pauses that grow with the search. A time-out drops the leader at once (LESSONS.md, 8).
 */
final class LeaderSearch {
    private static final int NONE = -1;
    /** Hints followed in a row without a pause. */
    private static final int HOPS_MAX = 2;
    /** Addresses known at most; hints may add some. */
    private static final int ADDRESSES_MAX = 64;

    /** A hint that is longer is none. */
    private static final int ADDRESS_CHARS_MAX = 300;

    private static final long PAUSE_NANOS_MIN = 10_000_000;
    private static final long PAUSE_NANOS_MAX = 250_000_000;
    /** Share of the time searched so far that a pause may add: so little of an election is waited for in vain. */
    private static final int PAUSE_SHARE = 16;

    private static final int SUSPICION_DOUBLINGS_MAX = 1;

    private final List<Node> nodes = new ArrayList<>();
    private final RandomGenerator random;
    private final long suspicionNanos;

    private int target = NONE;
    /** The node asked last, where the round goes on. */
    private int cursor;
    /** Whether the target has answered as only a leader does. */
    private boolean proven;
    /** Largest term of an answer that only a leader gives. */
    private long leaderTerm = -1;

    private boolean isSearching;
    /** When the first who was asked said that it does not lead. */
    private long searchingSinceNanos;

    private int hops;
    private long resumeAtNanos = Long.MIN_VALUE;

    LeaderSearch(List<String> addresses, long attemptTimeoutNanos, RandomGenerator random) {
        for (String address : addresses) {
            nodes.add(new Node(nodes.size(), address));
        }
        this.random = random;
        suspicionNanos = attemptTimeoutNanos;
        cursor = random.nextInt(nodes.size());
    }

    List<Node> nodes() {
        return nodes;
    }

    /** When asking may go on, if {@link #target} had nobody to ask. */
    long resumeAtNanos() {
        return resumeAtNanos;
    }

    /** The node at the other end of a connection, or null if it is no longer wanted. */
    Node nodeOf(int connection) {
        for (Node node : nodes) {
            if (node.state != Node.State.IDLE && node.connection == connection) {
                return node;
            }
        }
        return null;
    }

    /**
     * Nodes to be connected to though nobody asks them: while there is a leader all others, so that who leads next can be asked
     * without delay.
     */
    List<Node> standBys(long now) {
        return proven
                ? nodes.stream().filter(node -> node.availableAtNanos() <= now).toList()
                : List.of();
    }

    /** The node to ask now, or null: then nobody may be asked before {@link #resumeAtNanos}. */
    Node target(long now) {
        if (now < resumeAtNanos) {
            return null;
        }
        if (target != NONE && nodes.get(target).availableAtNanos() > now) {
            target = NONE;
        }
        if (target == NONE) {
            choose(now);
        }
        return target == NONE ? null : nodes.get(target);
    }

    private void choose(long now) {
        long soonest = Long.MAX_VALUE;
        for (int i = 1; i <= nodes.size(); i++) {
            Node node = nodes.get((cursor + i) % nodes.size());
            if (node.availableAtNanos() <= now) {
                aim(node, false);
                return;
            }
            soonest = Math.min(soonest, node.availableAtNanos());
        }
        resumeAtNanos = soonest;
    }

    private void aim(Node node, boolean newProven) {
        target = node.position;
        cursor = node.position;
        proven = newProven;
    }

    /** The node answered as only a leader does. A late answer doesn't depose a leader that is known to be one. */
    void leads(Node node, long term) {
        if (term < leaderTerm) {
            return;
        }
        if (target != node.position && proven && term == leaderTerm) {
            return;
        }
        leaderTerm = term;
        aim(node, true);
        isSearching = false;
        hops = 0;
        resumeAtNanos = Long.MIN_VALUE;
    }

    /** The node says that it doesn't lead, and perhaps who does. */
    void refused(long now, Node node, ClientReply reply) {
        if (target != node.position) {
            return;
        }
        target = NONE;
        proven = false;
        if (!isSearching) {
            isSearching = true;
            searchingSinceNanos = now;
        }
        Node hinted = reply.getTerm() >= leaderTerm ? hinted(reply) : null;
        if (hinted != null && hinted != node && hops < HOPS_MAX && hinted.availableAtNanos() <= now) {
            hops++;
            aim(hinted, false);
            return;
        }
        hops = 0;
        resumeAtNanos = now + pauseNanos(now);
    }

    /** Spread over its second half, so that clients that lost their leader together don't come back together. */
    private long pauseNanos(long now) {
        long share = (now - searchingSinceNanos) / PAUSE_SHARE;
        long longest = Math.max(PAUSE_NANOS_MIN, Math.min(share, PAUSE_NANOS_MAX));
        return longest - random.nextLong(longest / 2 + 1);
    }

    /** The node's connection failed or broke. */
    void failed(Node node) {
        if (target == node.position) {
            target = NONE;
            proven = false;
        }
    }

    /**
     * An attempt at the node timed out.
     *
     * @param silent whether nothing else was heard from it since either
     */
    void timedOut(long now, Node node, boolean silent) {
        if (silent) {
            int doublings = Math.min(node.suspicions++, SUSPICION_DOUBLINGS_MAX);
            node.suspectUntilNanos = now + (suspicionNanos << doublings);
        }
        failed(node);
    }

    /** Known ids first (the advertised address may be none that works from here), then addresses. */
    private Node hinted(ClientReply reply) {
        Node sameId = null;
        Node sameAddress = null;
        for (Node node : nodes) {
            if (reply.getLeaderId() >= 0 && node.id == reply.getLeaderId()) {
                if (node.state == Node.State.CONNECTED) {
                    return node;
                }
                sameId = sameId == null ? node : sameId;
            }
            if (sameAddress == null && node.address.equals(reply.getLeaderAddress())) {
                sameAddress = node;
            }
        }
        if (sameAddress != null || sameId != null) {
            return sameAddress != null ? sameAddress : sameId;
        }
        return learn(reply.getLeaderAddress());
    }

    /** The node at the address, learnt if need be; null if it is no address, or there are too many. */
    Node at(String address) {
        for (Node node : nodes) {
            if (node.address.equals(address)) {
                return node;
            }
        }
        return learn(address);
    }

    private Node learn(String address) {
        if (!isAddress(address) || nodes.size() >= ADDRESSES_MAX) {
            return null;
        }
        Node node = new Node(nodes.size(), address);
        nodes.add(node);
        return node;
    }

    /** Whether it reads host:port, and whoever connects will read it so, too: an answer must not break the client. */
    static boolean isAddress(String address) {
        if (address.length() > ADDRESS_CHARS_MAX) {
            return false;
        }
        try {
            return HostPort.parse(address).port() > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Why no node serves, for a person. */
    String trouble() {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            if (node.lastError != null) {
                text.append(text.length() == 0 ? "" : "; ").append(node.lastError);
            }
        }
        return text.length() == 0 ? "no node has answered yet" : text.toString();
    }
}

package io.tenure.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Reads that a node answers without leading (LEASE.md, 3.13). For a linearizable one it asks the leader for its commit index, and
 * waits until it has committed that much itself; for one of a session it waits until it has committed what the session has seen.
 * What comes in one turn is asked together. Every question has a number of its own, which no life of this node has used before,
 * and is dropped with the term: the answer to an earlier question says nothing about what was committed since.
 */
final class Reads {
    /** Reads that wait here at once. */
    private static final int PENDING_MAX = 65_536;
    /** Questions under way at once; what comes meanwhile shares the next one. */
    private static final int QUESTIONS_MAX = 64;
    /** How long the leader has to answer, and this node to commit what is wanted: so many election timeouts. */
    private static final int PATIENCE_TIMEOUTS = 1;

    private static final long UNKNOWN = -1;

    /** Tickets that wait, for an answer of the leader or for an index. */
    private static final class Waiting {
        private final List<Long> tickets;
        private final long term;
        private final long sinceNanos;
        private final long deadlineNanos;
        private long index;

        private Waiting(List<Long> tickets, long term, long sinceNanos, long deadlineNanos, long index) {
            this.tickets = tickets;
            this.term = term;
            this.sinceNanos = sinceNanos;
            this.deadlineNanos = deadlineNanos;
            this.index = index;
        }
    }

    private final Raft raft;
    private final NodeState node;
    private List<Long> unasked = new ArrayList<>();
    private final Map<Long, Waiting> questions = new HashMap<>();
    private final PriorityQueue<Waiting> byIndex = new PriorityQueue<>(Comparator.comparingLong(each -> each.index));
    /** All that wait, but for the unasked; the oldest first. */
    private final Set<Waiting> byAge = new LinkedHashSet<>();

    private int size;
    private long lastNumber;

    Reads(Raft raft, NodeState node) {
        this.raft = raft;
        this.node = node;
    }

    /** To be answered by the leader only. */
    void onRead(long ticket) {
        if (raft.leading() != null) {
            raft.leading().read(ticket);
        } else {
            node.refuse(ticket, Output.Refusal.NOT_LEADER);
        }
    }

    /** To be answered here, linearizable, or once an index is committed. */
    void onReadHere(Input.ReadHere read) {
        boolean newest = read.index() == Input.ReadHere.NEWEST;
        if (newest && raft.leading() != null) {
            raft.leading().read(read.ticket());
        } else if (newest && node.leader == Raft.NO_LEADER) {
            node.refuse(read.ticket(), Output.Refusal.LEADER_SILENT);
        } else if (size >= PENDING_MAX) {
            node.refuse(read.ticket(), Output.Refusal.BUSY);
        } else {
            size++;
            if (newest) {
                unasked.add(read.ticket());
            } else {
                byIndex.add(startWaiting(List.of(read.ticket()), read.index()));
            }
        }
    }

    /** A question or an answer of a peer. */
    void onMessage(int from, Message message) {
        if (message instanceof Message.ReadIndex question) {
            onReadIndex(from, question);
        } else if (message instanceof Message.ReadIndexReply reply) {
            onReadIndexReply(reply);
        }
    }

    /** A follower asks; whoever does not lead says so. */
    private void onReadIndex(int from, Message.ReadIndex question) {
        raft.adoptTerm(question.term());
        if (raft.leading() != null && question.term() == node.term()) {
            raft.leading().readIndex(from, question.number());
        } else {
            node.send(from, Message.ReadIndexReply.refusal(node.term(), question.number()));
        }
    }

    private void onReadIndexReply(Message.ReadIndexReply reply) {
        raft.adoptTerm(reply.term());
        Waiting question = questions.remove(reply.number());
        if (question == null) {
            return;
        }
        if (question.term != reply.term() || question.term != node.term() || reply.isRefusal()) {
            giveUp(question);
            return;
        }
        question.index = reply.index();
        byIndex.add(question);
        node.stamps.onConfirmed(question.sinceNanos, reply.index(), node.appliedIndex);
        if (raft.roleState() instanceof Follower follower) {
            follower.onReadIndex(reply.index());
        }
    }

    /** Does once a turn what can be done: answers, gives up, asks. */
    void finishTurn() {
        while (!byIndex.isEmpty() && byIndex.peek().index <= node.commitIndex()) {
            answer(byIndex.poll());
        }
        boolean follows = node.leader != Raft.NO_LEADER && raft.leading() == null;
        questions.values().removeIf(each -> {
            boolean over = !follows || each.term != node.term() || node.now - each.deadlineNanos >= 0;
            if (over) {
                giveUp(each);
            }
            return over;
        });
        giveUpWhatIsLate();
        if (!unasked.isEmpty() && !follows) {
            unasked.forEach(ticket -> node.refuse(ticket, Output.Refusal.LEADER_SILENT));
            size -= unasked.size();
            unasked.clear();
        } else if (!unasked.isEmpty() && questions.size() < QUESTIONS_MAX) {
            ask();
        }
    }

    /** When something is given up though nothing happens. */
    long wakeAtNanos() {
        return byAge.isEmpty() ? Long.MAX_VALUE : byAge.iterator().next().deadlineNanos;
    }

    private void ask() {
        lastNumber = lastNumber == 0 ? node.drawNumber() : lastNumber + 1;
        questions.put(lastNumber, startWaiting(unasked, UNKNOWN));
        unasked = new ArrayList<>();
        node.send(node.leader, new Message.ReadIndex(node.term(), lastNumber));
    }

    private Waiting startWaiting(List<Long> tickets, long index) {
        long patience = PATIENCE_TIMEOUTS * node.timing().electionTimeoutMaxNanos();
        Waiting waiting = new Waiting(tickets, node.term(), node.now, node.now + patience, index);
        byAge.add(waiting);
        return waiting;
    }

    private void giveUpWhatIsLate() {
        boolean some = false;
        while (!byAge.isEmpty() && node.now - byAge.iterator().next().deadlineNanos >= 0) {
            giveUp(byAge.iterator().next());
            some = true;
        }
        if (some) {
            byIndex.removeIf(each -> !byAge.contains(each));
        }
    }

    private void answer(Waiting waiting) {
        end(waiting);
        waiting.tickets.forEach(ticket -> node.output.ready.add(new Output.Ready(ticket, waiting.index)));
    }

    private void giveUp(Waiting waiting) {
        end(waiting);
        boolean unanswered = waiting.index == UNKNOWN;
        Output.Refusal reason = unanswered ? Output.Refusal.LEADER_SILENT : Output.Refusal.BEHIND;
        waiting.tickets.forEach(ticket -> node.refuse(ticket, reason));
    }

    private void end(Waiting waiting) {
        byAge.remove(waiting);
        size -= waiting.tickets.size();
    }
}

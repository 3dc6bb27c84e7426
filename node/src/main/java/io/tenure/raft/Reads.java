package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Reads that a node answers without leading (LEASE.md, 3.13). For a linearizable one it asks the leader for its commit index, and
 * waits until it has committed that much itself; for one of a session it waits until it has committed what the session has seen.
 * What comes in one turn is asked together. Every question has a number of its own, which no life of this node has used before,
 * and is dropped with the term: the answer to an earlier question says nothing about what was committed since. Nothing waits for
 * longer than an election timeout.
 */
final class Reads {
    private static final int PENDING_MAX = 65_536;
    /** Questions under way at once; what comes meanwhile shares the next one. */
    private static final int QUESTIONS_MAX = 64;

    private static final long UNKNOWN = -1;

    /** Tickets that wait, for an answer of the leader or for an index. */
    private static final class Waiting {
        private final List<Long> tickets;
        private final long term;
        private final long sinceNanos;
        private long index;
        private boolean done;

        private Waiting(List<Long> tickets, long term, long sinceNanos, long index) {
            this.tickets = tickets;
            this.term = term;
            this.sinceNanos = sinceNanos;
            this.index = index;
        }
    }

    private final Raft raft;
    private final NodeState node;
    private List<Long> unasked = new ArrayList<>();
    private final Map<Long, Waiting> questions = new HashMap<>();
    private final PriorityQueue<Waiting> byIndex = new PriorityQueue<>(Comparator.comparingLong(each -> each.index));
    private final ArrayDeque<Waiting> byAge = new ArrayDeque<>();
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
            refuse(ticket, Output.Refusal.NOT_LEADER);
        }
    }

    /** To be answered here, linearizable, or once an index is committed. */
    void onReadHere(Input.ReadHere read) {
        boolean anyIndex = read.index() == Input.ReadHere.NEWEST;
        if (anyIndex && raft.leading() != null) {
            raft.leading().read(read.ticket());
        } else if (anyIndex && node.leader == Raft.NO_LEADER) {
            refuse(read.ticket(), Output.Refusal.LEADER_SILENT);
        } else if (size >= PENDING_MAX) {
            refuse(read.ticket(), Output.Refusal.BUSY);
        } else {
            size++;
            if (anyIndex) {
                unasked.add(read.ticket());
            } else {
                Waiting waiting = new Waiting(List.of(read.ticket()), node.term(), node.now, read.index());
                byAge.add(waiting);
                byIndex.add(waiting);
            }
        }
    }

    /** A follower asks; whoever does not lead says so. */
    void onReadIndex(int from, Message.ReadIndex question) {
        raft.adoptTerm(question.term());
        if (raft.leading() != null && question.term() == node.term()) {
            raft.leading().readIndex(from, question.number());
        } else {
            node.send(from, Message.ReadIndexReply.refusal(node.term(), question.number()));
        }
    }

    /** The leader answers. */
    void onReadIndexReply(Message.ReadIndexReply reply) {
        raft.adoptTerm(reply.term());
        Waiting question = questions.remove(reply.number());
        if (question == null || question.done) {
            return;
        }
        if (question.term != reply.term() || question.term != node.term() || reply.isRefusal()) {
            end(question, Output.Refusal.LEADER_SILENT);
            return;
        }
        question.index = reply.index();
        byIndex.add(question);
        node.stamps.onConfirmed(question.sinceNanos, reply.index(), node.commitIndex());
    }

    /** Does once a turn what can be done: answers, gives up, asks. */
    void finishTurn() {
        boolean follows = node.leader != Raft.NO_LEADER && raft.leading() == null;
        while (!byIndex.isEmpty() && byIndex.peek().index <= node.commitIndex()) {
            answer(byIndex.poll());
        }
        if (!questions.isEmpty()) {
            questions.values().removeIf(each -> endOfTerm(each, follows));
        }
        boolean gaveUp = false;
        while (!byAge.isEmpty() && (byAge.peek().done || node.now - deadlineNanos(byAge.peek()) >= 0)) {
            Waiting oldest = byAge.poll();
            boolean isAsked = oldest.index == UNKNOWN;
            gaveUp |= !oldest.done;
            end(oldest, isAsked ? Output.Refusal.LEADER_SILENT : Output.Refusal.BEHIND);
        }
        if (gaveUp) {
            questions.values().removeIf(each -> each.done);
            byIndex.removeIf(each -> each.done);
        }
        if (unasked.isEmpty()) {
            return;
        }
        if (!follows) {
            unasked.forEach(ticket -> refuse(ticket, Output.Refusal.LEADER_SILENT));
            size -= unasked.size();
            unasked = new ArrayList<>();
        } else if (questions.size() < QUESTIONS_MAX) {
            ask();
        }
    }

    /** When something is given up though nothing happens. */
    long wakeAtNanos() {
        return byAge.isEmpty() ? Long.MAX_VALUE : deadlineNanos(byAge.peek());
    }

    private void ask() {
        lastNumber = lastNumber == 0 ? node.drawNumber() : lastNumber + 1;
        Waiting question = new Waiting(unasked, node.term(), node.now, UNKNOWN);
        unasked = new ArrayList<>();
        questions.put(lastNumber, question);
        byAge.add(question);
        node.send(node.leader, new Message.ReadIndex(node.term(), lastNumber));
    }

    private long deadlineNanos(Waiting waiting) {
        return waiting.sinceNanos + node.parameters.electionTimeoutMaxNanos();
    }

    private boolean endOfTerm(Waiting question, boolean follows) {
        boolean over = !follows || question.term != node.term();
        if (over) {
            end(question, Output.Refusal.LEADER_SILENT);
        }
        return over;
    }

    private void answer(Waiting waiting) {
        if (waiting.done) {
            return;
        }
        waiting.done = true;
        size -= waiting.tickets.size();
        waiting.tickets.forEach(ticket -> node.output.ready.add(new Output.Ready(ticket, waiting.index)));
    }

    private void end(Waiting waiting, Output.Refusal reason) {
        if (waiting.done) {
            return;
        }
        waiting.done = true;
        size -= waiting.tickets.size();
        waiting.tickets.forEach(ticket -> refuse(ticket, reason));
    }

    private void refuse(long ticket, Output.Refusal reason) {
        node.output.refused.add(new Output.Refused(ticket, reason));
    }
}

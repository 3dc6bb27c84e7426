package io.tenure.node;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.Reply;
import io.tenure.raft.Entry;
import io.tenure.raft.Input;
import io.tenure.raft.Output;
import io.tenure.raft.Raft;
import io.tenure.raft.Role;
import io.tenure.store.SessionTable;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;

/**
 * What clients ask, as it comes out of their ring: writes are looked up in the session table, encoded once (DESIGN.md, D3) and
 * proposed together; reads and new sessions wait for the core. Confined to the raft agent's thread.
 */
final class ClientRequests implements ClientRing.Handler {
    /** Bytes of lines encoded before they are proposed, and may be refused as BUSY. */
    private static final int ENCODED_BYTES_MAX = 4 << 20;

    /** Answers a ticket at once. */
    @FunctionalInterface
    interface Answer {
        void accept(long ticket, Reply.Outcome outcome);
    }

    private final Raft raft;
    private final SessionTable sessions;
    private final Consumer<Input> step;
    private final Answer reply;
    private final LineEncoder encoder = new LineEncoder();
    private final LongArrayList encodedTickets = new LongArrayList();
    private final LongHashSet encodedPairs = new LongHashSet();
    private final Long2ObjectHashMap<String> readKeys = new Long2ObjectHashMap<>();
    private final LongHashSet sessionTickets = new LongHashSet();

    /** Makes the handler; {@code step} has the core take in one thing. */
    ClientRequests(Raft raft, SessionTable sessions, Consumer<Input> step, Answer reply) {
        this.raft = raft;
        this.sessions = sessions;
        this.step = step;
        this.reply = reply;
        encoder.begin();
    }

    /** Proposes what was encoded. */
    void propose() {
        if (encoder.count() == 0) {
            return;
        }
        List<Entry> entries = encoder.finish();
        for (int i = 0; i < entries.size(); i++) {
            step.accept(new Input.Propose(encodedTickets.getLong(i), entries.get(i)));
        }
        encodedTickets.clear();
        encodedPairs.clear();
        encoder.begin();
    }

    /** The key of a read that may be answered now; null if the ticket is not a read's. */
    String takeReadKey(long ticket) {
        return readKeys.isEmpty() ? null : readKeys.remove(ticket);
    }

    /** Whether the ticket is of a client that waits for a session. */
    boolean takeSessionTicket(long ticket) {
        return !sessionTickets.isEmpty() && sessionTickets.remove(ticket);
    }

    /** The ticket is refused. */
    void forget(long ticket) {
        readKeys.remove(ticket);
        sessionTickets.remove(ticket);
    }

    @Override
    public void onSet(
            long ticket,
            long session,
            long birthIndex,
            long number,
            DirectBuffer buffer,
            int keyOffset,
            int keyLength,
            int valueOffset,
            int valueLength) {
        if (raft.role() != Role.LEADER) {
            reply.accept(ticket, Reply.Outcome.NOT_LEADER);
            return;
        }
        // A pair that waits to be proposed is not in the table yet: propose first, so that the second one is found.
        // Pairs that merely collide cost an early proposal, nothing else.
        if (!encodedPairs.isEmpty() && encodedPairs.contains(pairHash(session, number))) {
            propose();
        }
        switch (sessions.lookup(session, birthIndex, number)) {
            case FOUND -> step.accept(new Input.Await(ticket, sessions.foundIndex()));
            case SESSION_EXPIRED -> reply.accept(ticket, Reply.Outcome.SESSION_EXPIRED);
            case NUMBER_TOO_OLD -> reply.accept(ticket, Reply.Outcome.NUMBER_TOO_OLD);
            case NEW -> {
                encoder.appendSet(
                        buffer, keyOffset, keyLength, valueOffset, valueLength, session, number, raft.currentTerm());
                encodedTickets.addLong(ticket);
                encodedPairs.add(pairHash(session, number));
                if (encoder.bytes() >= ENCODED_BYTES_MAX) {
                    propose();
                }
            }
        }
    }

    @Override
    public void onRead(long ticket, String key) {
        readKeys.put(ticket, key);
        step.accept(new Input.Read(ticket));
    }

    @Override
    public void onReadHere(long ticket, long index, String key) {
        readKeys.put(ticket, key);
        step.accept(new Input.ReadHere(ticket, index));
    }

    /** Waits for an entry of this term, as a read does: a lower birth index could make the session seem expired. */
    @Override
    public void onOpenSession(long ticket) {
        sessionTickets.add(ticket);
        step.accept(new Input.Read(ticket));
    }

    /** What a client is told of a refusal. */
    static Reply.Outcome outcomeOf(Output.Refusal reason) {
        return switch (reason) {
            case NOT_LEADER -> Reply.Outcome.NOT_LEADER;
            case NO_LEASE -> Reply.Outcome.NO_LEASE;
            case BUSY -> Reply.Outcome.BUSY;
            case LEADER_SILENT -> Reply.Outcome.LEADER_SILENT;
            case BEHIND -> Reply.Outcome.BEHIND;
            case DISK_FULL -> Reply.Outcome.DISK_FULL;
            case OUTCOME_UNKNOWN -> Reply.Outcome.UNKNOWN;
            case TARGET_UNKNOWN -> Reply.Outcome.TARGET_UNKNOWN;
            case TARGET_SILENT -> Reply.Outcome.TARGET_SILENT;
            case TARGET_BEHIND -> Reply.Outcome.TARGET_BEHIND;
            case TRANSFER_UNDER_WAY -> Reply.Outcome.TRANSFER_UNDER_WAY;
            case TRANSFER_ABORTED -> Reply.Outcome.TRANSFER_ABORTED;
            case TRANSFER_ASTRAY -> Reply.Outcome.TRANSFER_ASTRAY;
        };
    }

    private long pairHash(long session, long number) {
        return session * 0x9E3779B97F4A7C15L + number;
    }
}

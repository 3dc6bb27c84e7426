package io.tenure.net;

import java.util.Arrays;

/**
 * Who waits for which ticket: a bounded table. A ticket keeps its place until it is answered, though its client may be gone
 * by then, so that there are never more answers on their way than places. A ticket is a slot and how often the slot has
 * been used, so a second answer finds nothing.
 */
final class Tickets {
    /** What a ticket was taken for. */
    enum Kind {
        SET,
        GET,
        GET_SESSION,
        GET_BOUNDED,
        OPEN_SESSION,
        TRANSFER
    }

    /** No ticket: the table is full. */
    static final long NONE = -1;

    private static final int SLOT_BITS = 24;

    private final ClientGateway.Client[] clients;
    private final long[] requestIds;
    private final Kind[] kinds;
    private final long[] uses;
    private final int[] free;
    private int freeCount;

    Tickets(int ticketsMax) {
        if (ticketsMax >= 1 << SLOT_BITS) {
            throw new IllegalArgumentException("at most " + ((1 << SLOT_BITS) - 1) + " tickets");
        }
        clients = new ClientGateway.Client[ticketsMax];
        requestIds = new long[ticketsMax];
        kinds = new Kind[ticketsMax];
        uses = new long[ticketsMax];
        free = new int[ticketsMax];
        Arrays.setAll(free, i -> ticketsMax - 1 - i);
        freeCount = ticketsMax;
    }

    int used() {
        return clients.length - freeCount;
    }

    /** Takes a ticket for the request, or {@link #NONE}. */
    long take(ClientGateway.Client client, long requestId, Kind kind) {
        if (freeCount == 0) {
            return NONE;
        }
        int slot = free[--freeCount];
        clients[slot] = client;
        requestIds[slot] = requestId;
        kinds[slot] = kind;
        client.tickets++;
        return uses[slot] << SLOT_BITS | slot;
    }

    /** The slot of a ticket that still waits, or -1. */
    int find(long ticket) {
        int slot = (int) (ticket & ((1 << SLOT_BITS) - 1));
        boolean waits = slot < clients.length && clients[slot] != null && uses[slot] == ticket >>> SLOT_BITS;
        return waits ? slot : -1;
    }

    ClientGateway.Client client(int slot) {
        return clients[slot];
    }

    long requestId(int slot) {
        return requestIds[slot];
    }

    Kind kind(int slot) {
        return kinds[slot];
    }

    /** Gives the slot back. */
    void release(int slot) {
        clients[slot].tickets--;
        clients[slot] = null;
        uses[slot] = (uses[slot] + 1) & (Long.MAX_VALUE >>> SLOT_BITS);
        free[freeCount++] = slot;
    }
}

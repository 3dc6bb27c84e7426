package io.tenure.net;

import java.util.Arrays;

/**
 * Who waits for which ticket: a bounded table. A ticket is a slot and how often the slot has been used, so a late answer
 * to a ticket that was dropped finds nothing. Tickets of one client are linked, so that its end drops them at once.
 */
final class Tickets {
    /** What a ticket was taken for. */
    enum Kind {
        SET,
        GET,
        OPEN_SESSION
    }

    /** No ticket: the table is full. */
    static final long NONE = -1;

    private static final int SLOT_BITS = 24;
    private static final int NIL = -1;

    private final ClientGateway.Client[] clients;
    private final long[] requestIds;
    private final Kind[] kinds;
    private final long[] uses;
    private final int[] nextOfClient;
    private final int[] previousOfClient;
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
        nextOfClient = new int[ticketsMax];
        previousOfClient = new int[ticketsMax];
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
        nextOfClient[slot] = client.firstSlot;
        previousOfClient[slot] = NIL;
        if (client.firstSlot != NIL) {
            previousOfClient[client.firstSlot] = slot;
        }
        client.firstSlot = slot;
        client.tickets++;
        return uses[slot] << SLOT_BITS | slot;
    }

    /** The slot of a ticket that still waits, or -1. */
    int find(long ticket) {
        int slot = (int) (ticket & ((1 << SLOT_BITS) - 1));
        boolean waits = slot < clients.length && clients[slot] != null && uses[slot] == ticket >>> SLOT_BITS;
        return waits ? slot : NIL;
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
        ClientGateway.Client client = clients[slot];
        int next = nextOfClient[slot];
        int previous = previousOfClient[slot];
        if (next != NIL) {
            previousOfClient[next] = previous;
        }
        if (previous != NIL) {
            nextOfClient[previous] = next;
        } else {
            client.firstSlot = next;
        }
        client.tickets--;
        clients[slot] = null;
        uses[slot] = (uses[slot] + 1) & (Long.MAX_VALUE >>> SLOT_BITS);
        free[freeCount++] = slot;
    }

    /** Gives back all slots of the client. */
    void releaseAll(ClientGateway.Client client) {
        while (client.firstSlot != NIL) {
            release(client.firstSlot);
        }
    }
}

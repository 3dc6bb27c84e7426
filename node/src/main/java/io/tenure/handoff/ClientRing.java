package io.tenure.handoff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Client requests from the network threads to the raft agent: an Agrona ring buffer, bounded in bytes. A full ring is
 * the signal for BUSY (DESIGN.md, D8). Many producers, one consumer.
 */
public final class ClientRing {
    private static final int SET = 1;
    private static final int READ = 2;
    private static final int OPEN_SESSION = 3;
    private static final int READ_HERE = 4;

    private static final int TICKET = 0;
    private static final int SESSION = 8;
    private static final int BIRTH_INDEX = 16;
    private static final int NUMBER = 24;
    private static final int KEY_LENGTH = 32;
    private static final int SET_HEADER = 36;
    private static final int READ_HEADER = 8;
    private static final int READ_HERE_HEADER = 16;

    private final ManyToOneRingBuffer ring;

    /** What takes the requests out; runs on the consumer's thread. Offsets are valid during the call only. */
    public interface Handler {
        /** A write; key and value are UTF-8 in {@code buffer}. */
        void onSet(
                long ticket,
                long session,
                long birthIndex,
                long number,
                DirectBuffer buffer,
                int keyOffset,
                int keyLength,
                int valueOffset,
                int valueLength);

        /** A read that the network thread could not answer by lease, or must not. */
        void onRead(long ticket, String key);

        /** A read that this node is to answer, once it has committed {@code index}; see {@code Input.ReadHere}. */
        void onReadHere(long ticket, long index, String key);

        /** A client wants a session. */
        void onOpenSession(long ticket);
    }

    /**
     * Makes a ring in which a request of {@code requestBytesMax} fits at least eight times.
     *
     * @param capacityBytesMin rounded up to a power of two
     */
    public ClientRing(int capacityBytesMin, int requestBytesMax) {
        long needed = Math.max(capacityBytesMin, 8L * (requestBytesMax + SET_HEADER + 8));
        int capacity = BitUtil.findNextPositivePowerOfTwo(Math.toIntExact(needed));
        ring = new ManyToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)
                        .order(ByteOrder.nativeOrder())));
    }

    /** Puts a write in; false if the ring is full. */
    public boolean offerSet(long ticket, long session, long birthIndex, long number, byte[] key, byte[] value) {
        int at = claimSet(ticket, session, birthIndex, number, key.length, key.length + value.length);
        if (at < 0) {
            return false;
        }
        ring.buffer().putBytes(at + SET_HEADER, key);
        ring.buffer().putBytes(at + SET_HEADER + key.length, value);
        ring.commit(at);
        return true;
    }

    /** Puts a write in whose key and value lie behind one another; false if the ring is full. */
    public boolean offerSet(
            long ticket, long session, long birthIndex, long number, byte[] keyAndValue, int keyLength) {
        int at = claimSet(ticket, session, birthIndex, number, keyLength, keyAndValue.length);
        if (at < 0) {
            return false;
        }
        ring.buffer().putBytes(at + SET_HEADER, keyAndValue);
        ring.commit(at);
        return true;
    }

    private int claimSet(long ticket, long session, long birthIndex, long number, int keyLength, int length) {
        int at = ring.tryClaim(SET, SET_HEADER + length);
        if (at >= 0) {
            MutableDirectBuffer buffer = ring.buffer();
            buffer.putLong(at + TICKET, ticket);
            buffer.putLong(at + SESSION, session);
            buffer.putLong(at + BIRTH_INDEX, birthIndex);
            buffer.putLong(at + NUMBER, number);
            buffer.putInt(at + KEY_LENGTH, keyLength);
        }
        return at;
    }

    /** Puts a read in; false if the ring is full. */
    public boolean offerRead(long ticket, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int at = ring.tryClaim(READ, READ_HEADER + bytes.length);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, ticket);
        ring.buffer().putBytes(at + READ_HEADER, bytes);
        ring.commit(at);
        return true;
    }

    /** Puts a read in that waits for an index; false if the ring is full. */
    public boolean offerReadHere(long ticket, long index, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        int at = ring.tryClaim(READ_HERE, READ_HERE_HEADER + bytes.length);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, ticket);
        ring.buffer().putLong(at + READ_HEADER, index);
        ring.buffer().putBytes(at + READ_HERE_HEADER, bytes);
        ring.commit(at);
        return true;
    }

    /** Puts the wish for a session in; false if the ring is full. */
    public boolean offerOpenSession(long ticket) {
        int at = ring.tryClaim(OPEN_SESSION, 8);
        if (at < 0) {
            return false;
        }
        ring.buffer().putLong(at, ticket);
        ring.commit(at);
        return true;
    }

    /** Takes out up to {@code countMax} requests; returns how many. */
    public int drain(Handler handler, int countMax) {
        return ring.read((type, buffer, at, length) -> deliver(handler, type, buffer, at, length), countMax);
    }

    /** Whether nothing waits. */
    public boolean isEmpty() {
        return ring.size() == 0;
    }

    private static void deliver(Handler handler, int type, DirectBuffer buffer, int at, int length) {
        long ticket = buffer.getLong(at);
        switch (type) {
            case SET -> {
                int keyLength = buffer.getInt(at + KEY_LENGTH);
                int keyAt = at + SET_HEADER;
                handler.onSet(
                        ticket,
                        buffer.getLong(at + SESSION),
                        buffer.getLong(at + BIRTH_INDEX),
                        buffer.getLong(at + NUMBER),
                        buffer,
                        keyAt,
                        keyLength,
                        keyAt + keyLength,
                        length - SET_HEADER - keyLength);
            }
            case READ -> handler.onRead(ticket, text(buffer, at + READ_HEADER, length - READ_HEADER));
            case READ_HERE ->
                handler.onReadHere(
                        ticket,
                        buffer.getLong(at + READ_HEADER),
                        text(buffer, at + READ_HERE_HEADER, length - READ_HERE_HEADER));
            case OPEN_SESSION -> handler.onOpenSession(ticket);
            default -> throw new IllegalStateException("unknown request type " + type);
        }
    }

    private static String text(DirectBuffer buffer, int at, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

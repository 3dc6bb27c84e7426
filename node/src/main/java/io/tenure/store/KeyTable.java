package io.tenure.store;

import io.tenure.entry.KeyValue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keys and values by the hash of the key: open addressing, at most half full, nothing is ever removed. One thread at a time
 * writes, any number read meanwhile. An entry is a {@link KeyValue}, and is replaced as a whole. That the hashes are equal
 * proves nothing: the keys are always compared.
 *
 * <p>The slots lie in chunks, so that {@link #image} costs no copy: while somebody reads an image, the writer copies a chunk of
 * it before it first changes something in there, and the image keeps the old one.
 *
 * <p>Why readers need no lock: an entry is stored before its hash, both with release, and both are loaded with acquire, so who
 * finds a hash finds a whole entry. Slots are never emptied and keys never move within a table, so the slots before a key's
 * are full for whoever is to see the key. A table that grew, and a chunk that was copied, are complete before they are
 * published in the same way. Whoever loads the applied index, which is raised later (volatile), and then calls {@link #get}
 * takes the chunks as they were then or are now, with all that was set before. A reader that is overtaken by a growth or a copy finds what
 * was true when it began, which is no older than its request; the next one begins in the new table.
 */
final class KeyTable {
    static final int CHUNK_SLOTS = 1 << 10;
    /** A table of 2^30 slots; the next size is no positive int. */
    private static final int CHUNKS_MAX = 1 << 20;

    private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(CHUNK_SLOTS);
    private static final int IN_CHUNK = CHUNK_SLOTS - 1;

    private static final VarHandle CHUNKS = MethodHandles.arrayElementVarHandle(Chunk[].class);
    private static final VarHandle HASHES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ENTRIES = MethodHandles.arrayElementVarHandle(byte[][].class);

    /** A power of two of them. */
    private volatile Chunk[] chunks = {new Chunk(0)};

    private volatile int size;
    /** Images that were ever taken, and those of them that are read. */
    private long imagesTaken;

    private final AtomicInteger imagesOpen = new AtomicInteger();

    /** Neighbouring slots; 0 is the hash of none. */
    private static final class Chunk {
        /** Images that were taken before this was made: it is in later ones only. */
        private final long imagesBefore;

        private final long[] hashes;
        private final byte[][] entries;

        Chunk(long imagesBefore) {
            this(imagesBefore, new long[CHUNK_SLOTS], new byte[CHUNK_SLOTS][]);
        }

        private Chunk(long imagesBefore, long[] hashes, byte[][] entries) {
            this.imagesBefore = imagesBefore;
            this.hashes = hashes;
            this.entries = entries;
        }

        Chunk copy(long imagesTaken) {
            return new Chunk(imagesTaken, hashes.clone(), entries.clone());
        }

        void fill(int at, long hash, byte[] keyValue) {
            ENTRIES.setRelease(entries, at, keyValue);
            HASHES.setRelease(hashes, at, hash);
        }
    }

    /** Keys held. */
    int size() {
        return size;
    }

    /** The entry of a key, whose hash is {@code hash}; null if it is absent. */
    byte[] get(long hash, byte[] key) {
        Chunk[] table = chunks;
        for (int slot = home(table, hash); ; slot = next(table, slot)) {
            Chunk chunk = (Chunk) CHUNKS.getAcquire(table, slot >>> CHUNK_SHIFT);
            long found = (long) HASHES.getAcquire(chunk.hashes, slot & IN_CHUNK);
            if (found == 0) {
                return null;
            }
            if (found == hash) {
                byte[] keyValue = (byte[]) ENTRIES.getAcquire(chunk.entries, slot & IN_CHUNK);
                if (KeyValue.hasKey(keyValue, key, 0, key.length)) {
                    return keyValue;
                }
            }
        }
    }

    /** Sets the key of {@code keyValue}, whose hash is {@code hash} and not 0. */
    void set(long hash, byte[] keyValue) {
        Chunk[] table = chunks;
        for (int slot = home(table, hash); ; slot = next(table, slot)) {
            Chunk chunk = table[slot >>> CHUNK_SHIFT];
            int at = slot & IN_CHUNK;
            if (chunk.hashes[at] == 0) {
                add(table, slot, hash, keyValue);
                return;
            }
            if (chunk.hashes[at] == hash
                    && KeyValue.hasKey(
                            chunk.entries[at], keyValue, KeyValue.keyStart(), KeyValue.valueStart(keyValue))) {
                ENTRIES.setRelease(writable(table, slot).entries, at, keyValue);
                return;
            }
        }
    }

    /**
     * Loads what {@link #set} of that hash will look at first. Where many keys are to be set, their slots and entries lie anywhere
     * in memory, and a processor waits for many of them together about as long as for one: but only if no load needs what
     * another one brings. What is returned means nothing; to use it keeps the loads from being left out.
     */
    int approach(long hash) {
        Chunk[] table = chunks;
        int slot = home(table, hash);
        Chunk chunk = table[slot >>> CHUNK_SHIFT];
        byte[] keyValue = chunk.entries[slot & IN_CHUNK];
        return (int) chunk.hashes[slot & IN_CHUNK] + (keyValue == null ? 0 : KeyValue.valueStart(keyValue));
    }

    /** Forgets all keys; images keep what they hold. */
    void clear() {
        chunks = new Chunk[] {new Chunk(imagesTaken)};
        size = 0;
    }

    /** What is held now, whatever is set later; to be closed. Called by the writer. */
    Image image() {
        imagesTaken++;
        imagesOpen.incrementAndGet();
        return new Image(chunks.clone(), size);
    }

    private void add(Chunk[] table, int freeSlot, long hash, byte[] keyValue) {
        Chunk[] roomy = table;
        int slot = freeSlot;
        int held = size;
        if (held >= slots(table) / 2) {
            roomy = grown(table);
            slot = freeSlot(roomy, hash);
        }
        writable(roomy, slot).fill(slot & IN_CHUNK, hash, keyValue);
        if (roomy != table) {
            chunks = roomy;
        }
        size = held + 1;
    }

    /** The chunk of a slot, for a change that no image may show. */
    private Chunk writable(Chunk[] table, int slot) {
        Chunk chunk = table[slot >>> CHUNK_SHIFT];
        // Once no image is open, whoever read one has read it before this.
        if (chunk.imagesBefore == imagesTaken || imagesOpen.get() == 0) {
            return chunk;
        }
        Chunk copy = chunk.copy(imagesTaken);
        CHUNKS.setRelease(table, slot >>> CHUNK_SHIFT, copy);
        return copy;
    }

    /** The same in twice as many slots. In the order of slots, which is about that of hashes: it is written in order, too. */
    private Chunk[] grown(Chunk[] table) {
        if (table.length == CHUNKS_MAX) {
            throw new IllegalStateException("more than " + size + " keys");
        }
        Chunk[] larger = new Chunk[2 * table.length];
        for (int i = 0; i < larger.length; i++) {
            larger[i] = new Chunk(imagesTaken);
        }
        for (Chunk chunk : table) {
            for (int at = 0; at < CHUNK_SLOTS; at++) {
                long hash = chunk.hashes[at];
                if (hash != 0) {
                    int slot = freeSlot(larger, hash);
                    larger[slot >>> CHUNK_SHIFT].fill(slot & IN_CHUNK, hash, chunk.entries[at]);
                }
            }
        }
        return larger;
    }

    private static int freeSlot(Chunk[] table, long hash) {
        int slot = home(table, hash);
        while (table[slot >>> CHUNK_SHIFT].hashes[slot & IN_CHUNK] != 0) {
            slot = next(table, slot);
        }
        return slot;
    }

    private static int slots(Chunk[] table) {
        return table.length << CHUNK_SHIFT;
    }

    /** The highest bits of the hash, as many as number the slots. */
    private static int home(Chunk[] table, long hash) {
        return (int) (hash >>> (Integer.SIZE + 1 + Integer.numberOfLeadingZeros(slots(table))));
    }

    private static int next(Chunk[] table, int slot) {
        return slot + 1 & slots(table) - 1;
    }

    /** All entries as they were at one time. Confined to the thread that reads it. */
    final class Image implements AutoCloseable {
        private Chunk[] shared;
        private final int count;

        private Image(Chunk[] shared, int count) {
            this.shared = shared;
            this.count = count;
        }

        /** The entries, in no order; only once, as they need no chunk any more: this is closed. */
        byte[][] take() {
            byte[][] taken = new byte[count][];
            int next = 0;
            for (Chunk chunk : shared) {
                for (byte[] keyValue : chunk.entries) {
                    if (keyValue != null) {
                        taken[next++] = keyValue;
                    }
                }
            }
            close();
            return taken;
        }

        @Override
        public void close() {
            if (shared != null) {
                shared = null;
                imagesOpen.decrementAndGet();
            }
        }
    }
}

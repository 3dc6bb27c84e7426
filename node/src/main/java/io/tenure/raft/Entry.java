package io.tenure.raft;

/**
 * One log entry. The core carries {@link #bytes}, the entry's line in {@code logs.txt}, without looking into it: it is
 * encoded once, on the leader, and the same bytes travel and are stored everywhere (DESIGN.md, D3). Several entries
 * share one backing array. Immutable: nobody writes to the array once an entry refers to it.
 */
public final class Entry {
    /** What an entry is for. */
    public enum Kind {
        /** Opens a leader's term; changes nothing. */
        NO_OP,
        /** Changes one key. */
        WRITE
    }

    /** Session of an entry that no client asked for, or whose tag was lost (DESIGN.md, D6). */
    public static final long NO_SESSION = 0;

    /** What an entry takes of memory beside its line: itself, its places in lists and tables, the tags it came with. */
    private static final long OVERHEAD_BYTES = 128;

    private final Kind kind;
    private final long term;
    private final long keyHash;
    private final long session;
    private final long number;
    private final byte[] bytes;
    private final int offset;
    private final int length;

    /**
     * Makes an entry over a slice of {@code bytes}, which the caller gives up.
     *
     * @param keyHash 64-bit hash of the key; 0 for a NO-OP
     * @param session client session, or {@link #NO_SESSION}
     * @param number request number in the session
     */
    public Entry(Kind kind, long term, long keyHash, long session, long number, byte[] bytes, int offset, int length) {
        this.kind = kind;
        this.term = term;
        this.keyHash = keyHash;
        this.session = session;
        this.number = number;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    public Kind kind() {
        return kind;
    }

    public long term() {
        return term;
    }

    /** 64-bit hash of the key of a {@link Kind#WRITE}; the core compares hashes only, for limbo (LEASE.md, 3.6). */
    public long keyHash() {
        return keyHash;
    }

    public long session() {
        return session;
    }

    public long number() {
        return number;
    }

    /** The shared backing array; read {@link #length} bytes from {@link #offset}, never write. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** Length of the line in bytes, line feed included. */
    public int length() {
        return length;
    }

    /** What it takes of memory, about; limits on memory count this, as many entries are shorter than what is kept of them. */
    public long memoryBytes() {
        return OVERHEAD_BYTES + length;
    }

    @Override
    public String toString() {
        return kind + "(term " + term + ", session " + session + ", number " + number + ")";
    }
}

package io.tenure.raft;

import java.util.List;

/** Everything that can happen to the core (DESIGN.md, D1). */
public sealed interface Input {
    /** A message of a peer arrived. */
    record Receive(int from, Message message) implements Input {}

    /**
     * A client's write, already encoded for the current term. Answered by {@link Output.Ready} once committed, or by
     * {@link Output.Refused}.
     */
    record Propose(long ticket, Entry entry) implements Input {}

    /** A client repeats a write that the log holds at {@code index}: waits for that one (DESIGN.md, D6). */
    record Await(long ticket, long index) implements Input {}

    /** A linearizable read without lease: ReadIndex (thesis, 6.4). Answered by {@link Output.Ready}. */
    record Read(long ticket) implements Input {}

    /** All writes with a sequence number up to {@code seq} are forced to disk. */
    record Persisted(long seq) implements Input {}

    /** Entries read from disk for {@link Output.Fetch}; empty if they could not be had. */
    record Fetched(int peer, long firstIndex, List<Entry> entries) implements Input {}

    /** The link to a peer closed: what was in flight may be lost. */
    record LinkLost(int peer) implements Input {}

    /** Time passed. Needed at {@code Raft.wakeAtNanos}; harmless at any time. */
    record Tick() implements Input {}
}

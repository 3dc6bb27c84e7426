package io.tenure.raft;

/**
 * How a leader sends its snapshot to one follower (paper, 7): one piece at a time, no faster than the limit, from where the
 * follower says it stands. A piece that is not answered is sent again.
 */
final class SnapshotSending {
    private static final int CHUNK_BYTES_MAX = 256 << 10;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecondMax;
    private final long answerNanosMax;
    private EntryId last = EntryId.NONE;
    private long totalBytes;
    private long offset;
    private boolean fetching;
    private boolean unanswered;
    private long sentNanos;
    private long nextNanos;

    SnapshotSending(Parameters parameters, Timing timing, long now) {
        this.bytesPerSecondMax = parameters.snapshotBytesPerSecondMax();
        this.answerNanosMax = timing.electionTimeoutMinNanos();
        this.nextNanos = now;
    }

    /** The snapshot's piece to read now; null if it is not time for one. */
    Output.SnapshotFetch fetch(long now, int peer, int batchBytesMax) {
        if (fetching || now - dueNanos() < 0) {
            return null;
        }
        fetching = true;
        return new Output.SnapshotFetch(peer, last, offset, Math.min(batchBytesMax, CHUNK_BYTES_MAX));
    }

    /** When the next piece is due; {@code never} while one is being read. */
    long dueNanos(long never) {
        return fetching ? never : dueNanos();
    }

    /** The disk has the piece; null if it could not be had. It leaves now. */
    boolean onFetched(long now, SnapshotChunk chunk) {
        if (!fetching) {
            return false;
        }
        fetching = false;
        unanswered = true;
        sentNanos = now;
        if (chunk == null) {
            return false;
        }
        last = chunk.last();
        totalBytes = chunk.totalBytes();
        offset = chunk.offset();
        nextNanos = now + chunk.bytes().length * NANOS_PER_SECOND / bytesPerSecondMax;
        return true;
    }

    /** The follower has stored a piece, or wants another one. */
    void onWanted(EntryId of, long wantedOffset) {
        if (!of.equals(last) || wantedOffset > totalBytes) {
            return;
        }
        if (wantedOffset == totalBytes) {
            // Everything is there, and being installed. Should it have been damaged on the way, it is sent again.
            offset = totalBytes;
            return;
        }
        offset = wantedOffset;
        unanswered = false;
    }

    private long dueNanos() {
        return unanswered ? Math.max(nextNanos, sentNanos + answerNanosMax) : nextNanos;
    }
}

package io.tenure.journal;

import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The snapshot files of an open journal: {@code snapshot.txt}, which counts; {@code snapshot.tmp}, which a
 * {@link SnapshotWriter} fills; {@code snapshot.in}, which comes from a peer.
 */
final class SnapshotFiles implements AutoCloseable {
    static final String NAME = "snapshot.txt";
    static final String TEMPORARY = "snapshot.tmp";
    static final String INCOMING = "snapshot.in";

    /** Bytes of a peer's snapshot that may wait for one force. */
    private static final int FORCE_BYTES = 4 << 20;

    /** A transfer to a peer: goes on with the file that it began with. */
    private static final class Sending {
        private final EntryId last;
        private final long totalBytes;
        private final DiskFile file;
        private SnapshotParts parts;

        private Sending(EntryId last, long totalBytes, DiskFile file) {
            this.last = last;
            this.totalBytes = totalBytes;
            this.file = file;
        }
    }

    private final Disk disk;
    private final String folder;
    private final Map<Integer, Sending> sending = new HashMap<>();
    /** Peers that were sent something since the snapshot was replaced last. */
    private final Set<Integer> sentTo = new HashSet<>();

    private EntryId current;
    private EntryId incomingLast;
    private long incomingTotalBytes;
    private long incomingBytes;
    private long incomingForcedBytes;
    private DiskFile incoming;
    private ReceivedSnapshot verified;

    SnapshotFiles(Disk disk, String folder, EntryId current) {
        this.disk = disk;
        this.folder = folder;
        this.current = current;
    }

    /** Position of the snapshot, {@link EntryId#NONE} if there is none. */
    EntryId current() {
        return current;
    }

    /** Position of the finished {@code snapshot.tmp}. */
    EntryId finished() throws IOException {
        try {
            return new SnapshotReader(disk, path(TEMPORARY)).readHeader().last();
        } catch (SnapshotDamagedException e) {
            throw DamagedException.found(e);
        }
    }

    /** Makes {@code snapshot.tmp} the snapshot. */
    void adopt(EntryId last) throws IOException {
        disk.rename(path(TEMPORARY), path(NAME));
        disk.forceFolder(folder);
        current = last;
        endOldSendings();
    }

    /** Drops {@code snapshot.tmp}. */
    void dropFinished() throws IOException {
        disk.delete(path(TEMPORARY));
    }

    /** See {@link Journal#receive}. */
    long receive(EntryId last, long totalBytes, long offset, byte[] bytes) throws IOException {
        boolean known = last.equals(incomingLast) && totalBytes == incomingTotalBytes;
        if (!known && offset != 0) {
            return 0;
        }
        try {
            if (!known) {
                dropIncoming();
                incoming = disk.open(path(INCOMING));
                incomingLast = last;
                incomingTotalBytes = totalBytes;
            }
            writePiece(offset, bytes);
        } catch (DiskFullException e) {
            if (incoming != null) {
                incoming.truncate(incomingBytes); // The piece is wanted again.
            }
        }
        return incomingBytes;
    }

    private void writePiece(long offset, byte[] bytes) throws IOException {
        if (incoming != null && offset == incomingBytes && bytes.length <= incomingTotalBytes - offset) {
            incoming.write(offset, ByteBuffer.wrap(bytes));
            incomingBytes += bytes.length;
            if (incomingBytes - incomingForcedBytes >= FORCE_BYTES) {
                incoming.force();
                incomingForcedBytes = incomingBytes;
            }
        }
    }

    /** See {@link Journal#verifyReceived}. */
    ReceivedSnapshot verify() throws IOException {
        if (verified != null) {
            return verified;
        }
        if (incoming == null || incomingBytes != incomingTotalBytes) {
            throw new IllegalStateException("no snapshot was received completely");
        }
        incoming.force();
        incoming.close();
        incoming = null;
        // Its name, too, is durable before the metadata says that it is to be installed.
        disk.forceFolder(folder);
        List<SessionRecord> sessions = new ArrayList<>();
        try {
            SnapshotHeader header = new SnapshotReader(disk, path(INCOMING)).read(new SessionsOnly(sessions));
            if (header.last().equals(incomingLast)) {
                verified = new ReceivedSnapshot(header, sessions);
                return verified;
            }
        } catch (SnapshotDamagedException e) {
            // Not rot of this disk: the bytes came like that. What comes next is a transfer from the beginning.
            dropIncoming();
            return null;
        }
        dropIncoming();
        return null;
    }

    /** Position of the verified snapshot of a peer, null if there is none. */
    EntryId verified() {
        return verified == null ? null : verified.header().last();
    }

    /** Makes the verified snapshot of a peer the snapshot. */
    void install() throws IOException {
        disk.rename(path(INCOMING), path(NAME));
        disk.forceFolder(folder);
        current = verified();
        forgetIncoming();
        endOldSendings();
    }

    /**
     * After a crash: puts the received snapshot in its place, if that one was being installed. Else what was received came
     * later, and the one that counts is in its place already.
     *
     * @param last the snapshot to be installed, null if none is
     */
    static void finishInstall(Disk disk, LogFolder folder, EntryId last) throws IOException {
        if (isToBeInstalled(disk, folder, last)) {
            disk.rename(folder.incomingSnapshot(), folder.snapshot());
            disk.forceFolder(folder.path());
        }
    }

    /** Whether what was received is, by its beginning and end, the snapshot to be installed. */
    static boolean isToBeInstalled(Disk disk, LogFolder folder, EntryId last) throws IOException {
        String incoming = folder.incomingSnapshot();
        if (last == null || !disk.exists(incoming)) {
            return false;
        }
        try {
            return new SnapshotReader(disk, incoming).readHeader().last().equals(last);
        } catch (SnapshotDamagedException e) {
            return false;
        }
    }

    /** See {@link Journal#readSnapshot}. */
    SnapshotChunk read(int peer, EntryId wanted, long offset, int bytesMax) throws IOException {
        Sending open = sending.get(peer);
        boolean goesOn = open != null && open.last.equals(wanted);
        if (!goesOn) {
            endSending(peer);
            if (current.equals(EntryId.NONE)) {
                return null;
            }
            DiskFile file = disk.openForReading(path(NAME));
            open = new Sending(current, file.size(), file);
            sending.put(peer, open);
        }
        sentTo.add(peer);
        long from = open.last.equals(wanted) && offset >= 0 && offset <= open.totalBytes ? offset : 0;
        byte[] bytes = new byte[(int) Math.min(bytesMax, open.totalBytes - from)];
        try {
            if (from == 0 || open.parts == null) {
                open.parts = new SnapshotParts(open.file, path(NAME), open.totalBytes, from);
            }
            open.parts.verifyTo(from + bytes.length);
        } catch (SnapshotDamagedException e) {
            endSending(peer);
            if (open.last.equals(current)) {
                throw DamagedException.found(e);
            }
            return read(peer, EntryId.NONE, 0, bytesMax); // What is rotten was replaced meanwhile.
        }
        LineReader.readFully(open.file, from, ByteBuffer.wrap(bytes));
        return new SnapshotChunk(open.last, open.totalBytes, from, bytes);
    }

    /** Last index of the oldest snapshot that a peer is being sent, or was a short while ago; none is beyond all. */
    long oldestSending() {
        return sending.values().stream()
                .mapToLong(each -> each.last.index())
                .min()
                .orElse(Long.MAX_VALUE - 1);
    }

    /** Size of the largest snapshot that a peer is being sent; 0 if none is. */
    long largestSending() {
        return sending.values().stream()
                .mapToLong(each -> each.totalBytes)
                .max()
                .orElse(0);
    }

    /** An open file takes its room though it was replaced: those that nobody has read for the time of a snapshot are closed. */
    private void endOldSendings() throws IOException {
        for (Integer peer : List.copyOf(sending.keySet())) {
            if (!sentTo.contains(peer)) {
                endSending(peer);
            }
        }
        sentTo.clear();
    }

    /** Closes what is open for a peer. */
    void endSending(int peer) throws IOException {
        Sending open = sending.remove(peer);
        if (open != null) {
            open.file.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Integer peer : List.copyOf(sending.keySet())) {
            endSending(peer);
        }
        if (incoming != null) {
            incoming.close();
        }
    }

    /** Drops what was received of a peer. */
    void dropIncoming() throws IOException {
        if (incoming != null) {
            incoming.close();
        }
        forgetIncoming();
        if (disk.exists(path(INCOMING))) {
            disk.delete(path(INCOMING));
        }
    }

    private void forgetIncoming() {
        incoming = null;
        incomingLast = null;
        incomingBytes = 0;
        incomingForcedBytes = 0;
        incomingTotalBytes = 0;
        verified = null;
    }

    private String path(String name) {
        return folder + '/' + name;
    }

    private record SessionsOnly(List<SessionRecord> sessions) implements JournalVisitor {
        @Override
        public void session(SessionRecord session) {
            sessions.add(session);
        }

        @Override
        public void visit(long index, Entry entry, boolean committed, boolean tagLost) {
            throw new IllegalStateException("a snapshot holds no entries");
        }
    }
}

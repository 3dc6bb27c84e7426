package io.tenure.sim;

import io.tenure.journal.Disk;
import io.tenure.journal.DiskFile;
import io.tenure.journal.DiskFullException;
import io.tenure.journal.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * A disk that outlives the processes that use it. Operations take time, though calls return at once: whoever gives a
 * process a turn asks {@link #endNanos} when what it did would have been done, and holds back until then what follows from
 * it. If the process dies before, then what lay after its death has not happened (see {@link SimInode}).
 */
final class SimDisk {
    /** Marks the messages of errors that were ordered. */
    static final String SIMULATED = "(simulated)";

    private final Timeline timeline;
    private final RandomGenerator random;
    private final DiskPace pace;
    private final SimFolder root = new SimFolder();
    private Mount mount;
    private long cursor;
    private long operations;
    private long doomedOperation = Long.MAX_VALUE;
    private LongConsumer doom;
    private int forcesUntilFailure = Integer.MAX_VALUE;
    private long bytesLost;
    private long capacityBytes = Long.MAX_VALUE;

    SimDisk(Timeline timeline, RandomGenerator random, DiskPace pace) {
        this.timeline = timeline;
        this.random = random;
        this.pace = pace;
    }

    /** The disk as a new process sees it. There is one process at a time. */
    Disk mount() {
        if (mount != null) {
            throw new IllegalStateException("a process uses the disk already");
        }
        mount = new Mount();
        return mount;
    }

    /** When all operations so far are done. */
    long endNanos() {
        return Math.max(cursor, timeline.now());
    }

    DiskPace pace() {
        return pace;
    }

    /** Operations so far. */
    long operations() {
        return operations;
    }

    /** Bytes that power losses have taken, all in all. */
    long bytesLost() {
        return bytesLost;
    }

    /** Tells {@code doom} at which time the {@code k}-th operation from now is under way, for a crash at that very time. */
    void doomOperation(int k, LongConsumer doom) {
        this.doomedOperation = operations + k;
        this.doom = doom;
    }

    /** Has the {@code k}-th force from now fail. */
    void failForce(int k) {
        forcesUntilFailure = k;
    }

    /** Somebody else fills the disk: there is room for so many bytes more. */
    void fill(long bytesLeft) {
        capacityBytes = root.bytes() + bytesLeft;
    }

    /** What somebody else has put on the disk is gone. */
    void makeRoom() {
        capacityBytes = Long.MAX_VALUE;
    }

    /** What a process may still write. */
    long usableBytes() {
        return capacityBytes == Long.MAX_VALUE ? capacityBytes : Math.max(0, capacityBytes - root.bytes());
    }

    /** Nothing of what was ordered will happen any more. */
    void behave() {
        doomedOperation = Long.MAX_VALUE;
        forcesUntilFailure = Integer.MAX_VALUE;
        makeRoom();
        pace.recover(timeline.now());
    }

    /** The process dies now; the system lives on. */
    void onProcessDeath() {
        unmount();
        root.onProcessDeath(timeline.now(), random.nextBoolean());
    }

    /** The machine loses power now; {@code survival} is the share of unforced sectors that were written in time. */
    void onPowerLoss(double survival) {
        unmount();
        bytesLost += root.onPowerLoss(timeline.now(), survival, random);
    }

    /** A bit turns, on the platter and in what is read. */
    void turnBit(String path, int position, int bit) {
        ((SimInode) durableNode(path)).turnBit(position, bit);
    }

    /** What the platter holds of the files in a folder; nobody uses the disk now. */
    Map<String, byte[]> copyFolder(String path) {
        Map<String, byte[]> copy = new TreeMap<>();
        durableNames(path).forEach(name -> copy.put(name, durableContent(path + '/' + name)));
        return copy;
    }

    /** A folder is gone, and with {@code copy} something else in its place; after a power loss, while nobody uses the disk. */
    void replaceFolder(String path, Map<String, byte[]> copy) {
        if (mount != null) {
            throw new IllegalStateException("a process uses the disk");
        }
        SimFolder folder = copy == null ? null : new SimFolder();
        if (copy != null) {
            copy.forEach((name, bytes) -> folder.put(name, SimInode.holding(bytes)));
        }
        int slash = path.lastIndexOf('/');
        ((SimFolder) durableNode(slash < 0 ? "." : path.substring(0, slash))).put(name(path), folder);
    }

    /** Whether the platter holds these bytes in the file now. */
    boolean isDurable(String path, long position, byte[] bytes, int offset, int length) {
        return durableNode(path) instanceof SimInode inode
                && inode.isDurable(timeline.now(), position, bytes, offset, length);
    }

    /** What the platter holds of a file now; null if the file is not there. */
    byte[] durableContent(String path) {
        return durableNode(path) instanceof SimInode inode ? inode.durableContent(timeline.now()) : null;
    }

    /** Names that the platter holds in a folder now. */
    List<String> durableNames(String path) {
        return durableNode(path) instanceof SimFolder folder ? folder.durableNames(timeline.now()) : List.of();
    }

    private void unmount() {
        if (mount != null) {
            mount.alive = false;
            mount = null;
        }
        cursor = timeline.now();
        doomedOperation = Long.MAX_VALUE;
        forcesUntilFailure = Integer.MAX_VALUE;
    }

    private Object durableNode(String path) {
        return walk(path, (folder, name) -> folder.durable(timeline.now(), name));
    }

    private Object node(String path) {
        return walk(path, SimFolder::get);
    }

    private Object walk(String path, BiFunction<SimFolder, String, Object> step) {
        Object node = root;
        if (path.equals(".")) {
            return root;
        }
        for (int from = 0; from <= path.length() && node instanceof SimFolder folder; ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            node = step.apply(folder, path.substring(from, to));
            from = to + 1;
            if (from <= path.length() && !(node instanceof SimFolder)) {
                return null;
            }
        }
        return node;
    }

    private SimFolder folder(String path) throws IOException {
        Object found = path.isEmpty() ? root : node(path);
        if (found instanceof SimFolder folder) {
            return folder;
        }
        throw new IOException(path + ": no such folder");
    }

    private SimFolder parent(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        return folder(slash < 0 ? "" : path.substring(0, slash));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Begins an operation; returns when it is issued. */
    private long operation(long bytes) {
        long begin = endNanos();
        cursor = pace.endOfOperation(begin, bytes);
        count(begin, cursor);
        return begin;
    }

    private void count(long begin, long end) {
        if (++operations == doomedOperation) {
            doom.accept(begin + (end > begin ? random.nextLong(end - begin + 1) : 0));
        }
    }

    /** The disk in the eyes of one process. */
    private final class Mount implements Disk {
        private boolean alive = true;

        private void checkAlive() throws IOException {
            if (!alive) {
                throw new IOException("the process that uses this disk is dead");
            }
        }

        @Override
        public void createFolder(String path) throws IOException {
            checkAlive();
            if (node(path) instanceof SimFolder) {
                return;
            }
            parent(path).link(operation(0), name(path), new SimFolder());
        }

        @Override
        public boolean exists(String path) throws IOException {
            checkAlive();
            return path.isEmpty() || node(path) != null;
        }

        @Override
        public List<String> list(String folder) throws IOException {
            checkAlive();
            return folder(folder).names();
        }

        @Override
        public DiskFile open(String path) throws IOException {
            checkAlive();
            Object found = node(path);
            if (found instanceof SimFolder) {
                throw new IOException(path + ": is a folder");
            }
            SimInode inode = found == null ? new SimInode() : (SimInode) found;
            if (found == null) {
                parent(path).link(operation(0), name(path), inode);
            }
            return new Handle(this, path, inode, false);
        }

        @Override
        public DiskFile openForReading(String path) throws IOException {
            checkAlive();
            if (node(path) instanceof SimInode inode) {
                return new Handle(this, path, inode, true);
            }
            throw new IOException(path + ": no such file");
        }

        @Override
        public void rename(String from, String to) throws IOException {
            checkAlive();
            if (node(from) == null || parent(from) != parent(to)) {
                throw new IOException(from + ": cannot be renamed to " + to);
            }
            parent(from).rename(operation(0), name(from), name(to));
        }

        @Override
        public void delete(String path) throws IOException {
            checkAlive();
            if (node(path) == null) {
                throw new IOException(path + ": no such file");
            }
            parent(path).unlink(operation(0), name(path));
        }

        @Override
        public void forceFolder(String path) throws IOException {
            checkAlive();
            long begin = endNanos();
            cursor = pace.endOfForce(begin);
            folder(path).force(timeline.now(), begin, cursor);
            count(begin, cursor);
        }

        @Override
        public long usableBytes(String folder) throws IOException {
            checkAlive();
            return SimDisk.this.usableBytes();
        }

        @Override
        public FolderLock lock(String folder) throws IOException {
            checkAlive();
            folder(folder);
            return () -> {};
        }
    }

    /** A file that a process has open. */
    private final class Handle implements DiskFile {
        private final Mount owner;
        private final String path;
        private final SimInode inode;
        private final boolean readOnly;
        private boolean open = true;

        private Handle(Mount owner, String path, SimInode inode, boolean readOnly) {
            this.owner = owner;
            this.path = path;
            this.inode = inode;
            this.readOnly = readOnly;
        }

        private void checkOpen(boolean changes) throws IOException {
            owner.checkAlive();
            if (!open || (changes && readOnly)) {
                throw new IOException(path + (open ? ": is open for reading only" : ": is closed"));
            }
        }

        @Override
        public long size() throws IOException {
            checkOpen(false);
            return inode.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            checkOpen(false);
            return inode.read(Math.toIntExact(position), target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            checkOpen(true);
            long lacking = Math.max(0, position + source.remaining() - inode.size()) - usableBytes();
            if (lacking > 0) {
                source.limit(source.limit() - (int) Math.min(lacking, source.remaining()));
            }
            inode.write(operation(source.remaining()), Math.toIntExact(position), source);
            if (lacking > 0) {
                throw new DiskFullException(path + ": no room for " + lacking + " bytes " + SIMULATED);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            checkOpen(true);
            if (size < inode.size()) {
                inode.truncate(operation(0), Math.toIntExact(size));
            }
        }

        @Override
        public void force() throws IOException {
            checkOpen(true);
            long begin = endNanos();
            cursor = pace.endOfForce(begin);
            boolean fails = --forcesUntilFailure == 0;
            if (fails) {
                inode.failForce(begin, cursor);
            } else {
                inode.force(timeline.now(), begin, cursor);
            }
            count(begin, cursor);
            if (fails) {
                throw new IOException(path + ": input/output error " + SIMULATED);
            }
        }

        @Override
        public void close() {
            open = false;
        }
    }
}

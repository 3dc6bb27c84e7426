package io.tenure.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory that crashes before a given call, and then keeps of what was not forced what it likes: files sector by
 * sector and size by size, names one by one.
 */
final class CrashDisk implements Disk {
    /** What an unforced change meets at a crash. */
    enum Unforced {
        VANISHES,
        SURVIVES,
        SURVIVES_IN_PART
    }

    private static final int PAGE = 64;

    /** The machine is gone. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Inode {
        byte[] forced = {};
        byte[] bytes = {};
        final BitSet dirty = new BitSet();
    }

    private record NameChange(String gone, String name, Inode inode) {}

    private final Map<String, Inode> names = new TreeMap<>();
    private final Map<String, Inode> forcedNames = new HashMap<>();
    private final Map<String, List<NameChange>> unforcedNames = new HashMap<>();
    private final TreeSet<String> folders = new TreeSet<>(List.of(".", "/"));
    private boolean locked;
    private boolean crashed;
    private String failing = "";
    private long capacityBytes = Long.MAX_VALUE;
    private boolean newFilesRefused;

    /** Calls so far. */
    int calls;

    /** What they were. */
    final List<String> kinds = new ArrayList<>();

    /** The call before which the machine goes. */
    int crashAt = Integer.MAX_VALUE;

    /** From now on, calls of this kind fail. */
    void fail(String kind) {
        failing = kind;
    }

    /** From now on there is room for so many bytes more. */
    void limitTo(long bytes) {
        capacityBytes = bytes == Long.MAX_VALUE ? bytes : usedBytes() + bytes;
    }

    /** From now on there is room for bytes, but for no file that is not there yet. */
    void refuseNewFiles(boolean refuse) {
        newFilesRefused = refuse;
    }

    private long usedBytes() {
        return names.values().stream().mapToLong(inode -> inode.bytes.length).sum();
    }

    /** The process was killed, not the machine: nothing is lost, but nothing is forced for that. */
    void afterKill() {
        crashed = false;
        locked = false;
        calls = 0;
        crashAt = Integer.MAX_VALUE;
    }

    /** What is there after a crash. */
    CrashDisk afterCrash(Unforced unforced, Random random) {
        CrashDisk next = new CrashDisk();
        next.folders.addAll(folders);
        Map<String, Inode> left = new TreeMap<>(forcedNames);
        for (List<NameChange> changes : unforcedNames.values()) {
            for (NameChange change : changes) {
                if (unforced == Unforced.SURVIVES || (unforced == Unforced.SURVIVES_IN_PART && random.nextBoolean())) {
                    apply(left, change);
                }
            }
        }
        int sector = random.nextBoolean() ? 64 : 512;
        Map<Inode, Inode> copies = new HashMap<>();
        left.forEach((name, inode) -> {
            Inode copy = copies.computeIfAbsent(inode, lost -> remains(lost, unforced, random, sector));
            next.names.put(name, copy);
            next.forcedNames.put(name, copy);
        });
        return next;
    }

    private static Inode remains(Inode inode, Unforced unforced, Random random, int sector) {
        Inode left = new Inode();
        left.bytes = switch (unforced) {
            case VANISHES -> inode.forced.clone();
            case SURVIVES -> inode.bytes.clone();
            case SURVIVES_IN_PART -> mixed(inode, random, sector);
        };
        left.forced = left.bytes.clone();
        return left;
    }

    private static byte[] mixed(Inode inode, Random random, int sector) {
        int small = Math.min(inode.forced.length, inode.bytes.length);
        int large = Math.max(inode.forced.length, inode.bytes.length);
        boolean grown = inode.bytes.length > inode.forced.length;
        int size = switch (random.nextInt(grown ? 3 : 2)) {
            case 0 -> small;
            case 1 -> large;
            default -> small + random.nextInt(large - small + 1);
        };
        byte[] mixed = new byte[size];
        int kept = random.nextInt(4);
        for (int at = 0; at < size; at += sector) {
            byte[] source = random.nextInt(4) <= kept ? inode.bytes : inode.forced;
            int end = Math.min(Math.min(at + sector, size), source.length);
            if (end > at) {
                System.arraycopy(source, at, mixed, at, end - at);
            }
        }
        return mixed;
    }

    /** Content of a file. */
    byte[] content(String path) {
        return names.get(path).bytes.clone();
    }

    /** Replaces the content of a file, durably, behind everybody's back. */
    void setContent(String path, byte[] bytes) {
        Inode inode = names.computeIfAbsent(path, p -> new Inode());
        forcedNames.put(path, inode);
        inode.bytes = bytes.clone();
        inode.forced = bytes.clone();
    }

    /** Takes a file away. */
    void remove(String path) {
        names.remove(path);
        forcedNames.remove(path);
    }

    /** All contents. */
    Map<String, String> contents() {
        Map<String, String> contents = new TreeMap<>();
        names.forEach((name, inode) -> contents.put(name, Arrays.toString(inode.bytes)));
        return contents;
    }

    private static void apply(Map<String, Inode> names, NameChange change) {
        if (change.gone() != null) {
            names.remove(change.gone());
        }
        if (change.name() != null) {
            names.put(change.name(), change.inode());
        }
    }

    private void step(String kind) throws IOException {
        if (crashed || ++calls == crashAt) {
            crashed = true;
            throw new Crash();
        }
        kinds.add(kind);
        if (kind.equals(failing)) {
            throw new IOException("no " + kind + " today");
        }
    }

    private void change(NameChange change) {
        apply(names, change);
        String folder = LogFolder.parent(change.name() != null ? change.name() : change.gone());
        unforcedNames.computeIfAbsent(folder, f -> new ArrayList<>()).add(change);
    }

    @Override
    public void createFolder(String path) throws IOException {
        step("createFolder");
        if (!folders.contains(LogFolder.parent(path))) {
            throw new IOException("no folder " + LogFolder.parent(path));
        }
        folders.add(path);
    }

    @Override
    public boolean exists(String path) throws IOException {
        step("exists");
        return names.containsKey(path) || folders.contains(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        step("list");
        List<String> list = new ArrayList<>();
        for (String name : names.keySet()) {
            if (LogFolder.parent(name).equals(folder)) {
                list.add(name.substring(folder.length() + 1));
            }
        }
        return list;
    }

    @Override
    public DiskFile open(String path) throws IOException {
        step("open");
        if (!names.containsKey(path)) {
            if (newFilesRefused) {
                throw new DiskFullException("no room for " + path);
            }
            change(new NameChange(null, path, new Inode()));
        }
        return new File(names.get(path), true);
    }

    @Override
    public DiskFile openForReading(String path) throws IOException {
        step("open");
        if (!names.containsKey(path)) {
            throw new IOException("no file " + path);
        }
        return new File(names.get(path), false);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step("rename");
        if (!names.containsKey(from)) {
            throw new IOException("no file " + from);
        }
        change(new NameChange(from, to, names.get(from)));
    }

    @Override
    public void delete(String path) throws IOException {
        step("delete");
        if (!names.containsKey(path)) {
            throw new IOException("no file " + path);
        }
        change(new NameChange(path, null, null));
    }

    @Override
    public void forceFolder(String path) throws IOException {
        step("forceFolder");
        List<NameChange> changes = unforcedNames.remove(path);
        if (changes != null) {
            changes.forEach(change -> apply(forcedNames, change));
        }
    }

    @Override
    public long usableBytes(String folder) {
        return Math.max(0, capacityBytes - usedBytes());
    }

    @Override
    public FolderLock lock(String folder) throws IOException {
        step("lock");
        if (locked) {
            throw new IOException(folder + " is in use by process 1: only one node can use a folder");
        }
        locked = true;
        return () -> locked = false;
    }

    private final class File implements DiskFile {
        private final Inode inode;
        private final boolean writable;

        File(Inode inode, boolean writable) {
            this.inode = inode;
            this.writable = writable;
        }

        @Override
        public long size() throws IOException {
            step("size");
            return inode.bytes.length;
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            step("read");
            int count = (int) Math.min(target.remaining(), inode.bytes.length - position);
            if (count <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            target.put(inode.bytes, (int) position, count);
            return count;
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            requireWritable("write");
            long lacking = position + source.remaining() - inode.bytes.length - usableBytes("");
            if (lacking > 0) {
                source.limit(source.limit() - (int) Math.min(lacking, source.remaining()));
            }
            int end = (int) position + source.remaining();
            inode.bytes = Arrays.copyOf(inode.bytes, Math.max(end, inode.bytes.length));
            source.get(inode.bytes, (int) position, source.remaining());
            inode.dirty.set((int) position / PAGE, (end + PAGE - 1) / PAGE);
            if (lacking > 0) {
                throw new DiskFullException("no room for " + lacking + " bytes");
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            requireWritable("truncate");
            inode.bytes = Arrays.copyOf(inode.bytes, (int) Math.min(size, inode.bytes.length));
        }

        @Override
        public void force() throws IOException {
            try {
                requireWritable("force");
                inode.forced = Arrays.copyOf(inode.forced, inode.bytes.length);
                inode.dirty.stream().forEach(page -> {
                    int from = Math.min(page * PAGE, inode.bytes.length);
                    int to = Math.min((page + 1) * PAGE, inode.bytes.length);
                    System.arraycopy(inode.bytes, from, inode.forced, from, to - from);
                });
            } finally {
                // Once a force has failed, its pages look clean though they are not on disk.
                inode.dirty.clear();
            }
        }

        @Override
        public void close() {}

        private void requireWritable(String kind) throws IOException {
            step(kind);
            if (!writable) {
                throw new IOException("opened for reading");
            }
        }
    }
}

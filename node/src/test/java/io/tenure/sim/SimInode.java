package io.tenure.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The content of a file: as processes see it, as it is on the platter, and the changes in between that no force has
 * covered yet. Every change carries the time at which it was issued, as a process that dies has issued nothing after that.
 */
final class SimInode {
    /** What a disk writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    private enum Kind {
        WRITE,
        TRUNCATE,
        FORCE,
        FAILED_FORCE
    }

    private static final class Change {
        private final Kind kind;
        private final long time;
        /** When a force is done; the time of issue for the others. */
        private final long end;
        /** Where a write begins, or the size after a truncation. */
        private final int position;

        private final byte[] bytes;

        private Change(Kind kind, long time, long end, int position, byte[] bytes) {
            this.kind = kind;
            this.time = time;
            this.end = end;
            this.position = position;
            this.bytes = bytes;
        }
    }

    private Bytes current = new Bytes();
    private Bytes durable = new Bytes();
    /** What the system's cache shows of all that forces have dealt with: more than the platter, after one that failed. */
    private Bytes cached = new Bytes();

    private final List<Change> pending = new ArrayList<>();

    /** A file that has held this for long. */
    static SimInode holding(byte[] bytes) {
        SimInode inode = new SimInode();
        inode.write(0, 0, ByteBuffer.wrap(bytes));
        inode.onPowerLoss(0, 2, new SplittableRandom(0));
        return inode;
    }

    int size() {
        return current.size;
    }

    int read(int position, ByteBuffer into) {
        int count = Math.min(into.remaining(), current.size - position);
        if (count <= 0) {
            return -1;
        }
        into.put(current.bytes, position, count);
        return count;
    }

    void write(long time, int position, ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        change(new Change(Kind.WRITE, time, time, position, bytes));
    }

    void truncate(long time, int size) {
        change(new Change(Kind.TRUNCATE, time, time, size, null));
    }

    /** Forces everything issued so far; it is on the platter at {@code end}. A process may be ahead of the present. */
    void force(long now, long time, long end) {
        settle(now);
        pending.add(new Change(Kind.FORCE, time, end, 0, null));
    }

    /** A force that fails: the dirty pages count as clean afterwards and are never written, though reads may show them. */
    void failForce(long time, long end) {
        pending.add(new Change(Kind.FAILED_FORCE, time, end, 0, null));
    }

    /** Whether the platter holds {@code bytes} at {@code position}, at {@code now}. */
    boolean isDurable(long now, long position, byte[] bytes, int offset, int length) {
        settle(now);
        return position + length <= durable.size
                && Arrays.equals(
                        durable.bytes, (int) position, (int) position + length, bytes, offset, offset + length);
    }

    /** A bit turns, in every copy that there is. */
    void turnBit(int position, int bit) {
        for (Bytes copy : List.of(durable, cached, current)) {
            if (position < copy.size) {
                copy.bytes[position] ^= (byte) (1 << bit);
            }
        }
    }

    /** What the platter holds at {@code now}. */
    byte[] durableContent(long now) {
        settle(now);
        return Arrays.copyOf(durable.bytes, durable.size);
    }

    /** The process died at {@code now}; what it had written stays in the cache of its system, forced or not. */
    void onProcessDeath(long now, boolean cacheIsDropped) {
        forgetTheFuture(now);
        if (cacheIsDropped) {
            cached = durable.copy();
        }
        current = cached.copy();
        pending.forEach(each -> current.apply(each));
    }

    /**
     * The machine lost power at {@code now}: of everything that no force has covered, each sector keeps one of the
     * contents that it has had since, and so does the size. {@code survival} is the share that got to the platter in time.
     *
     * @return how many bytes of the file are not what a process would have read
     */
    long onPowerLoss(long now, double survival, RandomGenerator random) {
        onProcessDeath(now, false);
        Bytes result = durable.copy();
        int versions = pending.size();
        Map<Integer, Integer> versionOfSector = new TreeMap<>();
        for (int i = 0; i < versions; i++) {
            Change each = pending.get(i);
            int from = each.position;
            int to = each.kind == Kind.TRUNCATE ? result.size : from + each.bytes.length;
            for (int sector = from / SECTOR_BYTES; sector * SECTOR_BYTES < to; sector++) {
                int version = versionOfSector.computeIfAbsent(sector, s -> draw(versions, survival, random));
                if (i < version) {
                    result.apply(each, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
                }
            }
        }
        int sizeVersion = draw(versions, survival, random);
        int size = sizeVersion == 0 ? durable.size : cached.size;
        for (int i = 0; i < sizeVersion; i++) {
            Change each = pending.get(i);
            size = each.kind == Kind.TRUNCATE ? each.position : Math.max(size, each.position + each.bytes.length);
        }
        result.resize(size);
        long lost = current.differences(result);
        current = result;
        durable = result.copy();
        cached = result.copy();
        pending.clear();
        return lost;
    }

    private void change(Change change) {
        pending.add(change);
        current.apply(change);
    }

    /** Draws how many of the changes a sector saw: usually all or none. */
    private static int draw(int versions, double survival, RandomGenerator random) {
        if (random.nextDouble() < survival) {
            return versions;
        }
        return random.nextInt(versions + 1);
    }

    /** Moves to the platter what a force that is done by {@code now} has covered. */
    private void settle(long now) {
        int settled = 0;
        for (int i = 0; i < pending.size(); i++) {
            Change force = pending.get(i);
            if (force.end > now) {
                break;
            }
            if (force.kind == Kind.FORCE || force.kind == Kind.FAILED_FORCE) {
                List<Change> covered = pending.subList(settled, i);
                covered.forEach(each -> cached.apply(each));
                if (force.kind == Kind.FORCE) {
                    covered.forEach(each -> durable.apply(each));
                    // Pages can be lost for good; the size goes out whole, as the system knows it, with each force.
                    durable.resize(cached.size);
                }
                settled = i + 1;
            }
        }
        pending.subList(0, settled).clear();
    }

    private void forgetTheFuture(long now) {
        settle(now);
        pending.removeIf(each -> each.time > now || each.kind == Kind.FORCE || each.kind == Kind.FAILED_FORCE);
    }

    /** A growable array of bytes. */
    private static final class Bytes {
        private byte[] bytes = new byte[0];
        private int size;

        Bytes copy() {
            Bytes copy = new Bytes();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }

        void apply(Change change) {
            if (change.kind == Kind.WRITE || change.kind == Kind.TRUNCATE) {
                apply(change, 0, Integer.MAX_VALUE);
                resize(
                        change.kind == Kind.TRUNCATE
                                ? change.position
                                : Math.max(size, change.position + change.bytes.length));
            }
        }

        /** The part of a change that falls between two positions; the size only grows. */
        void apply(Change change, int from, int to) {
            int begin = Math.max(from, change.position);
            if (change.kind == Kind.TRUNCATE) {
                if (begin < Math.min(to, size)) {
                    Arrays.fill(bytes, begin, Math.min(to, size), (byte) 0);
                }
                return;
            }
            int end = Math.min(to, change.position + change.bytes.length);
            if (begin < end) {
                resize(Math.max(size, end));
                System.arraycopy(change.bytes, begin - change.position, bytes, begin, end - begin);
            }
        }

        void resize(int newSize) {
            if (newSize > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(newSize, bytes.length * 2));
            }
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
            }
            size = newSize;
        }

        long differences(Bytes other) {
            long differences = Math.abs(size - other.size);
            for (int i = 0; i < Math.min(size, other.size); i++) {
                differences += bytes[i] == other.bytes[i] ? 0 : 1;
            }
            return differences;
        }
    }
}

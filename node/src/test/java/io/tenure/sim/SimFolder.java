package io.tenure.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The names in a folder: as processes see them, as they are on the platter, and the changes in between. A rename is one
 * change (see {@link io.tenure.journal.Disk}); everything else survives a power loss name by name.
 */
final class SimFolder {
    /** @param end when a force is done; the time of issue for the others */
    private record Change(Kind kind, long time, long end, String name, String newName, Object node) {}

    private enum Kind {
        LINK,
        UNLINK,
        RENAME,
        FORCE
    }

    private Map<String, Object> current = new TreeMap<>();
    private Map<String, Object> durable = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    /** The {@link SimInode} or {@link SimFolder} of that name, or null. */
    Object get(String name) {
        return current.get(name);
    }

    /** What all files take, as processes see them. */
    long bytes() {
        long bytes = 0;
        for (Object node : current.values()) {
            bytes += node instanceof SimInode inode ? inode.size() : ((SimFolder) node).bytes();
        }
        return bytes;
    }

    List<String> names() {
        return List.copyOf(current.keySet());
    }

    void link(long time, String name, Object node) {
        change(new Change(Kind.LINK, time, time, name, null, node));
    }

    void unlink(long time, String name) {
        change(new Change(Kind.UNLINK, time, time, name, null, null));
    }

    void rename(long time, String name, String newName) {
        change(new Change(Kind.RENAME, time, time, name, newName, current.get(name)));
    }

    void force(long now, long time, long end) {
        settle(now);
        pending.add(new Change(Kind.FORCE, time, end, null, null, null));
    }

    /** Has the name stand for this, in every view; for nothing if it is null. */
    void put(String name, Object node) {
        if (node == null) {
            current.remove(name);
            durable.remove(name);
        } else {
            current.put(name, node);
            durable.put(name, node);
        }
    }

    /** What has this name on the platter at {@code now}, or null. */
    Object durable(long now, String name) {
        settle(now);
        return durable.get(name);
    }

    List<String> durableNames(long now) {
        settle(now);
        return List.copyOf(durable.keySet());
    }

    /** The process died: see {@link SimInode#onProcessDeath}. */
    void onProcessDeath(long now, boolean cacheIsDropped) {
        forgetTheFuture(now);
        current = new TreeMap<>(durable);
        pending.forEach(each -> apply(each, current));
        children().forEach(child -> {
            if (child instanceof SimInode inode) {
                inode.onProcessDeath(now, cacheIsDropped);
            } else {
                ((SimFolder) child).onProcessDeath(now, cacheIsDropped);
            }
        });
    }

    /** The machine lost power: see {@link SimInode#onPowerLoss}. Half of all disks keep the order of changes to names. */
    long onPowerLoss(long now, double survival, RandomGenerator random) {
        forgetTheFuture(now);
        boolean ordered = random.nextBoolean();
        int inTime = random.nextDouble() < survival ? pending.size() : random.nextInt(pending.size() + 1);
        for (int i = 0; i < pending.size(); i++) {
            if (ordered ? i < inTime : random.nextDouble() < survival || random.nextBoolean()) {
                apply(pending.get(i), durable);
            }
        }
        pending.clear();
        current = new TreeMap<>(durable);
        long lost = 0;
        for (Object child : children()) {
            lost += child instanceof SimInode inode
                    ? inode.onPowerLoss(now, survival, random)
                    : ((SimFolder) child).onPowerLoss(now, survival, random);
        }
        return lost;
    }

    /** In the order of their names; a file that is known by two names comes once. */
    private List<Object> children() {
        List<Object> children = new ArrayList<>();
        for (Object child : current.values()) {
            if (children.stream().noneMatch(seen -> seen == child)) {
                children.add(child);
            }
        }
        return children;
    }

    private void change(Change change) {
        pending.add(change);
        apply(change, current);
    }

    private static void apply(Change change, Map<String, Object> names) {
        switch (change.kind) {
            case LINK -> names.put(change.name, change.node);
            case UNLINK -> names.remove(change.name);
            case RENAME -> {
                names.remove(change.name);
                names.put(change.newName, change.node);
            }
            case FORCE -> {}
        }
    }

    private void settle(long now) {
        int settled = 0;
        for (int i = 0; i < pending.size() && pending.get(i).end <= now; i++) {
            settled = pending.get(i).kind == Kind.FORCE ? i + 1 : settled;
        }
        List<Change> covered = pending.subList(0, settled);
        covered.forEach(each -> apply(each, durable));
        covered.clear();
    }

    private void forgetTheFuture(long now) {
        settle(now);
        pending.removeIf(each -> each.time > now || each.kind == Kind.FORCE);
    }
}

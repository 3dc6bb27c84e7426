package io.tenure.explore;

import io.tenure.raft.Entry;
import io.tenure.raft.Message;
import io.tenure.raft.RaftLog;
import io.tenure.raft.Role;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes down all that decides what a node will do, and nothing else: two nodes with the same form behave the same from
 * here on. The fields of the core are found by reflection. A field that nobody has thought about is written as it is, which
 * can only tell too many states apart, never too few; a type that nobody has thought about is an error.
 *
 * <p>What is not written as it is:
 *
 * <ul>
 *   <li>Points in time are written as distances from now, as the core only ever compares them with now, give or take a
 *       constant. One that has passed so long ago that no such comparison will ever turn out differently is "past".
 *   <li>Numbers of disk writes are written as distances from the next one, as the core only compares them with each other.
 *   <li>What a leader notes about itself in its lease is left out: it is set before every use.
 *   <li>Promises, and waits for them, that have run out are left out: the core removes them before it looks.
 *   <li>Messages that wait for a disk write are a set, as those on their way are.
 *   <li>The bytes that are not acknowledged are left out: no scope comes near a limit on them.
 *   <li>Timers that may fire at any time, and the watch on the disk, which are out of scope, are left out.
 * </ul>
 */
final class CanonicalForm {
    private static final Map<String, Treatment> TREATMENTS = Treatment.byField();

    private record Plan(Field field, Treatment treatment) {}

    private final Map<Class<?>, List<Plan>> plans = new HashMap<>();
    private final long leaseNanos;
    private final Scope scope;
    private byte[] bytes = new byte[1024];
    private int length;
    private long now;
    private long nextWrite;
    private long durableWrite;
    private boolean leads;

    CanonicalForm(Scope scope) {
        leaseNanos = scope.leaseMillis() * 1_000_000;
        this.scope = scope;
    }

    /** Names of the fields that are treated in a way of their own, as {@code Class.field}. */
    static Set<String> treated() {
        return TREATMENTS.keySet();
    }

    /** The class of the core, or of the read path, that a treatment names. */
    static Class<?> classNamed(String simpleName) throws ClassNotFoundException {
        String name = switch (simpleName) {
            case "Outstanding", "Held" -> "raft.Durability$" + simpleName;
            case "Promise" -> "raft.Promises$Promise";
            case "Wait" -> "raft.OldLeaseWait$Wait";
            case "LeaseRead" -> "net.LeaseRead";
            default -> "raft." + simpleName;
        };
        return Class.forName("io.tenure." + name);
    }

    /** The form of a node. */
    byte[] of(NodeRun node) {
        length = 0;
        now = node.now;
        leads = node.raft.role() == Role.LEADER;
        Object durability = get(get(node.raft, "node"), "durability");
        nextWrite = (long) get(durability, "pendingSeq");
        durableWrite = (long) get(durability, "durableSeq");
        number(node.id);
        number(node.rate);
        any(node.phase);
        any(node.raft);
        any(node.hardState);
        any(node.platter);
        any(node.writes);
        boolean runOut = node.scope.steppedReads == 0 && node.published != null && node.published.endNanos() - now <= 0;
        any(runOut ? null : node.published);
        number(node.applied);
        number(node.value);
        number(node.batches.size());
        for (NodeRun.Batch batch : node.batches) {
            any(batch.entries());
            any(batch.ready());
        }
        number(node.entriesSet);
        any(node.read == null ? null : node.read.read());
        number(node.isClaimed() ? node.claimTerm : -1);
        number(node.isClaimed() ? node.claimEndNanos - now : 0);
        return Arrays.copyOf(bytes, length);
    }

    /** The form of a message, which knows no time. */
    byte[] of(int from, int to, Message message) {
        length = 0;
        number(from);
        number(to);
        any(message);
        return Arrays.copyOf(bytes, length);
    }

    private void any(Object value) {
        if (value == null) {
            put(0);
        } else if (value instanceof Boolean bool) {
            put(bool ? 2 : 1);
        } else if (value instanceof Long || value instanceof Integer || value instanceof Byte) {
            number(((Number) value).longValue());
        } else if (value instanceof Enum<?> constant) {
            number(constant.name().hashCode());
        } else if (value instanceof String text) {
            number(text.length());
            text.chars().forEach(this::put);
        } else if (value instanceof Entry entry) {
            number(Entries.code(entry));
        } else if (value instanceof RaftLog log) {
            log(log);
        } else if (value instanceof List<?> || value instanceof ArrayDeque<?>) {
            Collection<?> list = (Collection<?>) value;
            number(list.size());
            list.forEach(this::any);
        } else if (value instanceof Set<?> set) {
            number(set.size());
            set.stream().sorted().forEach(this::any);
        } else if (value.getClass().isArray()) {
            array(value, Treatment.PLAIN, -1);
        } else if (value.getClass().getPackageName().startsWith("io.tenure.")) {
            object(value);
        } else {
            throw new IllegalStateException("no form for a " + value.getClass());
        }
    }

    private void object(Object value) {
        String name = value.getClass().getSimpleName();
        number(name.hashCode());
        int self = name.equals("LeaderLease") ? (int) get(value, "selfSlot") : -1;
        for (Plan plan : plans.computeIfAbsent(value.getClass(), CanonicalForm::plan)) {
            if (isIdleField(value, plan.field.getName())) {
                continue;
            }
            Object content = read(plan.field, value);
            if (plan.field.getName().equals("held")) {
                set((Collection<?>) content);
            } else if (content instanceof Map<?, ?> map) {
                map(map);
            } else if (content != null && content.getClass().isArray()) {
                array(content, plan.treatment, plan.field.getName().startsWith("ack") ? self : -1);
            } else if (plan.treatment == Treatment.PLAIN) {
                any(content);
            } else {
                point((long) content, plan.treatment);
            }
        }
    }

    /** Whether a field can't matter to this object, as it is or as the scope is. */
    private boolean isIdleField(Object object, String name) {
        return switch (name) {
            case "lastHeardNanos", "hasHeard" -> !scope.preVotes;
            case "ackSeq" -> scope.quorumReads == 0 && !scope.strict;
            case "heard" -> leads && !isPending(now, (Map<?, ?>) get(object, "waitByHolder"));
            default -> false;
        };
    }

    /** Whether a node that leads waits for an old lease. */
    static boolean isWaiting(NodeRun leader) {
        return isPending(leader.now, (Map<?, ?>) get(get(get(leader.raft, "role"), "wait"), "waitByHolder"));
    }

    private static boolean isPending(long now, Map<?, ?> deadlines) {
        return deadlines.values().stream().anyMatch(each -> deadline(each) - now > 0);
    }

    /** A log answers from its entries; how it stores them is its own affair. */
    private void log(RaftLog log) {
        any(log.base());
        number(log.lastIndex());
        number(log.firstInWindow());
        for (long index = log.firstInWindow(); index <= log.lastIndex(); index++) {
            number(Entries.code(log.entry(index)));
        }
    }

    /** Maps by node id: promises and waits, of which those that have run out do not count. */
    private void map(Map<?, ?> map) {
        List<Map.Entry<?, ?>> pending = new ArrayList<>(map.entrySet());
        pending.removeIf(each -> deadline(each.getValue()) - now <= 0);
        number(pending.size());
        for (Map.Entry<?, ?> each : pending) {
            any(each.getKey());
            any(each.getValue());
        }
    }

    private static long deadline(Object promiseOrWait) {
        return (long) get(promiseOrWait, "deadlineNanos");
    }

    /** Messages that wait for the same write leave together, and of equal ones one arrives: they are a set. */
    private void set(Collection<?> elements) {
        byte[] before = bytes;
        int lengthBefore = length;
        TreeSet<byte[]> forms = new TreeSet<>(Arrays::compare);
        for (Object element : elements) {
            bytes = new byte[256];
            length = 0;
            any(element);
            forms.add(Arrays.copyOf(bytes, length));
        }
        bytes = before;
        length = lengthBefore;
        number(forms.size());
        for (byte[] each : forms) {
            number(each.length);
            for (byte one : each) {
                put(one);
            }
        }
    }

    /** Trailing zeros of long arrays are room that has not been used. */
    private void array(Object array, Treatment treatment, int leftOut) {
        int used = Array.getLength(array);
        if (array instanceof long[] numbers) {
            while (used > 0 && numbers[used - 1] == 0) {
                used--;
            }
        }
        number(used);
        for (int i = 0; i < used; i++) {
            if (i == leftOut) {
                put(0);
            } else if (treatment == Treatment.PLAIN) {
                any(Array.get(array, i));
            } else {
                long time = Array.getLong(array, i);
                point(time == Long.MIN_VALUE || time == 0 ? now - 2 * leaseNanos : time, treatment);
            }
        }
    }

    private void point(long value, Treatment treatment) {
        switch (treatment) {
            case TIME_AS_IT_IS -> number(value == 0 ? 0 : value - now);
            case TIME -> number(Math.max(value - now, 0));
            case TIME_WITHIN_LEASE -> number(Math.max(value - now, -leaseNanos - 1));
            default -> number(Math.max(value, durableWrite) - nextWrite);
        }
    }

    private static List<Plan> plan(Class<?> type) {
        List<Plan> plan = new ArrayList<>();
        for (Field field : type.getDeclaredFields()) {
            Treatment treatment =
                    TREATMENTS.getOrDefault(type.getSimpleName() + "." + field.getName(), Treatment.PLAIN);
            if (!Modifier.isStatic(field.getModifiers()) && treatment != Treatment.LEFT_OUT) {
                field.setAccessible(true);
                plan.add(new Plan(field, treatment));
            }
        }
        return plan;
    }

    static Object get(Object object, String name) {
        try {
            Field field = object.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(object);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the core has changed: " + name, e);
        }
    }

    private static Object read(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private void number(long value) {
        for (int shift = 0; shift < 64; shift += 8) {
            put((int) (value >>> shift));
        }
    }

    private void put(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) value;
    }
}

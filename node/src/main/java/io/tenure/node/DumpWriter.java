package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Stage;
import io.tenure.journal.Disk;
import io.tenure.raft.Entry;
import io.tenure.raft.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code dump.txt} off the consensus path. Whoever has something to tell puts the line into a ring and goes on; this
 * stage takes the lines out and writes them within {@value #LINGER_MILLIS} ms, many at once. It rests while nothing happens.
 *
 * <p>Half of the ring is kept for elections, votes, leases and step-downs, so that these are not dropped, and one ring keeps
 * all statements in their order. Statements on entries, requests and messages are many under load: each second takes so many
 * and no more, and is followed by one line on the others. That such a statement is one too many is known before anything is
 * made of it.
 *
 * <p>A disk that refuses, or is full but for its reserve, is logged once and tried again each second; the node goes on, and
 * what the ring can't hold meanwhile is left out and counted.
 */
final class DumpWriter implements NodeListener, Stage {
    /** Longest time that a statement waits to be written, as long as the disk keeps up. */
    static final long LINGER_MILLIS = 90;

    /** Pause after an error. */
    static final long RETRY_MILLIS = 1_000;

    static final int RING_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(DumpWriter.class);
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STATEMENT = 1;

    /** Room in the chunk that is kept for the line on what was left out. */
    private static final int REPORT_BYTES_MAX = 128;

    /** A ring this full is worth a turn before its time. */
    private static final int CROWDED_BYTES = RING_BYTES / 4;

    /** From here on the ring is kept for what must not be dropped. */
    private static final int RESERVED_FROM_BYTES = RING_BYTES / 2;

    private final boolean enabled;
    private final Clock clock;
    private final Doorbell doorbell;
    private final DumpStatements statements;
    private final DumpBudget budget;
    private final ManyToOneRingBuffer ring;
    private final DumpFile file;

    /** Set while the stage rests: then, and only then, the next statement has to wake it. */
    private final AtomicBoolean resting = new AtomicBoolean(true);

    private final AtomicLong errors = new AtomicLong();

    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    private final ControlledMessageHandler toChunk = (type, buffer, offset, length) -> {
        if (chunk.remaining() < length + REPORT_BYTES_MAX) {
            return ControlledMessageHandler.Action.ABORT;
        }
        buffer.getBytes(offset, chunk, length);
        return ControlledMessageHandler.Action.CONTINUE;
    };
    private boolean failing;
    private long writeAtNanos = NEVER;
    private long reportAtNanos = NEVER;

    /**
     * Makes the stage. The file is made with its first line.
     *
     * @param folder the node's folder, which exists by the stage's first turn
     * @param reserveBytes with less room on the disk nothing is written
     * @param doorbell gives this stage a turn
     */
    DumpWriter(
            Disk disk,
            String folder,
            int nodeId,
            Settings.Dump dump,
            long reserveBytes,
            Clock clock,
            Doorbell doorbell) {
        this.enabled = dump.enabled();
        this.clock = clock;
        this.doorbell = doorbell;
        this.statements = new DumpStatements(nodeId);
        this.budget = new DumpBudget(dump.linesPerSecond(), clock.nanoTime());
        int capacity = enabled ? RING_BYTES : 1024;
        this.ring = new ManyToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH)
                        .order(ByteOrder.nativeOrder())));
        this.file = new DumpFile(disk, folder, dump.fileBytesMax(), dump.filesKept(), reserveBytes);
    }

    @Override
    public void event(Event event) {
        switch (event.kind()) {
            case APPEND_ACCEPTED, APPEND_REJECTED -> {
                if (mayTell()) {
                    tell(statements.of(event));
                }
            }
            default -> {
                if (enabled && !offer(statements.of(event))) {
                    leaveOut();
                }
            }
        }
    }

    @Override
    public void rpcFailed(int peer) {
        if (mayTell()) {
            tell(statements.rpcFailed(peer));
        }
    }

    @Override
    public boolean takesNext() {
        return mayTell();
    }

    @Override
    public void received(boolean isSet, String key, String value) {
        tell(statements.received(isSet, key, value));
    }

    @Override
    public void applied(long firstIndex, List<Entry> entries, boolean leader) {
        if (!enabled || entries.isEmpty()) {
            return;
        }
        int most = hasRoom() ? budget.take(entries.size(), clock.nanoTime()) : 0;
        int told = 0;
        while (told < most && hasRoom() && offer(statements.committed(entries.get(told), leader))) {
            told++;
        }
        if (told < entries.size() && budget.leaveOut(firstIndex + told, firstIndex + entries.size() - 1)) {
            wake();
        }
    }

    @Override
    public String roleName() {
        return "dump";
    }

    /** How often the disk refused. Any thread. */
    long errors() {
        return errors.get();
    }

    @Override
    public int doWork() {
        long now = clock.nanoTime();
        if (isEarly(now)) {
            return 0;
        }
        boolean wrote = writeAll(now);
        if (failing) {
            writeAtNanos = now + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            return 0;
        }
        if (wrote) {
            writeAtNanos = now + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
            return 0;
        }
        writeAtNanos = NEVER;
        resting.set(true);
        boolean missed = ring.size() > 0 || (reportAtNanos == NEVER && budget.hasLeftOut());
        return missed && resting.compareAndSet(true, false) ? 1 : 0;
    }

    @Override
    public long wakeAtNanos() {
        return failing ? writeAtNanos : Math.min(writeAtNanos, reportAtNanos);
    }

    /** Writes what waits, and what was left out. */
    @Override
    public void onClose() {
        long now = clock.nanoTime();
        reportAtNanos = now;
        writeAll(now);
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("dump.txt could not be closed: {}", e.toString());
        }
    }

    /** Lines that come one by one are written together, unless they are many or something else is due. */
    private boolean isEarly(long now) {
        if (writeAtNanos == NEVER || now - writeAtNanos >= 0) {
            return false;
        }
        boolean reportDue = reportAtNanos != NEVER && now - reportAtNanos >= 0;
        return failing || (!reportDue && ring.size() < CROWDED_BYTES);
    }

    /** Whether the ring and this second have room for a statement that may be left out; counts it if not. */
    private boolean mayTell() {
        if (!enabled) {
            return false;
        }
        if (hasRoom() && budget.take(1, clock.nanoTime()) == 1) {
            return true;
        }
        leaveOut();
        return false;
    }

    private boolean hasRoom() {
        return ring.size() < RESERVED_FROM_BYTES;
    }

    private void tell(String statement) {
        if (!offer(statement)) {
            leaveOut();
        }
    }

    private void leaveOut() {
        if (budget.leaveOut(1)) {
            wake();
        }
    }

    private boolean offer(String statement) {
        byte[] bytes = statement.getBytes(StandardCharsets.UTF_8);
        int at = ring.tryClaim(STATEMENT, bytes.length + 1);
        if (at < 0) {
            return false;
        }
        MutableDirectBuffer buffer = ring.buffer();
        buffer.putBytes(at, bytes);
        buffer.putByte(at + bytes.length, (byte) '\n');
        ring.commit(at);
        if (ring.size() >= CROWDED_BYTES) {
            doorbell.ring();
        }
        wake();
        return true;
    }

    private void wake() {
        if (resting.get() && resting.compareAndSet(true, false)) {
            doorbell.ring();
        }
    }

    /** Empties the ring into the file, and reports if it is time to; whether there was anything to write. */
    private boolean writeAll(long now) {
        boolean wrote = false;
        do {
            ring.controlledRead(toChunk);
            if (ring.size() == 0 || chunk.position() == 0) {
                reportIfDue(now);
            }
            if (chunk.position() == 0) {
                return wrote;
            }
            if (!writeChunk()) {
                return false;
            }
            wrote = true;
        } while (ring.size() > 0);
        return true;
    }

    private void reportIfDue(long now) {
        if (!budget.hasLeftOut() || chunk.remaining() < REPORT_BYTES_MAX) {
            return;
        }
        if (reportAtNanos == NEVER) {
            reportAtNanos = budget.secondEndNanos(now);
        }
        if (now - reportAtNanos >= 0) {
            chunk.put((budget.report() + "\n").getBytes(StandardCharsets.UTF_8));
            reportAtNanos = NEVER;
        }
    }

    /** On an error the chunk stays as it is, for another attempt. */
    private boolean writeChunk() {
        chunk.flip();
        try {
            file.append(chunk);
        } catch (IOException e) {
            chunk.position(chunk.limit()).limit(CHUNK_BYTES);
            errors.incrementAndGet();
            if (!failing) {
                failing = true;
                LOG.warn("dump.txt can't be written, trying again every {} ms: {}", RETRY_MILLIS, e.toString());
            }
            return false;
        }
        chunk.clear();
        if (failing) {
            failing = false;
            LOG.info("dump.txt is written again, after {} errors in all", errors.get());
        }
        return true;
    }
}

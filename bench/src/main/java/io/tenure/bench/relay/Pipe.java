package io.tenure.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * One direction of one connection: bytes come in, wait for as long as they travel, and go out in their order; so does the
 * end of the connection. Event loop only.
 */
final class Pipe {
    /** Bytes on their way, or the end of the connection if there are none. */
    private record Parcel(ByteBuf bytes, long arrivalNanos) {}

    private final Link link;
    private final Channel source;
    /** Nothing leaves before: the connection is being made until then. */
    private final long openAtNanos;

    private Channel sink;
    private final ArrayDeque<Parcel> travelling = new ArrayDeque<>();
    private long travellingBytes;
    private long lastArrivalNanos;
    private boolean waking;
    private boolean ended;
    private boolean discarding;

    Pipe(Link link, Channel source, long openAtNanos) {
        this.link = link;
        this.source = source;
        this.openAtNanos = openAtNanos;
        link.add(this);
        conditionsChanged();
    }

    /** Names the other end, once there is one. */
    void flowsInto(Channel channel) {
        sink = channel;
        move();
    }

    /** Takes what the source sent; the buffer is this pipe's from here on. */
    void take(ByteBuf bytes) {
        if (discarding) {
            bytes.release();
            return;
        }
        travellingBytes += bytes.readableBytes();
        send(bytes, bytes.readableBytes(), openAtNanos);
    }

    /**
     * The source is gone.
     *
     * @param laterNanos added to the time that this news travels
     */
    void end(long laterNanos) {
        if (!ended && !discarding) {
            ended = true;
            send(null, 0, System.nanoTime() + laterNanos);
        }
    }

    /** The sink is gone: nothing can arrive any more. */
    void discard() {
        discarding = true;
        link.remove(this);
        for (Parcel parcel : travelling) {
            if (parcel.bytes != null) {
                parcel.bytes.release();
            }
        }
        travelling.clear();
    }

    /** The link's conditions, or the sink's readiness, are not what they were. */
    void conditionsChanged() {
        admit();
        move();
    }

    private void send(ByteBuf bytes, int size, long earliestNanos) {
        long arrivalNanos = link.arrivalNanos(size, earliestNanos);
        lastArrivalNanos = travelling.isEmpty() ? arrivalNanos : Math.max(lastArrivalNanos, arrivalNanos);
        travelling.add(new Parcel(bytes, lastArrivalNanos));
        admit();
        move();
    }

    /** Reads from the source only what may travel. */
    private void admit() {
        source.config().setAutoRead(!link.isHeld() && travellingBytes < link.queueBytesMax());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel.
    private void move() {
        if (sink == null || link.isHeld() || discarding) {
            return;
        }
        boolean wrote = false;
        long now = System.nanoTime();
        while (!travelling.isEmpty() && travelling.peek().arrivalNanos - now <= 0 && sink.isWritable()) {
            Parcel parcel = travelling.poll();
            if (parcel.bytes == null) {
                Channel ending = sink;
                ending.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
                return;
            }
            travellingBytes -= parcel.bytes.readableBytes();
            sink.write(parcel.bytes, sink.voidPromise());
            wrote = true;
        }
        if (wrote) {
            sink.flush();
            admit();
        }
        wakeAtNext();
    }

    private void wakeAtNext() {
        if (travelling.isEmpty() || waking || !sink.isWritable()) {
            return;
        }
        waking = true;
        long waitNanos = travelling.peek().arrivalNanos - System.nanoTime();
        var unused = sink.eventLoop()
                .schedule(
                        () -> {
                            waking = false;
                            move();
                        },
                        waitNanos,
                        TimeUnit.NANOSECONDS);
    }
}

package io.tenure.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.tenure.client.logic.Action;
import io.tenure.client.logic.LogicSettings;
import io.tenure.client.logic.RequestLogic;
import io.tenure.client.logic.Result;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.HelloReply;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the request logic on one event loop: brings calls and answers in, carries actions out, flushes once a turn. */
final class ClientLoop implements Link.Listener {
    private static final long CLOSE_SECONDS_MAX = 5;
    private static final String CLOSED = "the client was closed";

    private static final Logger log = LoggerFactory.getLogger(ClientLoop.class);

    private final ClientOptions options;
    private final long startNanos = System.nanoTime();
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    /** Looks names up, which blocks. Without threads while all addresses are numbers. */
    private final ExecutorService resolvers;

    private final Queue<Call> inbox = new ConcurrentLinkedQueue<>();
    /** Calls made on the event loop, when the answer to another call is told. Event loop only. */
    private final Queue<Call> ownInbox = new ArrayDeque<>();

    private final AtomicBoolean isTurnDue = new AtomicBoolean();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicLong outstandingBytes = new AtomicLong();
    private final AtomicLong sessionIndex = new AtomicLong();
    private volatile boolean closed;

    // Event loop only.
    private final RequestLogic logic;
    private final Map<Long, Call> calls = new HashMap<>();
    private final Map<Integer, Link> links = new HashMap<>();
    private ScheduledFuture<?> wake;
    private long wakeAtNanos = RequestLogic.NEVER;

    ClientLoop(ClientOptions options) {
        this.options = options;
        Transport transport = options.nativeTransport() ? Transport.best() : Transport.NIO;
        group = transport.newGroup(1, new DefaultThreadFactory("tenure-client", true));
        loop = group.next();
        resolvers = Executors.newCachedThreadPool(new DefaultThreadFactory("tenure-resolve", true));
        bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.min(Integer.MAX_VALUE, options.attemptTimeout().toMillis()));
        LogicSettings settings = new LogicSettings(
                options.attemptTimeout().toNanos(),
                options.outstandingMax(),
                options.outstandingBytesMax(),
                Limits.KEY_BYTES_MAX,
                Limits.VALUE_BYTES_MAX_HIGHEST);
        logic = new RequestLogic(settings, options.addresses(), new SplittableRandom());
    }

    /** Nanoseconds since this client was made. */
    long now() {
        return System.nanoTime() - startNanos;
    }

    /** Where the session stands. Any thread. */
    long sessionIndex() {
        return sessionIndex.get();
    }

    /** Has calls made from now on see no less than a session that stood there. Any thread. */
    void continueSession(long index) {
        sessionIndex.accumulateAndGet(index, Math::max);
    }

    /** When a call made now must have its outcome. */
    long deadlineNanos() {
        return now() + options.timeout().toNanos();
    }

    boolean isInLoop() {
        return loop.inEventLoop();
    }

    /** Takes a call over; it is finished by the loop, or at once if there is no room. Any thread. */
    void submit(Call call) {
        String refusal = admit(call);
        if (refusal != null) {
            refuse(call, refusal);
            return;
        }
        (isInLoop() ? ownInbox : inbox).add(call);
        if (isTurnDue.compareAndSet(false, true)) {
            try {
                loop.execute(() -> guarded(this::takeCalls));
            } catch (RejectedExecutionException e) {
                refuseInbox();
            }
        }
    }

    private String admit(Call call) {
        int count = outstanding.incrementAndGet();
        long bytes = outstandingBytes.addAndGet(call.bytes);
        if (closed) {
            return CLOSED;
        }
        if (count > options.outstandingMax()) {
            return "too many outstanding operations: the limit is " + options.outstandingMax();
        }
        return bytes > options.outstandingBytesMax()
                ? "too many outstanding bytes: the limit is " + options.outstandingBytesMax()
                : null;
    }

    private void release(Call call) {
        outstanding.decrementAndGet();
        outstandingBytes.addAndGet(-call.bytes);
    }

    /** The loop is gone: what it has not taken was never sent. */
    private void refuseInbox() {
        for (Call call = inbox.poll(); call != null; call = inbox.poll()) {
            refuse(call, CLOSED);
        }
        while (isInLoop() && !ownInbox.isEmpty()) {
            refuse(ownInbox.poll(), CLOSED);
        }
    }

    private void refuse(Call call, String reason) {
        release(call);
        call.finish(new Result.Failed(Result.Failure.NOT_DONE, -1, -1, "not done: " + reason, null));
    }

    /** A defect must not leave a call waiting: it ends them all, and the client. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            closed = true;
            log.error("the client failed and ends", e);
            String reason = "outcome unknown: the client failed: " + e;
            Result unknown = new Result.Failed(Result.Failure.UNKNOWN, -1, -1, reason, null);
            List.copyOf(calls.values()).forEach(call -> call.finish(unknown));
            calls.clear();
            refuseInbox();
            links.values().forEach(Link::close);
            links.clear();
        }
    }

    private void takeCalls() {
        isTurnDue.set(false);
        logic.see(sessionIndex.get());
        for (Call call = inbox.poll(); call != null; call = inbox.poll()) {
            calls.put(call.start(logic, now()), call);
        }
        for (Call call = ownInbox.poll(); call != null; call = ownInbox.poll()) {
            calls.put(call.start(logic, now()), call);
        }
        carryOut();
    }

    /** Does what the logic asks for until it asks for nothing more, then sends and sets the clock. */
    private void carryOut() {
        for (var actions = logic.takeActions(); !actions.isEmpty(); actions = logic.takeActions()) {
            actions.forEach(this::carryOut);
        }
        links.values().forEach(Link::flush);
        long at = logic.wakeAt();
        if (at < wakeAtNanos) {
            if (wake != null) {
                wake.cancel(false);
            }
            wakeAtNanos = at;
            wake = loop.schedule(() -> guarded(this::tick), Math.max(0, at - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        wakeAtNanos = RequestLogic.NEVER;
        wake = null;
        logic.tick(now());
        carryOut();
    }

    private void carryOut(Action action) {
        if (action instanceof Action.Send send) {
            Link link = links.get(send.connection());
            if (link != null) {
                link.send(send.request());
            }
        } else if (action instanceof Action.Complete complete) {
            Call call = calls.remove(complete.operation());
            if (call != null) {
                release(call);
                continueSession(logic.seenIndex());
                call.finish(complete.result());
            }
        } else if (action instanceof Action.Connect connect) {
            Link link = new Link(connect.connection(), this);
            links.put(connect.connection(), link);
            open(link, HostPort.parse(connect.address()));
        } else if (action instanceof Action.Close close) {
            Link link = links.remove(close.connection());
            if (link != null) {
                link.close();
            }
        }
    }

    private void open(Link link, HostPort address) {
        if (NetUtil.createByteArrayFromIpAddressString(address.host()) != null) {
            link.open(bootstrap, address.resolve());
            return;
        }
        resolvers.execute(() -> {
            InetSocketAddress resolved = address.resolve();
            if (!closed) {
                loop.execute(() -> opened(link, resolved));
            }
        });
    }

    private void opened(Link link, InetSocketAddress resolved) {
        if (resolved.isUnresolved()) {
            link.failed("unknown host");
        } else {
            link.open(bootstrap, resolved);
        }
    }

    @Override
    public void connected(int connection, HelloReply hello) {
        guarded(() -> {
            logic.connected(now(), connection, hello);
            carryOut();
        });
    }

    @Override
    public void disconnected(int connection, String reason) {
        // Not at once: a write may fail while actions are being carried out.
        loop.execute(() -> guarded(() -> {
            links.remove(connection);
            logic.disconnected(now(), connection, reason);
            carryOut();
        }));
    }

    @Override
    public void received(int connection, ClientReply reply) {
        guarded(() -> logic.reply(now(), connection, reply));
    }

    @Override
    public void readComplete() {
        guarded(this::carryOut);
    }

    /** Ends all calls and the thread, and waits for that unless the loop itself calls. */
    void close() {
        closed = true;
        try {
            loop.execute(() -> guarded(() -> {
                logic.close(now(), CLOSED);
                takeCalls();
                resolvers.shutdownNow();
            }));
        } catch (RejectedExecutionException e) {
            refuseInbox();
        }
        var terminated = group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        if (!loop.inEventLoop() && terminated.awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            refuseInbox();
        }
    }
}

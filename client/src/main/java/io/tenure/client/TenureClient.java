package io.tenure.client;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A client of a Tenure cluster. Connects when it is first used, finds the leader, and sends again until it is answered
 * or its time-out has passed; every write takes effect at most once, however often it was sent.
 *
 * <p>A call that does not succeed says what is known: {@link NotDoneException}, {@link OutcomeUnknownException} or
 * {@link InvalidRequestException}; the asynchronous methods complete their future with it. Calls under way at the same
 * time have no order among themselves. Nothing takes longer than {@link ClientOptions#timeout()}.
 *
 * <p>Any number of threads may share a client; one suffices for a process. Futures complete on the client's only thread:
 * what runs there must not block, and the blocking methods refuse to be called there.
 */
public final class TenureClient implements AutoCloseable {
    /** Beyond the deadline, for a loop that is held up by somebody's callback. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ClientOptions options;
    private final ClientLoop loop;

    private TenureClient(ClientOptions options) {
        this.options = options;
        loop = new ClientLoop(options);
    }

    /** Makes a client, without waiting for a connection. */
    public static TenureClient connect(ClientOptions options) {
        return new TenureClient(options);
    }

    /** Makes a client with the usual options for {@code "host:port,host:port"}. */
    public static TenureClient connect(String addresses) {
        return connect(ClientOptions.of(addresses));
    }

    /** Writes, and waits until a majority has the write on disk. */
    public WriteResult set(String key, String value) {
        return waitForOutcome(setAsync(key, value));
    }

    /** Reads; empty if the key is absent. */
    public Optional<String> get(String key) {
        return get(key, options.readMode());
    }

    /** Reads in the given mode; empty if the key is absent. */
    public Optional<String> get(String key, ReadMode mode) {
        return waitForRead(getAsync(key, mode));
    }

    /** Reads, and tells how old the data were. */
    public ReadResult read(String key, ReadOptions readOptions) {
        return waitForRead(readAsync(key, readOptions));
    }

    /**
     * Where the session of {@link ReadMode#SESSION} stands: up to here what this client was told reflects the log. Handed to another
     * client's {@link #continueSession}, in another process say, it makes that one see no less.
     */
    public long sessionIndex() {
        return loop.sessionIndex();
    }

    /** Has the session of this client see no less than one that stood at {@code sessionIndex}. */
    public void continueSession(long sessionIndex) {
        loop.continueSession(sessionIndex);
    }

    /** Does the write of unknown outcome unless it is done already, and waits for it. May be unknown again. */
    public WriteResult ask(RequestId requestId) {
        return waitForOutcome(askAsync(requestId));
    }

    /** Asks every node how it sees itself. Unreachable nodes are listed as such. */
    public ClusterStatus status() {
        return waitForRead(statusAsync());
    }

    /**
     * Has this node lead, and waits until it does. Other calls wait meanwhile, and none of them fails because of it.
     *
     * @throws NotDoneException if leadership stays where it is; the message says why
     * @throws OutcomeUnknownException if no answer came in time
     * @throws InvalidRequestException if there is no such node
     */
    public TransferResult transfer(int node) {
        return waitForOutcome(transferAsync(node));
    }

    /** Has the follower lead that can best take over. */
    public TransferResult transfer() {
        return waitForOutcome(transferAsync());
    }

    /** Like {@link #transfer(int)}, without waiting. */
    public CompletableFuture<TransferResult> transferAsync(int node) {
        return node < 0
                ? CompletableFuture.failedFuture(new InvalidRequestException("there is no node " + node, -1, -1))
                : startTransfer(node);
    }

    /** Like {@link #transfer()}, without waiting. */
    public CompletableFuture<TransferResult> transferAsync() {
        return startTransfer(-1);
    }

    private CompletableFuture<TransferResult> startTransfer(int target) {
        Call.Transfer call = new Call.Transfer(target, loop.deadlineNanos());
        loop.submit(call);
        return call.future;
    }

    /** Like {@link #set}, without waiting. */
    public CompletableFuture<WriteResult> setAsync(String key, String value) {
        return write(key, value, null);
    }

    /** Like {@link #ask}, without waiting. */
    public CompletableFuture<WriteResult> askAsync(RequestId requestId) {
        return write(requestId.key(), requestId.value(), requestId);
    }

    private CompletableFuture<WriteResult> write(String key, String value, RequestId asked) {
        ByteString keyBytes;
        ByteString valueBytes;
        try {
            keyBytes = Utf8.encode("key", key);
            valueBytes = Utf8.encode("value", value);
        } catch (InvalidRequestException e) {
            return CompletableFuture.failedFuture(e);
        }
        Call.Write call = new Call.Write(key, value, keyBytes, valueBytes, asked, loop.deadlineNanos());
        loop.submit(call);
        return call.future;
    }

    /** Like {@link #get(String)}, without waiting. */
    public CompletableFuture<Optional<String>> getAsync(String key) {
        return getAsync(key, options.readMode());
    }

    /** Like {@link #get(String, ReadMode)}, without waiting. */
    public CompletableFuture<Optional<String>> getAsync(String key, ReadMode mode) {
        try {
            return startRead(key, ReadOptions.of(mode)).value;
        } catch (InvalidRequestException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Like {@link #read}, without waiting. */
    public CompletableFuture<ReadResult> readAsync(String key, ReadOptions readOptions) {
        try {
            return startRead(key, readOptions).future;
        } catch (InvalidRequestException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Call.Read startRead(String key, ReadOptions readOptions) {
        Call.Read call = new Call.Read(Utf8.encode("key", key), readOptions, loop.deadlineNanos());
        loop.submit(call);
        return call;
    }

    /** Like {@link #status}, without waiting. */
    public CompletableFuture<ClusterStatus> statusAsync() {
        return new StatusRound(loop, options.addresses()).start();
    }

    /** Ends every call under way, each with what is known of it, closes all connections and stops the thread. */
    @Override
    public void close() {
        loop.close();
    }

    private <T> T waitForOutcome(CompletableFuture<T> future) {
        try {
            return await(future);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("outcome unknown: interrupted while waiting", -1, -1, null, e);
        } catch (TimeoutException e) {
            throw new OutcomeUnknownException("outcome unknown: " + heldUp(), -1, -1, null, e);
        }
    }

    private <T> T waitForRead(CompletableFuture<T> future) {
        try {
            return await(future);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotDoneException("not done: interrupted while waiting", -1, -1, e);
        } catch (TimeoutException e) {
            throw new NotDoneException("not done: " + heldUp(), -1, -1, e);
        }
    }

    private static String heldUp() {
        return "a callback on the client's thread blocks it";
    }

    private <T> T await(CompletableFuture<T> future) throws InterruptedException, TimeoutException {
        if (loop.isInLoop()) {
            throw new IllegalStateException(
                    "a blocking call in a callback of the client; use the asynchronous methods");
        }
        try {
            return future.get(options.timeout().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TenureException outcome) {
                outcome.addSuppressed(new Throwable("waited for here"));
                throw outcome;
            }
            throw new IllegalStateException("a call ended without outcome", e.getCause());
        }
    }
}

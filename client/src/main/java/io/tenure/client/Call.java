package io.tenure.client;

import com.google.protobuf.ByteString;
import io.tenure.client.logic.RequestLogic;
import io.tenure.client.logic.Result;
import io.tenure.client.logic.WriteId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One call of a user on its way to the event loop and back; also what its result means to the user. */
abstract class Call {
    final long deadlineNanos;
    /** Of key and value. */
    final int bytes;

    Call(long deadlineNanos, int bytes) {
        this.deadlineNanos = deadlineNanos;
        this.bytes = bytes;
    }

    /** Starts the operation and returns its number. Event loop only. */
    abstract long start(RequestLogic logic, long now);

    /** Tells the user. */
    abstract void finish(Result result);

    /** A write, or a write asked for again. */
    static final class Write extends Call {
        final CompletableFuture<WriteResult> future = new CompletableFuture<>();
        private final String key;
        private final String value;
        private final ByteString keyBytes;
        private final ByteString valueBytes;
        private final RequestId asked;

        /**
         * Makes the call.
         *
         * @param asked null for a new write
         */
        Write(String key, String value, ByteString keyBytes, ByteString valueBytes, RequestId asked, long deadline) {
            super(deadline, keyBytes.size() + valueBytes.size());
            this.key = key;
            this.value = value;
            this.keyBytes = keyBytes;
            this.valueBytes = valueBytes;
            this.asked = asked;
        }

        @Override
        long start(RequestLogic logic, long now) {
            return asked == null
                    ? logic.set(now, keyBytes, valueBytes, deadlineNanos)
                    : logic.ask(now, asked.writeId(), keyBytes, valueBytes, deadlineNanos);
        }

        @Override
        void finish(Result result) {
            if (result instanceof Result.Written written) {
                future.complete(new WriteResult(written.node(), written.term(), written.index()));
            } else {
                future.completeExceptionally(exception((Result.Failed) result));
            }
        }

        private TenureException exception(Result.Failed failed) {
            if (failed.failure() != Result.Failure.UNKNOWN && asked == null) {
                return refusal(failed);
            }
            WriteId id = failed.writeId();
            RequestId request = asked != null || id == null
                    ? asked
                    : new RequestId(id.session(), id.birthIndex(), id.number(), key, value);
            return new OutcomeUnknownException(failed.reason(), failed.node(), failed.term(), request, null);
        }
    }

    /** A read. */
    static final class Read extends Call {
        final CompletableFuture<ReadResult> future = new CompletableFuture<>();
        /** The value alone. */
        final CompletableFuture<Optional<String>> value = new CompletableFuture<>();

        private final ByteString keyBytes;
        private final ReadOptions options;

        Read(ByteString keyBytes, ReadOptions options, long deadlineNanos) {
            super(deadlineNanos, keyBytes.size());
            this.keyBytes = keyBytes;
            this.options = options;
        }

        @Override
        long start(RequestLogic logic, long now) {
            return logic.get(
                    now,
                    keyBytes,
                    onTheWire(options.mode()),
                    options.maxStaleness().toMillis(),
                    deadlineNanos);
        }

        private static io.tenure.protocol.proto.ReadMode onTheWire(ReadMode mode) {
            return switch (mode) {
                case LEASE -> io.tenure.protocol.proto.ReadMode.LEASE;
                case QUORUM -> io.tenure.protocol.proto.ReadMode.QUORUM;
                case FOLLOWER -> io.tenure.protocol.proto.ReadMode.FOLLOWER;
                case SESSION -> io.tenure.protocol.proto.ReadMode.SESSION;
                case BOUNDED -> io.tenure.protocol.proto.ReadMode.BOUNDED;
            };
        }

        @Override
        void finish(Result result) {
            if (result instanceof Result.Found found) {
                Optional<Duration> age =
                        found.ageMillis() < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(found.ageMillis()));
                Optional<String> text = Optional.ofNullable(found.value()).map(ByteString::toStringUtf8);
                future.complete(new ReadResult(text, found.node(), found.term(), found.index(), age));
                value.complete(text);
            } else {
                TenureException refusal = refusal((Result.Failed) result);
                future.completeExceptionally(refusal);
                value.completeExceptionally(refusal);
            }
        }
    }

    /** Leadership is to move. */
    static final class Transfer extends Call {
        final CompletableFuture<TransferResult> future = new CompletableFuture<>();
        private final int target;

        Transfer(int target, long deadlineNanos) {
            super(deadlineNanos, 0);
            this.target = target;
        }

        @Override
        long start(RequestLogic logic, long now) {
            return logic.transfer(now, target, deadlineNanos);
        }

        @Override
        void finish(Result result) {
            if (result instanceof Result.Transferred transferred) {
                future.complete(new TransferResult(transferred.leader(), transferred.term()));
                return;
            }
            Result.Failed failed = (Result.Failed) result;
            future.completeExceptionally(
                    failed.failure() == Result.Failure.UNKNOWN
                            ? new OutcomeUnknownException(failed.reason(), failed.node(), failed.term(), null, null)
                            : refusal(failed));
        }
    }

    /** A question to one node. Ends with what the node says or with a {@link Result.Failed}. */
    static final class Status extends Call {
        final CompletableFuture<Result> future = new CompletableFuture<>();
        private final String address;

        Status(String address, long deadlineNanos) {
            super(deadlineNanos, 0);
            this.address = address;
        }

        @Override
        long start(RequestLogic logic, long now) {
            return logic.status(now, address, deadlineNanos);
        }

        @Override
        void finish(Result result) {
            future.complete(result);
        }
    }

    static TenureException refusal(Result.Failed failed) {
        return failed.failure() == Result.Failure.INVALID
                ? new InvalidRequestException(failed.reason(), failed.node(), failed.term())
                : new NotDoneException(failed.reason(), failed.node(), failed.term(), null);
    }
}

package io.tenure.bench;

import io.tenure.client.ClientOptions;
import io.tenure.client.InvalidRequestException;
import io.tenure.client.OutcomeUnknownException;
import io.tenure.client.TenureClient;
import java.util.concurrent.CompletableFuture;

/** A cluster of ours, through the SDK as everybody uses it. */
public final class TenureTarget implements Target {
    private final TenureClient client;

    private TenureTarget(TenureClient client) {
        this.client = client;
    }

    /** Makes a client of the cluster with these client addresses, {@code "host:port,host:port"}. */
    public static TenureTarget connect(String addresses) {
        return new TenureTarget(TenureClient.connect(ClientOptions.of(addresses)));
    }

    /** Makes one of a client, which it closes. */
    public static TenureTarget of(TenureClient client) {
        return new TenureTarget(client);
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return client.setAsync(key, value);
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return client.getAsync(key).thenApply(value -> value.orElse(null));
    }

    @Override
    public Failure failure(Throwable error) {
        if (error instanceof OutcomeUnknownException) {
            return Failure.UNKNOWN;
        }
        return error instanceof InvalidRequestException ? Failure.INVALID : Failure.NOT_DONE;
    }

    @Override
    public void close() {
        client.close();
    }
}

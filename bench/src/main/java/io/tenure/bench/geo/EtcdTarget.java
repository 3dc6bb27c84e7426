package io.tenure.bench.geo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of etcd by its JSON gateway. It asks the first endpoint, and goes on to the next one when that fails; an operation
 * that was certainly not sent is sent there, as well.
 */
final class EtcdTarget implements Target {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int HTTP_OK = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> endpoints;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger current = new AtomicInteger();

    /**
     * Connects when it is first used.
     *
     * @param endpoints host:port, the nearest one first
     */
    EtcdTarget(List<String> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return call(
                "/v3/kv/put", JSON.createObjectNode().put("key", encode(key)).put("value", encode(value)), 1);
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return call("/v3/kv/range", JSON.createObjectNode().put("key", encode(key)), 1)
                .thenApply(answer -> {
                    JsonNode found = answer.path("kvs").path(0).path("value");
                    return found.isMissingNode()
                            ? null
                            : new String(Base64.getDecoder().decode(found.asText()), StandardCharsets.UTF_8);
                });
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks whichever endpoint is the current one. */
    CompletableFuture<JsonNode> call(String path, ObjectNode question, int attempt) {
        int asked = current.get();
        return post(endpoints.get(asked % endpoints.size()), path, question).exceptionallyCompose(error -> {
            Throwable cause = error instanceof CompletionException ? error.getCause() : error;
            if (cause instanceof IOException) {
                current.compareAndSet(asked, asked + 1);
            }
            return cause instanceof ConnectException && attempt < endpoints.size()
                    ? call(path, question, attempt + 1)
                    : CompletableFuture.failedFuture(cause);
        });
    }

    private CompletableFuture<JsonNode> post(String endpoint, String path, ObjectNode question) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + endpoint + path))
                .timeout(TIMEOUT)
                .POST(HttpRequest.BodyPublishers.ofString(question.toString()))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(EtcdTarget::answer);
    }

    private static JsonNode answer(HttpResponse<String> response) {
        try {
            if (response.statusCode() != HTTP_OK) {
                throw new IllegalStateException("etcd answers " + response.statusCode() + ": "
                        + response.body().strip());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Failure failure(Throwable error) {
        return Failure.UNKNOWN;
    }

    /** Connections end when they are idle, or with the nodes. */
    @Override
    public void close() {}
}

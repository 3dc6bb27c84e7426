package io.tenure.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class DriverTest {
    private final MapContender map = new MapContender();

    /** Answers from other threads, as clients do. */
    private static final class MapContender implements Contender {
        private final Map<String, String> values = new ConcurrentHashMap<>();

        @Override
        public int leader() {
            return 2;
        }

        @Override
        public CompletableFuture<?> set(String key, String value) {
            return CompletableFuture.supplyAsync(() -> values.put(key, value));
        }

        @Override
        public CompletableFuture<String> get(String key) {
            return CompletableFuture.supplyAsync(() -> values.get(key));
        }

        @Override
        public Failure failure(Throwable error) {
            return Failure.UNKNOWN;
        }

        @Override
        public void close() {}
    }

    private List<JsonNode> serve(String... orders) throws Exception {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        new Driver(
                        map,
                        new BufferedReader(new StringReader(String.join("\n", orders))),
                        new PrintStream(answers, true, StandardCharsets.UTF_8))
                .serve();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : answers.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void ordersAreCarriedOut() throws Exception {
        List<JsonNode> answers = serve("ready 5", "preload 200", "leader", "load SET 4 0 0.3");
        assertThat(answers).hasSize(6);
        assertThat(answers.get(2).get("leader").asInt()).isEqualTo(2);
        assertThat(answers.get(3).get("event").asText()).isEqualTo("open");
        assertThat(answers.get(4).get("event").asText()).isEqualTo("close");
        JsonNode report = answers.get(5);
        assertThat(report.get("ops").asLong()).isGreaterThan(100);
        assertThat(report.get("ops_s").asDouble() * 0.3)
                .isBetween(report.get("ops").asLong() * 0.5, report.get("ops").asLong() * 1.5);
        assertThat(report.get("errors").asLong()).isZero();
        assertThat(map.values).containsKeys("key-000000000000", "key-000000000199");
        assertThat(map.values.get("key-000000000000")).hasSize(Driver.VALUE_BYTES);
    }

    @Test
    void gapsAreSeen() throws Exception {
        List<JsonNode> answers = serve("outage-begin 2", "outage-reset", "outage-end");
        assertThat(answers.get(2).get("gap_ms").asDouble()).isBetween(0.0, 5000.0);
    }

    @Test
    void whatCannotBeDoneIsSaid() throws Exception {
        assertThat(serve("dance").get(0).get("error").asText()).isEqualTo("no such order: dance");
    }
}

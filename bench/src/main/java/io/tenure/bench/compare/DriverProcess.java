package io.tenure.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A {@link Driver} in its process, as the one who gives the orders sees it. One thread; ends with this JVM. */
final class DriverProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long END_SECONDS_MAX = 10;
    private static final int LAST_CHARS = 1500;

    private final Process process;
    private final BufferedWriter orders;
    private final BufferedReader answers;
    private final Path errors;
    private final Thread hook;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "watch-driver");
        thread.setDaemon(true);
        return thread;
    });

    /** The order could not be carried out; the message says why. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Starts it.
     *
     * @param errors file that takes its standard error
     */
    DriverProcess(List<String> command, Path errors) throws IOException {
        this.errors = errors;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        hook = new Thread(process::destroyForcibly, "kill-driver");
        Runtime.getRuntime().addShutdownHook(hook);
        orders = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Gives an order and waits for the answer. */
    JsonNode order(String order, Duration patience) throws IOException {
        return order(order, patience, event -> {});
    }

    /**
     * Gives an order and waits for the answer.
     *
     * @param patience after which the process is killed
     * @param onEvent takes the names of events on the way
     * @throws RefusedException if it could not be carried out, or the process has ended
     */
    JsonNode order(String order, Duration patience, Consumer<String> onEvent) throws IOException {
        Future<?> limit = watch.schedule(process::destroyForcibly, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return exchange(order, onEvent);
        } finally {
            limit.cancel(false);
        }
    }

    /** Whether it can take orders. */
    boolean isRunning() {
        return process.isAlive();
    }

    private JsonNode exchange(String order, Consumer<String> onEvent) throws IOException {
        try {
            orders.write(order + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new RefusedException("the client has ended, or did not answer in time; it said: " + lastWords());
        }
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (!line.startsWith("{")) {
                continue; // What a library prints of its own accord.
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("event")) {
                onEvent.accept(answer.get("event").asText());
            } else if (answer.has("error")) {
                throw new RefusedException(answer.get("error").asText());
            } else {
                return answer;
            }
        }
        throw new RefusedException("the client has ended, or did not answer in time; it said: " + lastWords());
    }

    private String lastWords() throws IOException {
        String all = Files.exists(errors) ? Files.readString(errors) : "";
        return all.substring(Math.max(0, all.length() - LAST_CHARS)).strip();
    }

    /** Lets it end, or ends it. */
    @Override
    public void close() throws IOException {
        ShutdownHooks.remove(hook);
        watch.shutdownNow();
        try (answers) {
            orders.close();
            if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            process.destroyForcibly(); // It had ended already; what matters was said before.
        }
    }
}

package io.tenure.bench;

import io.tenure.history.History;
import io.tenure.history.HistoryFile;
import io.tenure.history.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A history on its way to a file. Any thread adds; one thread drains and closes. */
final class HistoryWriter implements AutoCloseable {
    private final ConcurrentLinkedQueue<Operation> waiting = new ConcurrentLinkedQueue<>();
    private final BufferedWriter out;

    HistoryWriter(Path file) throws IOException {
        out = Files.newBufferedWriter(file);
    }

    void add(Operation operation) {
        waiting.add(operation);
    }

    /** Writes what was added so far. */
    void drain() throws IOException {
        for (Operation operation = waiting.poll(); operation != null; operation = waiting.poll()) {
            HistoryFile.write(History.of(operation), out);
        }
    }

    @Override
    public void close() throws IOException {
        try (out) {
            drain();
        }
    }
}

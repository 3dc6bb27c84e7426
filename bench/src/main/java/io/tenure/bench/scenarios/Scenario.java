package io.tenure.bench.scenarios;

import java.io.IOException;
import java.util.List;

/**
 * One situation.
 *
 * @param title what happens and what must come of it
 */
public record Scenario(String title, Play play) {
    /** How it goes. */
    @FunctionalInterface
    public interface Play {
        /**
         * Brings it about and looks at logs.txt and dump.txt.
         *
         * @return lines of evidence, for a person
         * @throws IllegalStateException if something is not as it must be; the message says what
         */
        List<String> run() throws IOException, InterruptedException;
    }
}

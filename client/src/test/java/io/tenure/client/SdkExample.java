package io.tenure.client;

import java.util.Optional;

/** The SDK in twenty lines, as the README shows it. */
public final class SdkExample {
    private SdkExample() {}

    /** Writes a name and reads it back. */
    public static Optional<String> run(String addresses) {
        try (TenureClient client = TenureClient.connect(addresses)) { // "127.0.0.1:7200,127.0.0.1:7201,127.0.0.1:7202"
            try {
                client.set("name1", "Sam");
            } catch (OutcomeUnknownException e) { // done or not? ask again: it takes effect once
                client.ask(e.requestId().orElseThrow());
            } catch (NotDoneException e) { // certainly not done
                System.err.println(e.getMessage());
            }
            return client.setAsync("name2", "Drake") // pipelined; any number may be under way
                    .thenCompose(done -> client.getAsync("name1"))
                    .join();
        }
    }
}

package io.tenure.node;

/** A running node, as far as {@link Main} is concerned: it waits for its end, and stops it when the operator wants that. */
interface NodeProcess extends AutoCloseable {
    /** Starts a node. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts it; nothing is left behind if that fails.
         *
         * @throws SettingsException if a setting turns out to be impossible here, such as a port that is taken
         * @throws io.tenure.journal.JournalException if the data can't be used
         */
        NodeProcess start(Settings settings);
    }

    /**
     * Waits until the node is closed, or can't go on.
     *
     * @return why it can't go on, or null if it was closed
     */
    Throwable awaitStop() throws InterruptedException;

    /** Stops it in good order. Any thread. */
    @Override
    void close();
}

package io.tenure.handoff;

/** Tells a consumer that something waits for it. Cheap, any thread, as often as one likes. */
@FunctionalInterface
public interface Doorbell {
    /** Has the consumer take a turn soon. */
    void ring();
}

package io.tenure.bench.compare;

/** What is to happen when this JVM ends before its work does. */
final class ShutdownHooks {
    private ShutdownHooks() {}

    /** Takes one back, unless the JVM is ending already. */
    static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // The JVM is going down: the hook does what its owner was about to do.
        }
    }
}

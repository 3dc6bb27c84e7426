package io.tenure.net;

/** Is told of each valid SET and GET that reaches a node while it leads, for {@code dump.txt} (LEASE.md, 1.4). */
@FunctionalInterface
public interface RequestListener {
    /** Whether {@link #received} is to be told of the request at hand: nothing is made of one that will be left out. */
    default boolean wantsNext() {
        return true;
    }

    /**
     * A request came in; on the network thread, so do not wait.
     *
     * @param value of a SET; null of a GET
     */
    void received(boolean isSet, String key, String value);
}

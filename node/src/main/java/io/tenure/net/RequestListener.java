package io.tenure.net;

/** Is told of each valid SET and GET that reaches a node while it leads, for {@code dump.txt} (LEASE.md, 1.4). */
@FunctionalInterface
public interface RequestListener {
    /**
     * Takes a place for the request at hand, if there is one: only then {@link #received} is to be told of it. Nothing is made
     * of a request that would be left out.
     */
    default boolean takesNext() {
        return true;
    }

    /**
     * A request came in; on the network thread, so do not wait.
     *
     * @param value of a SET; null of a GET
     */
    void received(boolean isSet, String key, String value);
}

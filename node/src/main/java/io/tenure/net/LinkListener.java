package io.tenure.net;

/** Is told, on the event loop, how the links to peers fare. */
public interface LinkListener {
    /** The link stands, for the first time or again. */
    default void up(int peer) {}

    /**
     * The link is lost, and nobody listens at the peer's address: its process is gone, most likely. Told after all that had come
     * from the peer by then.
     */
    default void gone(int peer) {}

    /** The link, which stood, is closed: what was in flight may be lost. */
    default void lost(int peer) {}
}

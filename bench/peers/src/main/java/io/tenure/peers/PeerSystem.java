package io.tenure.peers;

import io.tenure.bench.compare.Contender;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A system that Tenure is compared with. */
public interface PeerSystem {
    /** Enough for most systems to restart a node and have it catch up. */
    int RESTART_SECONDS = 6;

    /** As people write it. */
    String title();

    /** Its version, and that of its client if that has another. */
    String version();

    /** What was chosen for it, a phrase each. */
    List<String> settings();

    /** What to keep in mind when reading its figures, a sentence each. */
    List<String> caveats();

    /** Why it can't be run on this machine, if it can't. */
    default Optional<String> unavailable() {
        return Optional.empty();
    }

    /** JVM options of its nodes and its client in addition to those that all have. */
    default List<String> jvmOptions() {
        return List.of();
    }

    /** How long a node that was killed and is started again takes to take part, in seconds. */
    default int restartSeconds() {
        return RESTART_SECONDS;
    }

    /** Folders besides that of the layout which its nodes and its client make. */
    default List<Path> foldersElsewhere(Layout layout) {
        return List.of();
    }

    /** The command of a node that is no program of ours; empty if {@link #runNode} is to be called. */
    default Optional<List<String>> foreignCommand(Layout layout, int id) {
        return Optional.empty();
    }

    /** Runs a node in this JVM, until it is ended from outside. */
    void runNode(Layout layout, int id) throws Exception;

    /** Makes a client. */
    Contender connect(Layout layout) throws Exception;
}

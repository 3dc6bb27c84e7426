package io.tenure.journal;

/**
 * What was safely on disk has changed, or is gone. {@link Repair} may help; until then nobody may act as if it had never been
 * there. Thrown when a folder is opened, and while a node runs by whoever comes upon it; a journal has failed then.
 */
public final class DamagedException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final String place;

    DamagedException(String message) {
        this(message, message);
    }

    private DamagedException(String message, String place) {
        super(message);
        this.place = place;
    }

    /**
     * Rot under a running node.
     *
     * @param line counted from 1; 0 if it is about the file as a whole
     * @param entryIndex 0 if it is about no entry
     */
    static DamagedException found(String file, long line, long entryIndex, String problem) {
        String where =
                file + (line > 0 ? ", line " + line : "") + (entryIndex > 0 ? " (entry " + entryIndex + ")" : "");
        return new DamagedException(
                "Damaged: " + where + ": " + problem
                        + ". It was safely on disk, so it is neither served nor cut, and must come from a peer",
                where);
    }

    /** The same, of a snapshot that counts. */
    static DamagedException found(SnapshotDamagedException damage) {
        return found(damage.file(), damage.line(), 0, damage.problem());
    }

    /** File and line where that can be told: damage at the same place has the same one. */
    public String place() {
        return place;
    }
}

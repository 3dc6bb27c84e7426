package io.tenure.journal;

import java.io.IOException;

/**
 * A folder can't be used: damaged, of another node, or in use. For people: the message names file, line and the way out,
 * and no entry in the folder was repaired or cut.
 */
public class JournalException extends RuntimeException {
    /** What helps against damage. */
    static final String WAY_OUT =
            "Way out: keep a copy of the folder, then let the node come back as an empty member, which "
                    + "votes only after it has caught up: node.jar rejoin";

    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public JournalException(String message) {
        super(message);
    }

    private JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The folder is another node's. */
    static JournalException foreign(String folder, Identity owner, Identity identity) {
        return new JournalException(folder + " belongs to " + owner + ", not to " + identity
                + ". Set nodeId and clusterId to that, or dataDir to another folder");
    }

    /** The disk did not let us. */
    static JournalException unusable(String folder, IOException cause) {
        return new JournalException("Can't use " + folder + ": " + describe(cause), cause);
    }

    /** Rot: what was forced has changed. */
    static DamagedException damaged(String file, long line, long index, long mark, String problem) {
        return new DamagedException("Damaged: " + file + ", line " + line + " (entry " + index + "): " + problem
                + ". Entries up to " + mark
                + " were safely on disk, so this is no torn end and is not cut. Nothing was "
                + "changed. " + WAY_OUT);
    }

    /** An error for people; those of files say only their name unless asked for their kind, too. */
    static String describe(IOException error) {
        boolean plain = error.getClass() == IOException.class;
        return plain ? error.getMessage() : error.getClass().getSimpleName() + ": " + error.getMessage();
    }

    /** Closes what is not null because of {@code cause}. */
    static void closeAfter(Exception cause, AutoCloseable... resources) {
        for (AutoCloseable resource : resources) {
            try {
                if (resource != null) {
                    resource.close();
                }
            } catch (Exception e) {
                cause.addSuppressed(e);
            }
        }
    }
}

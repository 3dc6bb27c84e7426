package io.tenure.journal;

import java.io.IOException;

/** Holds a folder for this process; see {@link Disk#lock}. */
@FunctionalInterface
public interface FolderLock extends AutoCloseable {
    /** Gives the folder back. */
    @Override
    void close() throws IOException;
}

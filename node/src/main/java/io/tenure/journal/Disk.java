package io.tenure.journal;

import java.io.IOException;
import java.util.List;

/**
 * The disk, as far as a node needs one; nothing but its implementations touches files, so that a simulation can replace
 * it. Paths are strings joined by {@code /}; the folders {@code .} and {@code /} are always there.
 *
 * <p>What a caller may rely on after a crash: bytes and size of a file as of its last {@link DiskFile#force}, names in a
 * folder as of the last {@link #forceFolder}. What came later survives, vanishes or survives in part, sector by sector and
 * name by name. A rename is atomic: afterwards the file has one of the two names, and what it replaces is whole or gone.
 */
public interface Disk {
    /** Makes a folder whose parent exists; does nothing if it is there already. */
    void createFolder(String path) throws IOException;

    /** Whether there is a file or folder of that name. */
    boolean exists(String path) throws IOException;

    /** Names of what is in a folder, sorted. */
    List<String> list(String folder) throws IOException;

    /**
     * Opens a file for reading and writing; makes an empty one if there is none.
     *
     * @throws DiskFullException if there is no room to make one
     */
    DiskFile open(String path) throws IOException;

    /** Opens a file that exists, for reading only. */
    default DiskFile openForReading(String path) throws IOException {
        return open(path);
    }

    /** Renames a file within its folder; replaces one that has the name already. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file that exists. */
    void delete(String path) throws IOException;

    /** Returns when the names in the folder are durable. */
    void forceFolder(String path) throws IOException;

    /** Bytes that this process may still write to the disk that {@code folder}, which exists, is on. */
    long usableBytes(String folder) throws IOException;

    /**
     * Takes the folder for this process until the lock is closed or the process ends.
     *
     * @throws IOException if somebody else has it; the message names the process where it can
     */
    FolderLock lock(String folder) throws IOException;
}

package io.tenure.bench.jmh;

import io.tenure.bench.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder on a real disk for the files of one trial; gone when it is closed. */
final class ScratchFolder implements AutoCloseable {
    /** Instead of a folder's name: the one that this system property of Java names. */
    static final String DEFAULT = "java.io.tmpdir";

    private final Path path;

    /**
     * Makes one.
     *
     * @param below a folder, or {@link #DEFAULT}
     * @throws UnusableFolderException if that is not on a disk
     */
    ScratchFolder(String below) throws IOException {
        Path parent = Path.of(below.equals(DEFAULT) ? System.getProperty(DEFAULT) : below);
        String wrong = Folders.wrongWithDisk(parent, "-p folder=DIR");
        if (!wrong.isEmpty()) {
            throw new UnusableFolderException(wrong);
        }
        path = Files.createTempDirectory(parent.toAbsolutePath(), "tenure-benchmark-");
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Folders.remove(path);
    }

    /** Nothing can be measured in the folder that was named. The message is for people, and all there is to say. */
    static final class UnusableFolderException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableFolderException(String message) {
            super(message, null, false, false);
        }
    }
}

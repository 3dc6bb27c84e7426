package io.tenure.bench.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file system of its own, in memory, whose size can be changed while it is in use: made smaller to what it holds, it is
 * full. Linux only, and only for root. One thread at a time.
 */
final class SmallDisk implements AutoCloseable {
    private static final long SIZE_BYTES = 1L << 30;
    private static final long BLOCK_BYTES = 4096;
    private static final int ATTEMPTS_MAX = 100;

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one.
     *
     * @throws IOException if that is not possible here, with what the system says
     */
    static SmallDisk mount(Path folder) throws IOException {
        Files.createDirectories(folder);
        run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_BYTES, "tenure-chaos", folder.toString());
        return new SmallDisk(folder);
    }

    /**
     * Sees whether that is possible here.
     *
     * @throws IOException if not, with what the system says
     */
    static void probe(Path folder) throws IOException {
        mount(folder).close();
        Files.delete(folder);
    }

    /** Leaves room for so many more blocks of 4 KiB at most. */
    void fill(int blocksLeft) throws IOException {
        IOException refusal = null;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            try {
                resize(usedBytes() + blocksLeft * BLOCK_BYTES);
                return;
            } catch (IOException e) {
                refusal = e; // More was written in between.
            }
        }
        throw refusal;
    }

    /** Makes room again. */
    void free() throws IOException {
        resize(SIZE_BYTES);
    }

    private long usedBytes() throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store.getTotalSpace() - store.getUnallocatedSpace();
    }

    private void resize(long bytes) throws IOException {
        run("mount", "-o", "remount,size=" + bytes, folder.toString());
    }

    /** Keeps what is there in an ordinary folder of the same name, once this is closed. */
    void closeAndKeep() throws IOException {
        Path copy = folder.resolveSibling(folder.getFileName() + ".kept");
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.naturalOrder()).toList()) {
                Files.copy(path, copy.resolve(folder.relativize(path)));
            }
        }
        close();
        Files.delete(folder);
        Files.move(copy, folder);
    }

    /** Unmounts it; what it held is gone. */
    @Override
    public void close() throws IOException {
        run("umount", folder.toString());
    }

    /** For a shutdown hook: it goes as soon as nobody uses it any more. */
    void abandon() {
        try {
            run("umount", "-l", folder.toString());
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", List.of(command)) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

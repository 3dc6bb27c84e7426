package io.tenure.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Folders of nodes, and what they are on. */
public final class Folders {
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs", "zram");

    private Folders() {}

    /** Removes one of nodes that have ended, with all that is in it; nothing happens if there is none. */
    public static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /** The type of the file system that a folder is on. */
    public static String fileSystem(Path folder) throws IOException {
        return Files.getFileStore(folder).type();
    }

    /** Whether a force on such a file system reaches no disk. */
    public static boolean isMemory(String fileSystem) {
        return MEMORY.contains(fileSystem);
    }

    /**
     * What is wrong with a folder in which forces are to be measured; empty if nothing is.
     *
     * @param option by which another one is named, for the complaint
     */
    public static String wrongWithDisk(Path folder, String option) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "there is no folder " + folder;
        }
        String type = fileSystem(folder);
        return isMemory(type)
                ? folder + " is on " + type + ": a force costs nothing there, and figures would mean nothing; name a"
                        + " folder on a disk with " + option
                : "";
    }
}

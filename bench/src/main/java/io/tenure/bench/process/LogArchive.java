package io.tenure.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the log files that nodes put aside, by links of its own, before the nodes delete them: so the whole log can be held
 * against what clients were told. It lies beside each node's folder. A thread of its own looks for new files all the time.
 */
public final class LogArchive implements AutoCloseable {
    private static final long STEP_MILLIS = 100;

    private final ProcessCluster cluster;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "log-archive");
        thread.setDaemon(true);
        return thread;
    });
    /** Where a copy is kept instead of a link: the file that it was made of. */
    private final Map<Path, Object> copied = new HashMap<>();

    private IOException broken;

    /** Begins to watch. */
    public LogArchive(ProcessCluster cluster) {
        this.cluster = cluster;
        var unused = watch.scheduleWithFixedDelay(this::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void step() {
        try {
            for (int id : cluster.ids()) {
                keep(cluster.dataFolder(id), folder(id));
            }
        } catch (IOException e) {
            broken = e;
        }
    }

    /**
     * Must be called before somebody damages a file of a node: what is kept of it is a copy from now on, which stays as it is.
     *
     * @throws IOException if that fails, or watching has
     */
    public synchronized void beforeDamage(Path file) throws IOException {
        step();
        if (broken != null) {
            throw broken;
        }
        for (int id : cluster.ids()) {
            Path link = folder(id).resolve(file.getFileName());
            if (file.getParent().equals(cluster.dataFolder(id)) && Files.exists(link) && Files.isSameFile(file, link)) {
                Path copy = link.resolveSibling("copy");
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                Files.move(copy, link, StandardCopyOption.ATOMIC_MOVE);
                copied.put(link, key(file));
            }
        }
    }

    private void keep(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        Files.createDirectories(to);
        for (Path file : LogText.segments(from).values()) {
            Path link = to.resolve(file.getFileName());
            try {
                if (!isKept(file, link)) {
                    Files.deleteIfExists(link);
                    Files.createLink(link, file);
                    copied.remove(link);
                }
            } catch (NoSuchFileException e) {
                return; // Taken back, or deleted, in between: the next look sees what there is.
            }
        }
    }

    private boolean isKept(Path file, Path link) throws IOException {
        return Files.exists(link) && (Files.isSameFile(file, link) || key(file).equals(copied.get(link)));
    }

    /** What tells this file from one that takes its name later. */
    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private Path folder(int id) {
        return cluster.dataFolder(id).resolveSibling("archive_" + id);
    }

    /**
     * Stops watching and puts the log together, from the files of all nodes as they are now, then from those that were kept.
     *
     * @param problems takes a sentence for each difference between nodes, and for what is nowhere
     * @return the log from its first entry to the last that any node has
     * @throws IOException if it can't be read, or watching failed
     */
    public synchronized LogText whole(List<String> problems) throws IOException {
        watch.shutdown();
        step();
        if (broken != null) {
            throw broken;
        }
        WholeLog whole = new WholeLog();
        for (int id : cluster.ids()) {
            LogText log = cluster.log(id);
            whole.add("node " + id, log.firstIndex(), log.lines());
        }
        for (int id : cluster.ids()) {
            Path kept = folder(id);
            if (Files.isDirectory(kept)) {
                for (Map.Entry<Long, Path> segment : LogText.segments(kept).entrySet()) {
                    whole.addOld(segment.getKey(), lines(segment.getValue()));
                }
            }
        }
        whole.settle();
        problems.addAll(whole.problems());
        return whole.text();
    }

    /** Of a file that may be damaged. */
    private static List<String> lines(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}

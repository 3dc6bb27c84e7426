package io.tenure.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a node has said on its standard output since some moment. Any thread. */
public final class NodeOutput {
    private final Path file;
    private final int linesBefore;

    private NodeOutput(Path file, int linesBefore) {
        this.file = file;
        this.linesBefore = linesBefore;
    }

    /** All that the node has ever said, over its restarts. */
    public static NodeOutput ofAlways(ProcessCluster cluster, int id) {
        return new NodeOutput(cluster.output(id), 0);
    }

    /** What it says from now on. */
    public static NodeOutput fromNow(ProcessCluster cluster, int id) {
        return new NodeOutput(cluster.output(id), ofAlways(cluster, id).lines().size());
    }

    /** Whether a line has all these parts. */
    public boolean says(String... parts) {
        return lines().stream().anyMatch(line -> Stream.of(parts).allMatch(line::contains));
    }

    /** The lines, without one that is being written. */
    public List<String> lines() {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.subList(Math.min(linesBefore, lines.size()), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

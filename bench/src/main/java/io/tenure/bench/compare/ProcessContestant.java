package io.tenure.bench.compare;

import io.tenure.bench.process.Folders;
import io.tenure.bench.process.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Nodes of any program, each told by its command line all that it needs. */
final class ProcessContestant implements Contestant {
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<String> driverCommand;
    private final List<Path> foldersElsewhere;
    private final Duration restartTime;
    private final Thread hook = new Thread(this::close, "kill-contestant");

    /**
     * Starts nothing yet.
     *
     * @param folder takes what the nodes print; made if it is missing
     * @param foldersElsewhere that nodes or client make; removed at the end
     */
    ProcessContestant(
            Path folder,
            List<List<String>> nodeCommands,
            List<String> driverCommand,
            List<Path> foldersElsewhere,
            Duration restartTime)
            throws IOException {
        Files.createDirectories(folder);
        for (List<String> command : nodeCommands) {
            nodes.add(new NodeProcess(command, folder.resolve("node_" + nodes.size() + ".out")));
        }
        this.driverCommand = List.copyOf(driverCommand);
        this.foldersElsewhere = List.copyOf(foldersElsewhere);
        this.restartTime = restartTime;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void startAll() throws IOException {
        for (NodeProcess node : nodes) {
            node.start();
        }
    }

    @Override
    public List<Integer> ids() {
        return IntStream.range(0, nodes.size()).boxed().toList();
    }

    @Override
    public NodeProcess node(int id) {
        return nodes.get(id);
    }

    @Override
    public Duration restartTime() {
        return restartTime;
    }

    @Override
    public List<String> driverCommand() {
        return driverCommand;
    }

    @Override
    public void close() {
        ShutdownHooks.remove(hook);
        nodes.forEach(NodeProcess::destroy);
        try {
            for (NodeProcess node : nodes) {
                node.kill();
            }
            for (Path folder : foldersElsewhere) {
                Folders.remove(folder);
            }
        } catch (IOException e) {
            System.err.println("a folder is left over: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

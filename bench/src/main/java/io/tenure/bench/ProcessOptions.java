package io.tenure.bench;

import io.tenure.bench.process.ClusterPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of all commands that start node processes: which program, and where its files go. */
class ProcessOptions {
    @Option(names = "--node-jar", paramLabel = "FILE", description = "the program (that of this build)")
    private Path nodeJar;

    @Option(names = "--data", paramLabel = "DIR", description = "folder to use, and to keep (a temporary one)")
    private Path data;

    @Option(names = "--jvm-options", paramLabel = "OPTIONS", description = "added to the JVM options of the nodes")
    private String jvmOptions = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /**
     * A cluster to be run.
     *
     * @param purpose for the name of a temporary folder
     * @param settings lines of YAML
     */
    final ClusterPlan plan(String purpose, int nodes, List<String> settings) throws IOException {
        if (data != null && Files.exists(data.resolve("logs_node_0"))) {
            throw refusal(data + " holds a cluster already; name another folder");
        }
        Path program = nodeJar != null ? nodeJar : ClusterPlan.nodeJarOfThisBuild();
        if (!Files.isRegularFile(program)) {
            throw new IOException(program + " is missing; build it with: mvn package -DskipTests");
        }
        Path folder = data != null ? data : Files.createTempDirectory("tenure-" + purpose + "-");
        List<String> options =
                jvmOptions.isBlank() ? List.of() : List.of(jvmOptions.strip().split("\\s+"));
        return new ClusterPlan(nodes, program, folder, settings, options);
    }

    /** What to throw at bad usage. */
    final ParameterException refusal(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    /** Removes the folder unless it was asked for. */
    final void tidyUp(Path folder) throws IOException {
        if (data == null) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shellcheck says of the scripts that deploy; it finds what no test run comes through. Newer ones have more advice. */
final class ShellcheckTest {
    @TempDir
    Path scratch;

    @Test
    void scriptsAreClean() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "shellcheck"))),
                "no shellcheck on this machine");
        List<String> command = new ArrayList<>(List.of("shellcheck", "-S", "warning", "-x", "-P", "."));
        try (Stream<Path> files = Files.walk(Readme.ROOT.resolve("deploy"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                if (file.toString().endsWith(".sh") || Files.readString(file).startsWith("#!/usr/bin/env bash")) {
                    command.add(Readme.ROOT.relativize(file).toString());
                }
            }
        }
        Shell checked = Shell.run(Readme.ROOT, scratch.resolve("out"), command);
        assertThat(checked.exitCode()).as(checked.output()).isZero();
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit that runs a node. */
final class SystemdUnitTest {
    private static final Path UNIT = Readme.ROOT.resolve("deploy/systemd/tenure@.service");

    @TempDir
    Path scratch;

    @Test
    void systemdHasNothingToSayAgainstIt() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze"))),
                "no systemd-analyze on this machine");
        Shell verified = verify(Files.readString(UNIT));
        assertThat(verified.exitCode()).as(verified.output()).isZero();
        assertThat(verified.output()).isEmpty();
        assertThat(verify(Files.readString(UNIT).replace("LimitNOFILE", "LimitFiles"))
                        .output())
                .as("of a unit with a mistake")
                .contains("Unknown key", "LimitFiles");
    }

    @Test
    void aNodeMayStopInItsOwnTimeAndIsNotRestartedWhereThatWouldNotHelp() throws Exception {
        assertThat(Files.readAllLines(UNIT))
                .contains("Restart=on-failure", "SuccessExitStatus=143", "RestartPreventExitStatus=1")
                .as("more than the 10 s after which a node gives up to stop in good order")
                .contains("TimeoutStopSec=30");
    }

    private Shell verify(String unit) throws Exception {
        Path file = Files.writeString(scratch.resolve("tenure@.service"), unit);
        return Shell.run(scratch, scratch.resolve("out"), List.of("systemd-analyze", "verify", file.toString()));
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What deploy/gcp/startup.sh makes of the data disk of a machine. */
final class StartupScriptTest {
    @TempDir
    Path scratch;

    private LoopbackHost machine;

    @BeforeEach
    void prepare() throws Exception {
        machine = new LoopbackHost(scratch.resolve("machine"), 0); // nobody comes in by ssh
        for (String tool : List.of("mkfs.ext4", "mount", "systemctl")) {
            machine.provide(tool, "printf '" + tool + " %s\\n' \"$*\" >> \"$TENURE_PREFIX/did\"");
        }
        machine.provide("mountpoint", "grep -q '^mount ' \"$TENURE_PREFIX/did\"");
        Path disk = machine.root().resolve("dev/disk/by-id/google-tenure-data");
        Files.createDirectories(disk.getParent());
        Files.createFile(disk);
    }

    @Test
    void aNewDiskIsMadeReadyOnce() throws Exception {
        machine.provide("blkid", "exit 2");
        assertThat(start().exitCode()).isZero();
        assertThat(did())
                .extracting(line -> line.replaceFirst(" .*", ""))
                .containsExactly("mkfs.ext4", "systemctl", "mount");
        assertThat(state()).isEqualTo("ready\n");

        machine.provide("blkid", "echo 'TYPE=ext4'");
        assertThat(start().exitCode()).isZero();
        assertThat(did()).as("after another start").hasSize(3);
        assertThat(Files.readAllLines(machine.root().resolve("etc/fstab"))).hasSize(1);
    }

    @Test
    void aDiskThatCanNotBeReadIsNotWrittenOver() throws Exception {
        machine.provide("blkid", "exit 4");
        assertThat(start().exitCode()).isNotZero();
        assertThat(machine.root().resolve("did")).doesNotExist();
        assertThat(state()).isEqualTo("failed at: making a file system on the data disk\n");
    }

    @Test
    void aMountThatFailsIsTold() throws Exception {
        machine.provide("blkid", "echo 'TYPE=ext4'");
        machine.provide("mountpoint", "exit 1");
        machine.provide("mount", "exit 32");
        assertThat(start().exitCode()).isNotZero();
        assertThat(state()).isEqualTo("failed at: mounting the data disk\n");
    }

    private Shell start() throws Exception {
        return Shell.run(
                scratch,
                scratch.resolve("out"),
                Map.of(
                        "TENURE_PREFIX",
                        machine.root().toString(),
                        "PATH",
                        scratch.resolve("machine/bin").toString()),
                List.of("bash", Readme.ROOT.resolve("deploy/gcp/startup.sh").toString()));
    }

    private List<String> did() throws Exception {
        return Files.readAllLines(machine.root().resolve("did"));
    }

    private String state() throws Exception {
        return Files.readString(machine.root().resolve("run/tenure/state"));
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.readme.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of deploy/gcp/README.md, against a stand-in for gcloud whose machines are folders of this one, each with a
 * real sshd that is reached through the stand-in's tunnel.
 */
final class GcpClusterIT {
    @TempDir
    Path scratch;

    private LoopbackHosts hosts;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(LoopbackHost.isPossible(), "no sshd on this machine; install openssh-server");
        hosts = new LoopbackHosts(scratch);
        provideMachines(hosts);
        Files.writeString(scratch.resolve("project"), "p-12345\n");
        environment = Map.of(
                "GCLOUD_STANDIN", scratch.toString(),
                "PATH", Readme.ROOT.resolve("deploy/gcp/test").toString());
    }

    /** Makes hosts what the stand-in's machines are. */
    static void provideMachines(LoopbackHosts hosts) throws IOException {
        for (LoopbackHost host : hosts.all()) {
            host.provideSystemd();
            // What the startup script calls; the disk is new.
            host.provide("blkid", "exit 2");
            host.provide("mkfs.ext4", "printf 'mkfs %s\\n' \"$*\" >> \"$TENURE_PREFIX/disk\"");
            host.provide("mountpoint", "exit 1");
            host.provide("mount", "printf 'mount %s\\n' \"$*\" >> \"$TENURE_PREFIX/disk\"");
            Path disk = host.root().resolve("dev/disk/by-id/google-tenure-data");
            Files.createDirectories(disk.getParent());
            Files.createFile(disk);
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void theCommandsOfTheReadmeDoWhatItSays() throws Exception {
        Readme readme = Readme.read("deploy/gcp/README.md");
        List<String> lines = readme.blockAfter("<!-- run by a test, line for line -->", "sh")
                .lines()
                .toList();
        assertThat(lines)
                .containsExactly(
                        "deploy/gcp/cluster.sh make --dry-run",
                        "deploy/gcp/cluster.sh make",
                        "deploy/gcp/cluster.sh deploy",
                        "deploy/gcp/cluster.sh check",
                        "deploy/gcp/cluster.sh delete");
        assertThat(run(lines.get(0))).contains("gcloud compute networks create tenure ");
        assertThat(scratch.resolve("calls")).as("of gcloud, after a dry run").doesNotExist();

        assertThat(run(lines.get(1))).contains("2 asia-northeast1 127.0.0.1 tenure-2");
        String table = run(lines.get(2) + " --jvm '-Xmx128m -XX:TieredStopAtLevel=1'");
        assertThat(table).contains("node 2 started (systemd)", "LEADER").doesNotContain("UNREACHABLE");
        machinesAreAsTheyShouldBe();
        assertThat(run(lines.get(3))).contains("LEADER").doesNotContain("UNREACHABLE");
        assertThat(hosts.good("ssh -F tenure-gcp/ssh_config tenure-1 'echo in $TENURE_PREFIX'", environment))
                .endsWith("in " + hosts.all().get(1).root() + "\n");
        assertThat(run("deploy/gcp/cluster.sh stop")).contains("node 0 stopped", "node 2 stopped");
        assertThat(hosts.clientPorts()).noneMatch(LoopbackHost::isTaken);
        assertThat(run("echo yes | " + lines.get(4))).contains("  disks      tenure-2-data");
        assertThat(scratch.resolve("things")).isEmptyFile();
        assertThat(scratch.resolve("tenure-gcp")).doesNotExist();
    }

    private void machinesAreAsTheyShouldBe() {
        for (int i = 0; i < LoopbackHosts.COUNT; i++) {
            Path root = hosts.all().get(i).root();
            assertThat(root.resolve("run/tenure/state")).hasContent("ready");
            assertThat(root.resolve("disk"))
                    .content()
                    .startsWith("mkfs -q -m 0 ")
                    .endsWith("mount " + root + "/var/lib/tenure\n");
            assertThat(root.resolve("etc/fstab"))
                    .content()
                    .contains("/google-tenure-data " + root + "/var/lib/tenure ext4 ");
            assertThat(root.resolve("opt/tenure/node.jar")).exists();
            assertThat(root.resolve("etc/tenure/node" + i + ".env"))
                    .content()
                    .startsWith("TENURE_JVM=-Xmx128m -XX:Tiered");
            assertThat(root.resolve("etc/tenure/node" + i + ".yaml"))
                    .content()
                    .contains("profile: geo\n")
                    .endsWith("\ndataDir: \"" + root + "/var/lib/tenure\"\n");
            assertThat(root.resolve("users")).content().startsWith("--system --no-create-home");
            assertThat(root.resolve("var/lib/tenure/logs_node_" + i + "/logs.txt"))
                    .exists();
        }
    }

    /** As in the README, but for what is of this machine: who the user is, and which ports are free. */
    private String run(String line) throws Exception {
        String here = line.replace("deploy/gcp/cluster.sh", "$repo/deploy/gcp/cluster.sh");
        return hosts.good(here + " --user " + hosts.user() + " --base-port " + hosts.basePort(), environment);
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.readme.Shell;
import io.tenure.client.TenureClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** deploy/ssh/cluster.sh against three real sshd on loopback ports, with the jars of this build. */
final class SshClusterIT {
    private static final String NODE = " --runner nohup --jvm '-Xmx128m -XX:TieredStopAtLevel=1'";

    @TempDir
    Path scratch;

    private LoopbackHosts hosts;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(LoopbackHost.isPossible(), "no sshd on this machine; install openssh-server");
        hosts = new LoopbackHosts(scratch);
        hosts.writeInventory();
    }

    @AfterEach
    void stop() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void nodesAreDeployedAgainAndStoppedAndRemoved() throws Exception {
        String table = hosts.good(command("deploy --profile lan" + NODE), Map.of());
        assertThat(table).contains("node 2 started (nohup)", "LEADER").doesNotContain("UNREACHABLE");
        try (TenureClient client = TenureClient.connect(hosts.addresses())) {
            client.set("name1", "Sam");
            String again = hosts.good(command("deploy --profile lan" + NODE), Map.of());
            assertThat(again).contains("node 0 stopped", "node 0 started (nohup)", "LEADER");
            assertThat(client.get("name1")).contains("Sam");

            assertThat(hosts.good(command("stop"), Map.of())).contains("node 0 stopped", "node 2 stopped");
            assertThat(hosts.clientPorts()).noneMatch(LoopbackHost::isTaken);
            Shell down = hosts.run(command("check"), Map.of());
            assertThat(down.exitCode()).isEqualTo(1);
            assertThat(down.output()).contains("UNREACHABLE", "node.sh: not every node answers, or none of them leads");

            assertThat(hosts.good(command("start"), Map.of()))
                    .contains("LEADER")
                    .doesNotContain("UNREACHABLE");
            assertThat(client.get("name1")).contains("Sam");
        }
        Shell asked = hosts.run(command("remove"), Map.of());
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.output()).endsWith("deploy/ssh/cluster.sh: nothing was removed\n");
        assertThat(hosts.good(command("remove --yes"), Map.of())).contains("node 0 stopped", "node 2 stopped");
        assertThat(scratch.resolve("tenure")).doesNotExist();
        assertThat(hosts.clientPorts()).noneMatch(LoopbackHost::isTaken);
        assertThat(hosts.good(command("remove --yes"), Map.of())).isEmpty();
    }

    @Test
    void whatGoesWrongIsSaid() throws Exception {
        Path bad = Files.writeString(scratch.resolve("bad.yaml"), "heartbeatMillis: 5000\nleaseMillis: 300\n");
        Shell refused = hosts.run(command("deploy --settings " + bad + NODE), Map.of());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("node0.yaml.new:", "Millis: ").doesNotContain("started");

        hosts.all().get(1).close();
        Shell gone = hosts.run(command("start"), Map.of());
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.output())
                .contains(
                        "node 0 is not installed",
                        "Connection refused",
                        "start failed on: node 0 (region-0, ",
                        "node 1 (region-1, ");

        Shell neither = hosts.run(command("deploy --runner systemd"), Map.of());
        assertThat(neither.exitCode()).isEqualTo(1);
        assertThat(neither.output()).contains(" does not run systemd");
    }

    private String command(String rest) {
        return "$repo/deploy/ssh/cluster.sh " + rest + " --inventory inventory --dir " + scratch.resolve("tenure")
                + " --base-port " + hosts.basePort();
    }
}

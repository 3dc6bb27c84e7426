package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.readme.Shell;
import io.tenure.client.TenureClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        hosts.good("ssh-keygen -q -t ed25519 -N '' -f id", Map.of());
        StringBuilder inventory =
                new StringBuilder("# Three hosts; the last one is known to ssh under another name.\n\n");
        for (int i = 0; i < LoopbackHosts.COUNT; i++) {
            LoopbackHost host = hosts.all().get(i);
            Files.copy(scratch.resolve("id.pub"), host.authorizedKeys(), StandardCopyOption.REPLACE_EXISTING);
            inventory.append(i).append(" region-").append(i).append(" 127.0.0.1 ");
            inventory.append(
                    i == 2 ? "third # port and user: see ssh_config" : hosts.user() + "@127.0.0.1 " + host.port());
            inventory.append('\n');
        }
        Files.writeString(scratch.resolve("inventory"), inventory);
        Files.writeString(
                scratch.resolve("ssh_config"),
                String.join(
                        "\n",
                        "Host third",
                        "  HostName 127.0.0.1",
                        "  Port " + hosts.all().get(2).port(),
                        "  User " + hosts.user(),
                        "Host *",
                        "  IdentityFile " + scratch.resolve("id"),
                        "  IdentitiesOnly yes",
                        "  UserKnownHostsFile " + scratch.resolve("known_hosts"),
                        "  StrictHostKeyChecking accept-new",
                        ""));
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

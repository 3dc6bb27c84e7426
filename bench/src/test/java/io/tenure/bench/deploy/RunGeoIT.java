package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bench/run-geo.sh in each of its ways, with the jars of this build; short runs, whose figures mean nothing. */
final class RunGeoIT {
    private static final String SHORT = " --seconds 1 --warmup 1 --out out";
    private static final String NODE = " --jvm '-Xmx128m -XX:TieredStopAtLevel=1'";

    @TempDir
    Path scratch;

    private LoopbackHosts hosts;

    @AfterEach
    void stop() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void aMatrixIsEmulatedOnThisMachine() throws Exception {
        Files.writeString(
                scratch.resolve("near.matrix"),
                "a a rtt=0.2\nb b rtt=0.2\nc c rtt=0.2\na b rtt=20\na c rtt=30\nb c rtt=25 jitter=1 # some\n");
        Path out = scratch.resolve("said");
        Shell run = Shell.run(
                scratch,
                out,
                Map.of("repo", Readme.ROOT.toString()),
                java.util.List.of(
                        "bash",
                        "-c",
                        "$repo/bench/run-geo.sh --local near.matrix --leader a --faults transfer,crash --fault-seconds 4"
                                + SHORT));
        assertThat(run.exitCode()).as(run.output()).isZero();
        JsonNode results = results();
        assertThat(results.at("/systems/0/leader").asText()).isEqualTo("a");
        assertThat(results.at("/systems/0/figures")).hasSize(15).allSatisfy(figures -> {
            assertThat(figures.get("operations").asLong()).isPositive();
            double floor = figures.get("region").asText().equals("a") ? 0 : 20;
            assertThat(figures.get("p50Millis").asDouble())
                    .as("%s", figures)
                    .isGreaterThanOrEqualTo(figures.get("line").asText().startsWith("SET") ? floor + 20 : floor);
        });
        assertThat(results.at("/systems/0/timelines"))
                .hasSize(2)
                .allSatisfy(
                        timeline -> assertThat(timeline.get("leader").asText()).isEqualTo("a"));
        assertThat(results.at("/systems/0/timelines/0/nextLeader").asText()).isEqualTo("b");
    }

    @Test
    void hostsOfAnInventoryAreMeasuredAndLeftAsTheyWere() throws Exception {
        startHosts();
        hosts.writeInventory();
        String folder = scratch.resolve("tenure-geo").toString();
        String said = hosts.good(
                "$repo/bench/run-geo.sh --inventory inventory --leader region-1 --base-port " + hosts.basePort()
                        + " --dir " + folder + SHORT + NODE,
                Map.of());
        assertThat(said).contains("the leader goes to region-1", "## Tenure, leader in region-1");
        assertThat(results().at("/systems/0/figures")).hasSize(15);
        assertThat(results().at("/systems/0/troubles")).isEmpty();
        assertThat(hosts.clientPorts()).noneMatch(LoopbackHost::isTaken);
        assertThat(Path.of(folder)).doesNotExist();

        Files.writeString(scratch.resolve("twice"), "0 here 127.0.0.1\n1 here 127.0.0.1\n");
        Shell refused = hosts.run("$repo/bench/run-geo.sh --inventory twice", Map.of());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.output()).contains("twice: region here stands there twice; a node in each");
    }

    @Test
    void machinesAreMadeAndDeletedWhereThatIsAskedFor() throws Exception {
        startHosts();
        GcpClusterIT.provideMachines(hosts);
        Files.writeString(scratch.resolve("project"), "p-12345\n");
        Map<String, String> environment = Map.of(
                "GCLOUD_STANDIN", scratch.toString(),
                "PATH", Readme.ROOT.resolve("deploy/gcp/test").toString());
        String run = "$repo/bench/run-geo.sh --gcp --name tenure --user " + hosts.user() + " --base-port "
                + hosts.basePort() + SHORT + NODE;
        String said = hosts.good(run, environment);
        assertThat(said)
                .contains("the machines are still there, and cost money; this deletes them: deploy/gcp/cluster.sh");
        assertThat(results().at("/systems/0/figures")).hasSize(15);
        assertThat(hosts.clientPorts()).noneMatch(LoopbackHost::isTaken);
        assertThat(scratch.resolve("things")).isNotEmptyFile();
        assertThat(hosts.good(run + " --delete", environment)).contains("node 2 stopped");
        assertThat(scratch.resolve("things")).isEmptyFile();
    }

    private void startHosts() throws Exception {
        assumeTrue(LoopbackHost.isPossible(), "no sshd on this machine; install openssh-server");
        hosts = new LoopbackHosts(scratch);
    }

    private JsonNode results() throws Exception {
        Path out = scratch.resolve("out");
        assertThat(out.resolve("geo.md")).isNotEmptyFile();
        assertThat(out.resolve("geo.html")).content().contains("</table>");
        assertThat(out.resolve("geo.png")).isNotEmptyFile();
        assertThat(out.resolve("geo.hlog")).content().contains("Tag=Tenure/SET/");
        return new ObjectMapper().readTree(Files.readString(out.resolve("geo.json")));
    }
}

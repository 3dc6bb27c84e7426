package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.readme.Readme;
import io.tenure.node.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What can be known of Dockerfile and compose.yaml without Docker. */
final class ContainersTest {
    private static final Path FOLDER = Readme.ROOT.resolve("deploy/docker");

    @Test
    void eachNodeFindsItsSettingsItsDataAndTheOthers() throws Exception {
        Map<String, Object> compose = group(new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(FOLDER.resolve("compose.yaml"))));
        Map<String, Object> services = group(compose.get("services"));
        assertThat(services).containsOnlyKeys("node0", "node1", "node2");
        for (int id = 0; id < services.size(); id++) {
            Map<String, Object> service = group(services.get("node" + id));
            assertThat(service.get("volumes"))
                    .isEqualTo(List.of(
                            "./node" + id + ".yaml:/etc/tenure/node.yaml:ro", "data" + id + ":/var/lib/tenure"));
            assertThat(service).as("ports open to everybody").doesNotContainKey("ports");
            Map<String, Object> build = group(service.get("build"));
            assertThat(FOLDER.resolve(build.get("context").toString()).normalize())
                    .isEqualTo(Readme.ROOT);
            assertThat(Readme.ROOT.resolve(build.get("dockerfile").toString())).exists();

            Settings settings = Settings.load(FOLDER.resolve("node" + id + ".yaml"));
            assertThat(settings.nodeId()).isEqualTo(id);
            assertThat(settings.dataDir()).isEqualTo("/var/lib/tenure");
            assertThat(settings.clientBind()).hasToString("0.0.0.0:7200");
            assertThat(settings.members())
                    .as("known by the names of their services")
                    .extracting(member ->
                            member.peer().host() + " " + member.client().host())
                    .containsExactly("node0 node0", "node1 node1", "node2 node2");
        }
        assertThat(group(compose.get("volumes"))).containsOnlyKeys("data0", "data1", "data2");
    }

    @Test
    void theImageRunsTheJarsAndNotAsRoot() throws Exception {
        List<String> lines = Files.readAllLines(FOLDER.resolve("Dockerfile"));
        assertThat(lines)
                .contains("USER 10001:10001", "VOLUME /var/lib/tenure", "CMD [\"--conf\", \"/etc/tenure/node.yaml\"]")
                .anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.contains("/dev/tcp/127.0.0.1/7200"))
                .anyMatch(line ->
                        line.startsWith("ENTRYPOINT [\"java\", ") && line.endsWith("\"/opt/tenure/node.jar\"]"));
        String copy = lines.stream()
                .filter(line -> line.startsWith("COPY "))
                .findFirst()
                .orElseThrow();
        assertThat(copy).isEqualTo("COPY node/target/node.jar client/target/kv.jar /opt/tenure/");
        assertThat(Files.readAllLines(FOLDER.resolve("Dockerfile.dockerignore")))
                .as("what is sent to the builder")
                .containsExactly("*", "!node/target/node.jar", "!client/target/kv.jar");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> group(Object value) throws IOException {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }
}

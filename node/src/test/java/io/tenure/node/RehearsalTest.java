package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.raft.Parameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** It ends, whatever the timing, having seen a leader for each that went. */
final class RehearsalTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lan", "geo", "assignment"})
    void everyLeaderIsFollowedByAnother(String profile) throws Exception {
        assertThat(new Rehearsal(parameters(profile)).play()).isEqualTo(61);
    }

    private Parameters parameters(String profile) throws Exception {
        Path file = folder.resolve("node.yaml");
        Files.write(
                file,
                List.of(
                        "nodeId: 0",
                        "clusterId: rehearsal",
                        "members: [{id: 0, peer: \"127.0.0.1:1\", client: \"127.0.0.1:2\"}]",
                        "dataDir: data",
                        "profile: " + profile));
        return Settings.load(file).toParameters();
    }
}

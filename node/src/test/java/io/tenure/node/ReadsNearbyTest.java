package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.client.ClientOptions;
import io.tenure.client.NotDoneException;
import io.tenure.client.ReadMode;
import io.tenure.client.ReadOptions;
import io.tenure.client.ReadResult;
import io.tenure.client.TenureClient;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads that a follower answers (LEASE.md, 3.13), with whole nodes and the SDK. */
class ReadsNearbyTest {
    private static final int NODES = 3;

    @TempDir
    private Path folder;

    private final TreeMap<Integer, TenureNode> running = new TreeMap<>();
    private List<Integer> ports;
    private TenureClient writer;
    private int follower;
    private TenureClient near;

    @BeforeEach
    void start() throws IOException {
        ports = FreePorts.find(2 * NODES);
        for (int id = 0; id < NODES; id++) {
            running.put(id, TenureNode.start(settings(id)));
        }
        writer = TenureClient.connect(
                IntStream.range(0, NODES).mapToObj(this::address).collect(Collectors.joining(",")));
        writer.set("k", "first");
        follower = (writer.status().leader().orElseThrow() + 1) % NODES;
        near = TenureClient.connect(ClientOptions.of(address(follower)).withTimeout(Duration.ofSeconds(2)));
    }

    @AfterEach
    void stop() {
        near.close();
        writer.close();
        running.values().forEach(TenureNode::close);
    }

    @Test
    void aFollowerSeesWhatWasAcknowledgedBefore() {
        for (int i = 0; i < 50; i++) {
            writer.set("k", "v" + i);
            ReadResult read = near.read("k", ReadOptions.of(ReadMode.FOLLOWER));
            assertThat(read.value()).contains("v" + i);
            assertThat(read.node()).isEqualTo(follower);
            assertThat(read.age()).contains(Duration.ZERO);
        }
    }

    @Test
    void aSessionSeesWhatItHasSeenAtAnotherNode() {
        for (int i = 0; i < 50; i++) {
            writer.set("k", "v" + i);
            near.continueSession(writer.sessionIndex());
            ReadResult read = near.read("k", ReadOptions.of(ReadMode.SESSION));
            assertThat(read.value()).contains("v" + i);
            assertThat(read.node()).isEqualTo(follower);
        }
    }

    @Test
    void aFollowerThatIsAloneServesUntilTheBoundPasses() {
        Duration bound = Duration.ofSeconds(3);
        assertThat(near.read("k", ReadOptions.notOlderThan(bound)).value()).contains("first");
        for (int id = 0; id < NODES; id++) {
            if (id != follower) {
                running.remove(id).close();
            }
        }
        // Who stops hands over: for a moment this node leads, and answers with what is no moment old.
        ReadResult read;
        do {
            read = near.read("k", ReadOptions.notOlderThan(Duration.ofMinutes(10)));
            assertThat(read.value()).contains("first");
        } while (read.age().equals(Optional.of(Duration.ZERO)));
        assertThat(read.age()).hasValueSatisfying(age -> assertThat(age).isPositive());

        assertThatThrownBy(() -> {
                    while (true) {
                        ReadResult bounded = near.read("k", ReadOptions.notOlderThan(bound));
                        assertThat(bounded.age())
                                .hasValueSatisfying(age -> assertThat(age).isLessThanOrEqualTo(bound));
                    }
                })
                .isInstanceOf(NotDoneException.class)
                .hasMessageContaining("ms old, more than asked");
        assertThat(near.read("k", ReadOptions.notOlderThan(Duration.ofMinutes(10)))
                        .age())
                .hasValueSatisfying(age -> assertThat(age).isGreaterThan(bound));
        assertThatThrownBy(() -> near.read("k", ReadOptions.of(ReadMode.FOLLOWER)))
                .isInstanceOf(NotDoneException.class)
                .hasMessageContaining("knows no leader");
    }

    private String address(int id) {
        return "127.0.0.1:" + ports.get(2 * id + 1);
    }

    private Settings settings(int id) {
        StringBuilder text = new StringBuilder("nodeId: " + id + "\nclusterId: test\nmembers:\n");
        for (int member = 0; member < NODES; member++) {
            text.append("  - {id: " + member + ", peer: \"127.0.0.1:" + ports.get(2 * member) + "\", client: \""
                    + address(member) + "\"}\n");
        }
        text.append("dataDir: \"" + folder + "\"\n");
        return Settings.parse("node" + id + ".yaml", text.toString());
    }
}

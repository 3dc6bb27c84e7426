package io.tenure.bench.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.bench.relay.Cut;
import io.tenure.bench.relay.LinkConditions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

final class MatrixTest {
    static final List<String> KNOWN = Matrix.KNOWN;

    @ParameterizedTest
    @FieldSource("KNOWN")
    void thoseThatComeWithTheProgramAreSymmetric(String name) throws Exception {
        Matrix matrix = Matrix.of(name);
        for (String from : matrix.regions()) {
            assertThat(matrix.roundTripMillis(from, from)).isEqualTo(0.3);
            for (String to : matrix.regions()) {
                assertThat(matrix.way(from, to)).isEqualTo(matrix.way(to, from));
            }
        }
    }

    @Test
    void leadersAreWhereTheLessonsPutThem() throws Exception {
        RoundTrips wide = Matrix.of("gcp3").roundTrips();
        assertThat(wide.regions()).containsExactly("us-east1", "europe-west1", "asia-northeast1");
        assertThat(wide.bestLeader()).isEqualTo("us-east1");
        assertThat(wide.toMajority("asia-northeast1", wide.regions())).isEqualTo(155.3);
        RoundTrips five = Matrix.of("gcp5").roundTrips();
        assertThat(five.bestLeader()).isEqualTo("us-central1");
        assertThat(five.toMajority("us-central1", five.regions())).isEqualTo(35.0);
        assertThat(five.toMajority("asia-northeast1", five.regions())).isEqualTo(126.9);
        assertThat(Floor.TO_LEADER_AND_MAJORITY.millis(five, "europe-west1", "us-central1"))
                .isEqualTo(139.9);
        assertThat(Floor.TO_LEADER.millis(five, "europe-west1", "us-central1")).isEqualTo(104.9);
        assertThat(Matrix.of("gcp3us").roundTrips().bestLeader()).isEqualTo("us-central1");
    }

    @Test
    void aLineSaysAllOfAWay() {
        Matrix matrix = MatrixFile.parse(
                "m",
                "m.matrix",
                List.of(
                        "# a comment",
                        "",
                        "a a rtt=0",
                        "b b rtt=0 # another",
                        "a b rtt=20",
                        "b > a delay=3 jitter=1.5 mbit=8 life=60"));
        assertThat(matrix.regions()).containsExactly("a", "b");
        assertThat(matrix.way("a", "b")).isEqualTo(LinkConditions.delayed(Duration.ofMillis(10)));
        assertThat(matrix.way("b", "a"))
                .isEqualTo(new LinkConditions(
                        Duration.ofMillis(3), Duration.ofNanos(1_500_000), 1_000_000, Duration.ofMinutes(1), Cut.NONE));
        assertThat(matrix.roundTripMillis("b", "a")).isEqualTo(13);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a b           | m:1: a line takes: FROM TO rtt=MS, or: FROM > TO delay=MS",
                "a b delay=1   | m:1: there and back takes rtt=MS",
                "a > b rtt=1   | m:1: one way alone takes delay=MS",
                "a b rtt=x     | m:1: 'rtt=x' has no number",
                "a b rtt=-1    | m:1: 'rtt=-1' is not in 0..1000000",
                "a b rtt=1 c=2 | m:1: 'c=2' is none of rtt=, delay=, jitter=, mbit=, life=",
                "a b rtt=1     | m has no way from a to a",
                "#             | m names no regions"
            })
    void whatIsWrongIsSaid(String line, String complaint) {
        assertThatThrownBy(() -> MatrixFile.parse("m", "m", List.of(line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(complaint);
    }

    @Test
    void unknownOnesAreAnsweredWithThoseThatAreKnown() {
        assertThatThrownBy(() -> Matrix.of("gcp4"))
                .hasMessage("there is no matrix gcp4; known are gcp3, gcp3us, gcp5, or name a file");
        assertThat(Path.of("gcp4")).doesNotExist();
    }
}

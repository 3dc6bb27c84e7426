package io.tenure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                              | bench.jar: which command?",
                "frobnicate                    | bench.jar: Unmatched argument at index 0: 'frobnicate'",
                "load --workload put           | load: Invalid value for option '--workload': expected one of [SET, GET,"
                        + " MIXED] (case-insensitive) but was 'put'",
                "load --outstanding 0          | load: --clients is 1; at least 1 and at most --outstanding (0)",
                "load --outstanding 2 --clients 3 | load: --clients is 3; at least 1 and at most --outstanding (2)",
                "load --seconds 0              | load: --seconds must be greater than 0, and --warmup not negative",
                "load --warmup -1              | load: --seconds must be greater than 0, and --warmup not negative",
                "load --rate -1                | load: key size, value size and rate must not be negative",
                "load --value-size -1          | load: key size, value size and rate must not be negative",
                "load --keys 0                 | load: outstanding and keys must be at least 1",
                "load --preload --history h    | load: --preload would write what --history does not record",
                "load --cluster nowhere        | load: \"nowhere\" has no port; write host:port",
                "load --key-size -1            | load: key size, value size and rate must not be negative",
                "load --key-distribution hot   | load: Invalid value for option '--key-distribution': expected one of"
                        + " [UNIFORM, ZIPF] (case-insensitive) but was 'hot'",
                "compare --rounds 0            | compare: --rounds, --kills and --preload must be at least 1",
                "compare --seconds 0           | compare: --seconds must be greater than 0, and --warmup not negative",
                "benchmarks-compare a.json     | benchmarks-compare: Missing required parameter: 'AFTER.json'",
                "benchmarks-compare no.json b   | benchmarks-compare: there is no file no.json",
                "check-history                 | check-history: Missing required parameter: 'FILE'",
                "failover --times 0            | failover: --times and --keys must be at least 1, --clients 2, --rate not"
                        + " negative",
                "failover --nodes 0            | failover: --nodes must be at least 1",
                "scenarios --profile lan       | scenarios: Invalid value for option '--profile': expected one of"
                        + " [ASSIGNMENT, SHORT] (case-insensitive) but was 'lan'",
                "scenarios --node-jar none.jar | scenarios: none.jar is missing; build it with: mvn package -DskipTests",
                "flips --times 0               | flips: --times, --keys and --rate must be greater than 0",
                "flips --nodes 5               | flips: --nodes must be 3: an entry rots on two of three",
                "bigdata --keys 0              | bigdata: --keys, --value-size, --rate and --log must be greater than 0",
                "bigdata --nodes 2             | bigdata: --nodes must be at least 3: fewer can't do without one",
                "deadfollower --minutes 0      | deadfollower: --minutes, --keys, --value-size and --outstanding must be"
                        + " greater than 0",
                "deadfollower --nodes 1        | deadfollower: --nodes must be at least 3: fewer can't do without one",
                "geo                          | geo: Missing required option: '--local=MATRIX'",
                "geo --local gcp4              | geo: there is no matrix gcp4; known are gcp3, gcp3us, gcp5, or name a file",
                "geo --local gcp3 --seconds 0  | geo: --seconds, --fault-seconds and --rate must be greater than 0, and"
                        + " --warmup not negative",
                "geo --local gcp3 --with x     | geo: --with knows etcd, not x",
                "geo --local gcp3 --faults x   | geo: there is no fault x; known are crash, silence, stop, transfer,"
                        + " partition",
                "geo --local gcp3 --leader x   | geo: --leader must be one of us-east1, europe-west1, asia-northeast1, not x",
                "idle --profile wan            | idle: --profile must be one of [assignment, geo, lan], not wan",
                "idle --node-jar none.jar      | idle: none.jar is missing; build it with: mvn package -DskipTests"
            })
    void badUsageIsExplainedInALine(String arguments, String complaint) {
        StringWriter err = new StringWriter();
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(err, true));
        String[] words = arguments == null ? new String[0] : arguments.split(" ");
        assertThat(command.execute(words)).isEqualTo(1);
        assertThat(err.toString().lines().findFirst()).contains(complaint);
        assertThat(err.toString()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--minutes 0        | chaos: --minutes must be greater than 0",
                "--minutes soon     | chaos: Invalid value for option '--minutes': 'soon' is not a double",
                "--clients 1        | chaos: --clients must be at least 2, --hot-keys and --cold-keys 1, --rate greater than"
                        + " 0",
                "--rate 0           | chaos: --clients must be at least 2, --hot-keys and --cold-keys 1, --rate greater than"
                        + " 0",
                "--nodes 2          | chaos: --nodes must be at least 3: fewer can't do without one",
                "--profile wan      | chaos: --profile must be one of [assignment, geo, lan], not wan",
                "--node-jar no.jar  | chaos: no.jar is missing; build it with: mvn package -DskipTests"
            })
    void chaosThatCannotRunSaysSoWithACodeOfItsOwn(String arguments, String complaint) {
        StringWriter err = new StringWriter();
        CommandLine command = Bench.commandLine().setErr(new PrintWriter(err, true));
        assertThat(command.execute(("chaos " + arguments).split(" "))).isEqualTo(2);
        assertThat(err.toString().lines().findFirst()).contains(complaint);
    }

    @Test
    void aBadHistoryIsJudgedSo() throws Exception {
        Path file = folder.resolve("h");
        Files.writeString(
                file,
                "{\"key\":\"k\",\"op\":\"read\",\"value\":\"x\",\"invoke\":1,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}\n");
        assertThat(Bench.commandLine().execute("check-history", file.toString()))
                .isEqualTo(1);
    }
}

package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.protocol.HostPort;
import io.tenure.raft.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    private static final Path LOCAL = Path.of("..", "deploy", "local");

    @TempDir
    Path folder;

    @Test
    void takesDefaultsForAllButThreeKeys() {
        Settings settings = Settings.parse("test.yaml", BadSettings.GOOD);

        assertThat(settings.nodeId()).isZero();
        assertThat(settings.clusterId()).isEqualTo("test");
        assertThat(settings.members())
                .extracting(member -> member.id() + " " + member.peer() + " " + member.client())
                .containsExactly(
                        "0 127.0.0.1:7100 127.0.0.1:7200",
                        "1 127.0.0.1:7101 127.0.0.1:7201",
                        "2 127.0.0.1:7102 127.0.0.1:7202");
        assertThat(settings.peerBind()).isEqualTo(new HostPort("127.0.0.1", 7100));
        assertThat(settings.clientBind()).isEqualTo(new HostPort("127.0.0.1", 7200));
        assertThat(settings.nodeFolder()).isEqualTo("assignment/logs_node_0");
        assertThat(settings.profile()).isEqualTo(Settings.Profile.LAN);
        assertThat(settings.timing()).isEqualTo(new Settings.Timing(50, 350, 400, 700));
        assertThat(settings.strictLease()).isFalse();
        assertThat(settings.clockDriftMax()).isEqualTo(0.01);
        assertThat(settings.threading()).isEqualTo(Settings.Threading.SHARED);
        assertThat(settings.snapshots()).isEqualTo(new SettingsSnapshots(128 << 20, 64 << 20, 64 << 20));
        assertThat(settings.scrub()).isEqualTo(new SettingsScrub(30_000, 4 << 20));
        assertThat(settings.dump()).isEqualTo(new Settings.Dump(true, 2000, 64 << 20, 2));
        assertThat(settings.logLevel()).isEqualTo(Settings.LogLevel.INFO);
    }

    @Test
    void knowsTheTimingOfEachProfile() {
        Settings geo = Settings.parse("test.yaml", BadSettings.GOOD + "profile: geo\n");
        Settings assignment = Settings.parse("test.yaml", BadSettings.GOOD + "profile: assignment\n");

        assertThat(geo.timing()).isEqualTo(new Settings.Timing(150, 1200, 1400, 2200));
        assertThat(geo.strictLease()).isFalse();
        assertThat(assignment.timing()).isEqualTo(new Settings.Timing(1000, 8000, 5000, 10_000));
        assertThat(assignment.strictLease()).isTrue();
    }

    /** LEASE.md, 3.11: the heartbeat of the profile is min(1 s, L/4). */
    @Test
    void heartbeatOfTheAssignmentFollowsTheLease() {
        Settings settings = Settings.parse("test.yaml", BadSettings.GOOD + "profile: assignment\nleaseMillis: 2000\n");

        assertThat(settings.timing().heartbeatMillis()).isEqualTo(500);
    }

    @Test
    void readsEverySetting() {
        Settings settings = Settings.parse("test.yaml", """
                # in another order, with quotes and comments
                logLevel: debug
                members:
                - client: "[::1]:5"
                  peer: 'node-7.example.org:65535'
                  id: 7
                nodeId: 7      # the only one
                clusterId: "a.b-c_D"
                bindAddress: 0.0.0.0
                dataDir: /var/lib/tenure data
                heartbeatMillis: 20
                leaseMillis: 200
                electionTimeoutMillis: {min: 300, max: 301}
                strictLease: true
                clockDriftMax: 1e-1
                threading: dedicated
                limits:
                  keyBytesMax: 1 KiB
                  valueBytesMax: 1024
                  connectionsMax: 1
                  clientRingBytes: 1MiB
                  sessionsMax: 2
                  requestWindow: 3
                  outstandingRequestsMax: 5
                  outstandingPerConnectionMax: 4
                  peerQueueBytesMax: 2 MiB
                  batchBytesMax: 8 KiB
                  inflightBytesMax: 16 KiB
                  uncommittedBytesMax: 64 KiB
                  logWindowBytesMax: 1 GiB
                  segmentBytes: 4 KiB
                  diskDeadlineMillis: 100
                  diskReserveBytes: 1 MiB
                snapshots: {everyLogBytes: 2 KiB, keepLogBytes: 0, bytesPerSecondMax: 1 MiB}
                scrub: {everyMillis: 7200, bytesPerSecondMax: 64 KiB}
                dump: {enabled: false, dumpLinesPerSecond: 0, fileBytesMax: 4 KiB, filesKept: 0}
                """);

        assertThat(settings.self().client()).isEqualTo(new HostPort("::1", 5));
        assertThat(settings.peerBind()).isEqualTo(new HostPort("0.0.0.0", 65_535));
        assertThat(settings.nodeFolder()).isEqualTo("/var/lib/tenure data/logs_node_7");
        assertThat(settings.limits())
                .isEqualTo(new SettingsLimits(
                        1024, 1024, 1, 1 << 20, 2, 3, 5, 4, 2 << 20, 8192, 16_384, 65_536, 1 << 30, 4096, 100,
                        1 << 20));
        assertThat(settings.snapshots()).isEqualTo(new SettingsSnapshots(2048, 0, 1 << 20));
        assertThat(settings.scrub()).isEqualTo(new SettingsScrub(7200, 64 << 10));
        assertThat(settings.dump()).isEqualTo(new Settings.Dump(false, 0, 4096, 0));
        assertThat(settings.logLevel()).isEqualTo(Settings.LogLevel.DEBUG);
        assertThat(settings.threading()).isEqualTo(Settings.Threading.DEDICATED);
        assertThat(settings.toParameters())
                .isEqualTo(new Parameters(
                        7,
                        List.of(7),
                        300_000_000,
                        301_000_000,
                        20_000_000,
                        200,
                        0.1,
                        true,
                        100_000_000,
                        8192,
                        16_384,
                        65_536,
                        1 << 30,
                        1 << 20,
                        10_000));
    }

    @Test
    void saysWhichLineNamesAPortThatIsTaken() {
        Settings advertised = Settings.parse("node0.yaml", BadSettings.GOOD);
        Settings bound = Settings.parse("node0.yaml", BadSettings.GOOD + "bindAddress: 0.0.0.0\n");

        assertThat(advertised.notBound(advertised.clientBind(), "the address is in use"))
                .hasMessage("node0.yaml:4: members[0].client: 127.0.0.1:7200 is not allowed: "
                        + "the address is in use; allowed: an address of this machine and a free port");
        assertThat(bound.notBound(bound.peerBind(), "the address is in use"))
                .hasMessage("node0.yaml:7: bindAddress: 0.0.0.0:7100 is not allowed: "
                        + "the address is in use; allowed: an address of this machine and a free port");
    }

    @Test
    void summaryIsShortAndComplete() {
        assertThat(Settings.parse("test.yaml", BadSettings.GOOD).summary().lines())
                .containsExactly(
                        "node 0 of cluster test, members:",
                        "  node 0: peers 127.0.0.1:7100, clients 127.0.0.1:7200",
                        "  node 1: peers 127.0.0.1:7101, clients 127.0.0.1:7201",
                        "  node 2: peers 127.0.0.1:7102, clients 127.0.0.1:7202",
                        "listens on 127.0.0.1:7100 and 127.0.0.1:7200, keeps its data in assignment/logs_node_0",
                        "profile lan: heartbeat 50 ms, lease 350 ms, election timeout 400..700 ms, "
                                + "clock drift up to 0.01, no strictLease",
                        "threading shared, log level info",
                        "dump.txt with up to 2000 lines a second on entries and requests, 64 MiB each, 2 older ones kept",
                        "a snapshot every 128 MiB of log, 64 MiB of log kept below it, written and sent at up to 64 MiB "
                                + "a second",
                        "all files read every 30000 ms at up to 4 MiB a second",
                        "limits: keyBytesMax 4096, valueBytesMax 1 MiB, connectionsMax 10000, clientRingBytes 16 MiB, "
                                + "sessionsMax 10000, requestWindow 4096, outstandingRequestsMax 65536, "
                                + "outstandingPerConnectionMax 8192, peerQueueBytesMax 64 MiB, batchBytesMax 1 MiB, "
                                + "inflightBytesMax 8 MiB, uncommittedBytesMax 64 MiB, logWindowBytesMax 16 MiB, "
                                + "segmentBytes 64 MiB, diskDeadlineMillis 3000, diskReserveBytes 64 MiB");
    }

    /** No default may be refused by another default, whatever the profile and the drift. */
    @ParameterizedTest
    @ValueSource(strings = {"lan", "geo", "assignment"})
    void profilesBearAnyDrift(String profile) {
        for (String drift : List.of("0", "0.01", "0.1", "0.2")) {
            Settings settings = Settings.parse(
                    "test.yaml", BadSettings.GOOD + "profile: " + profile + "\nclockDriftMax: " + drift + "\n");
            Parameters parameters = settings.toParameters();
            assertThat(parameters.leaseNanos()).isGreaterThanOrEqualTo(2 * parameters.heartbeatNanos());
        }
    }

    @Test
    void largestValueNeedsNoOtherSetting() {
        Settings settings = Settings.parse("test.yaml", BadSettings.GOOD + "limits: {valueBytesMax: 8 MiB}\n");

        assertThat(settings.limits().valueBytesMax()).isEqualTo(8 << 20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void localClusterIsSetUpAsDocumented(int id) {
        Settings settings = Settings.load(LOCAL.resolve("node" + id + ".yaml"));

        assertThat(settings.nodeId()).isEqualTo(id);
        assertThat(settings.members()).hasSize(3);
        for (Settings.Member member : settings.members()) {
            assertThat(member.peer()).isEqualTo(new HostPort("127.0.0.1", 7100 + member.id()));
            assertThat(member.client()).isEqualTo(new HostPort("127.0.0.1", 7200 + member.id()));
        }
        assertThat(settings.nodeFolder()).isEqualTo("assignment/logs_node_" + id);
        assertThat(settings.profile()).isEqualTo(Settings.Profile.LAN);
    }

    /** The comments of the example claim to show defaults: with the # gone they must change nothing. */
    @Test
    void localClusterShowsTheDefaults() throws IOException {
        String text = Files.readString(LOCAL.resolve("node0.yaml"));
        List<String> keys = Stream.of(SettingsKeys.TOP, SettingsKeys.LIMITS, SettingsKeys.SNAPSHOTS, SettingsKeys.DUMP)
                .flatMap(List::stream)
                .toList();
        String spelledOut = Pattern.compile("(?m)^# (?= *(?:" + String.join("|", keys) + "):)")
                .matcher(text)
                .replaceAll("");

        Settings implicit = Settings.parse("node0.yaml", text);
        Settings explicit = Settings.parse("node0.yaml", spelledOut);

        assertThat(explicit.summary()).isEqualTo(implicit.summary());
        for (String key : keys) {
            assertThat(spelledOut).containsPattern("(?m)^ *" + key + ":");
        }
    }

    @Test
    void fileMayBeginWithAByteOrderMark() throws IOException {
        Path file = folder.resolve("bom.yaml");
        Files.writeString(file, "\uFEFF" + BadSettings.GOOD);

        assertThat(Settings.load(file).clusterId()).isEqualTo("test");
    }

    @Test
    void refusesWhatIsNoReadableFile() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        assertRefused(missing, missing + ": no such file; allowed: a settings file");
        assertRefused(folder, folder + ": is a folder; allowed: a settings file");

        Path huge = folder.resolve("huge.yaml");
        Files.write(huge, new byte[300_000]);
        assertRefused(huge, huge + ": has 300000 bytes; allowed: a settings file of up to 256 KiB");

        Path latin = folder.resolve("latin.yaml");
        Files.write(latin, new byte[] {'a', ':', ' ', 'b', '\n', 'c', ':', ' ', (byte) 0xE9, '\n'});
        assertRefused(latin, latin + ":2: byte 0xE9 is not UTF-8; allowed: text in UTF-8");

        Path cut = folder.resolve("cut.yaml");
        Files.write(cut, new byte[] {'a', ':', ' ', (byte) 0xC3});
        assertRefused(cut, cut + ":1: byte 0xC3 is not UTF-8; allowed: text in UTF-8");

        Path good = folder.resolve("good.yaml");
        Files.writeString(good, BadSettings.GOOD);
        assertThat(Settings.load(good).nodeId()).isZero();
    }

    private static void assertRefused(Path file, String message) {
        assertThatThrownBy(() -> Settings.load(file))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }
}

package io.tenure.node;

import java.util.ArrayList;
import java.util.List;

/** Settings that must be refused, each with its exact message. */
final class BadSettings {
    /** The shortest settings that are good: six lines. Lines added come from the seventh on. */
    static final String GOOD = """
            nodeId: 0
            clusterId: test
            members:
              - {id: 0, peer: "127.0.0.1:7100", client: "127.0.0.1:7200"}
              - {id: 1, peer: "127.0.0.1:7101", client: "127.0.0.1:7201"}
              - {id: 2, peer: "127.0.0.1:7102", client: "127.0.0.1:7202"}
            """;

    /** Text and the message that it must be refused with, less the file's name. */
    record Case(String text, String message) {}

    private static final List<Case> CASES = new ArrayList<>();

    private BadSettings() {}

    static List<Case> cases() {
        synchronized (CASES) {
            if (CASES.isEmpty()) {
                text();
                keys();
                identity();
                members();
                timing();
                values();
                limits();
            }
            return List.copyOf(CASES);
        }
    }

    /** The good settings with lines added. */
    private static void added(String lines, String message) {
        CASES.add(new Case(GOOD + lines + "\n", message));
    }

    /** The good settings with something replaced. */
    private static void replaced(String what, String by, String message) {
        if (!GOOD.contains(what)) {
            throw new IllegalArgumentException("nothing to replace: " + what);
        }
        CASES.add(new Case(GOOD.replace(what, by), message));
    }

    private static void whole(String text, String message) {
        CASES.add(new Case(text, message));
    }

    private static void text() {
        String empty = ":1: the file is empty; allowed: settings, of which nodeId, clusterId and members are needed";
        whole("", empty);
        whole("\n\n", empty);
        whole("# nothing but a comment\n", empty);
        whole("---\n", empty);
        String lines = "; allowed: lines of \"key: value\", nested by spaces";
        whole("hello\n", ":1: not a list of settings" + lines);
        whole("- a\n- b\n", ":1: not a list of settings" + lines);
        whole("\n{", ":2: not YAML: expected the node content, but found '<stream end>'" + lines);
        whole("nodeId: 0\n\tclusterId: a\n", ":2: a tab in the indentation; allowed: spaces");
        whole("nodeId: 0\ndump:\n\tenabled: true\n", ":3: a tab in the indentation; allowed: spaces");
        whole("nodeId: 0\n  clusterId: a\n", ":2: not YAML: mapping values are not allowed here" + lines);
        whole("nodeId: 0\nclusterId\n", ":2: not YAML: could not find expected ':'" + lines);
        whole("nodeId: \"0\n", ":1: not YAML: found unexpected end of stream" + lines);
        whole("nodeId: [0\n", ":1: not YAML: expected ',' or ']', but got <stream end>" + lines);
        whole("nodeId: 0\nclusterId: a\u0000b\n", ":2: character U+0000; allowed: printable text");
        whole("nodeId: 0\nclusterId: a\u0007b\n", ":2: character U+0007; allowed: printable text");
        whole("nodeId: @\n", ":1: not YAML: found character '@' that cannot start any token" + lines);
        whole("nodeId: &n 0\n", ":1: an anchor or alias; allowed: values written out");
        whole("nodeId: 0\nclusterId: *n\n", ":2: an anchor or alias; allowed: values written out");
        whole("nodeId: !!str 0\n", ":1: the tag tag:yaml.org,2002:str; allowed: values without tags");
        whole("dump: !x {}\n", ":1: the tag !x; allowed: values without tags");
        whole("? [a, b]\n: c\n", ":1: a list or group in place of a key" + lines);
        whole("nodeId: 0\n---\nnodeId: 1\n", ":2: a second document; allowed: one");
        whole("nodeId: " + "[".repeat(100), ":1: nested too deeply; allowed: up to 8 levels");
        added("nodeId: 1", ":7: nodeId is set twice, first on line 1; allowed: once");
        added("dump: {enabled: true, enabled: true}", ":7: enabled is set twice, first on line 7; allowed: once");
    }

    private static void keys() {
        added("leaseMilis: 300", ":7: leaseMilis is not a setting; did you mean leaseMillis?");
        added("lease: 300", ":7: lease is not a setting; did you mean leaseMillis?");
        added("LeaseMillis: 300", ":7: LeaseMillis is not a setting; did you mean leaseMillis?");
        added("datadir: x", ":7: datadir is not a setting; did you mean dataDir?");
        added("valueBytesMax: 10", ":7: valueBytesMax is not a setting; did you mean limits.valueBytesMax?");
        added("limits: {profile: lan}", ":7: limits.profile is not a setting; did you mean profile at the top level?");
        added("limits:\n  valueBytes: 1", ":8: limits.valueBytes is not a setting; did you mean limits.valueBytesMax?");
        added(
                "dump: {linesPerSecond: 1}",
                ":7: dump.linesPerSecond is not a setting; did you mean dump.dumpLinesPerSecond?");
        added(
                "dump: {on: true}",
                ":7: dump.on is not a setting; allowed: enabled, dumpLinesPerSecond, fileBytesMax, filesKept");
        added(
                "electionTimeoutMillis: {mim: 1}",
                ":7: electionTimeoutMillis.mim is not a setting; " + "did you mean electionTimeoutMillis.min?");
        added(
                "xyzzy: 1",
                ":7: xyzzy is not a setting; allowed: nodeId, clusterId, members, bindAddress, dataDir, profile, "
                        + "heartbeatMillis, leaseMillis, electionTimeoutMillis, adaptiveTiming, strictLease, clockDriftMax, threading, "
                        + "limits, snapshots, scrub, dump, logLevel");
        added("\"\": 1", ":7: \"\" is not a setting; allowed: " + String.join(", ", SettingsKeys.TOP));
        replaced("{id: 0, ", "{id: 0, port: 1, ", ":4: members[0].port is not a setting; allowed: id, peer, client");
    }

    private static void identity() {
        String id = "; allowed: 0..9999";
        replaced("nodeId: 0\n", "", ":1: nodeId is missing" + id);
        replaced("nodeId: 0", "nodeId:", ":1: nodeId has no value" + id);
        replaced("nodeId: 0", "nodeId: null", ":1: nodeId has no value" + id);
        replaced("nodeId: 0", "nodeId: -1", ":1: nodeId: -1 is not allowed: too small" + id);
        replaced("nodeId: 0", "nodeId: 10000", ":1: nodeId: 10000 is not allowed: too large" + id);
        replaced(
                "nodeId: 0",
                "nodeId: 99999999999999999999",
                ":1: nodeId: 99999999999999999999 is not allowed: too large" + id);
        replaced("nodeId: 0", "nodeId: zero", ":1: nodeId: zero is not allowed: not a whole number" + id);
        replaced("nodeId: 0", "nodeId: 0.0", ":1: nodeId: 0.0 is not allowed: not a whole number" + id);
        replaced("nodeId: 0", "nodeId: 0x1", ":1: nodeId: 0x1 is not allowed: not a whole number" + id);
        replaced("nodeId: 0", "nodeId: 01", ":1: nodeId: 01 is not allowed: not a whole number" + id);
        replaced("nodeId: 0", "nodeId: \"0\"", ":1: nodeId: \"0\" is not allowed: text, not a whole number" + id);
        replaced("nodeId: 0", "nodeId: [0]", ":1: nodeId: a list is not allowed: not a single value" + id);
        replaced(
                "nodeId: 0",
                "nodeId: {a: 0}",
                ":1: nodeId: a group of settings is not allowed: not a single value" + id);
        replaced("nodeId: 0", "nodeId: 3", ":1: nodeId: 3 is not allowed: no member has this id; allowed: 0, 1, 2");
        String name = "; allowed: 1..64 letters, digits, dots, dashes, underscores";
        replaced("clusterId: test\n", "", ":1: clusterId is missing" + name);
        replaced("clusterId: test", "clusterId:", ":2: clusterId has no value" + name);
        replaced("clusterId: test", "clusterId: \"\"", ":2: clusterId: \"\" is not allowed" + name);
        replaced("clusterId: test", "clusterId: my cluster", ":2: clusterId: my cluster is not allowed" + name);
        replaced("clusterId: test", "clusterId: \"a\\nb\"", ":2: clusterId: a?b is not allowed" + name);
        replaced("test", "x".repeat(100), ":2: clusterId: " + "x".repeat(80) + "... is not allowed" + name);
    }

    private static void members() {
        String list = "; allowed: a list of 1..31 groups of id, peer, client";
        whole("nodeId: 0\nclusterId: a\n", ":1: members is missing" + list);
        whole("nodeId: 0\nclusterId: a\nmembers:\n", ":3: members: \"\" is not allowed: not a list" + list);
        whole("nodeId: 0\nclusterId: a\nmembers: 3\n", ":3: members: 3 is not allowed: not a list" + list);
        whole("nodeId: 0\nclusterId: a\nmembers: []\n", ":3: members: a list of 0 is not allowed" + list);
        whole(
                "nodeId: 0\nclusterId: a\nmembers: {id: 0}\n",
                ":3: members: a group of settings is not allowed: not a list" + list);
        whole(
                "nodeId: 0\nclusterId: a\nmembers: [" + "{id: 1},".repeat(32) + "]\n",
                ":3: members: a list of 32 is not allowed" + list);
        whole(
                "nodeId: 0\nclusterId: a\nmembers:\n  - 127.0.0.1:7100\n",
                ":4: members[0]: 127.0.0.1:7100 is not allowed: not a group of settings; allowed: id, peer, client");
        replaced("{id: 1, ", "{", ":5: members[1].id is missing; allowed: 0..9999");
        replaced(
                "{id: 1, ",
                "{id: one, ",
                ":5: members[1].id: one is not allowed: not a whole number; allowed: 0..9999");
        replaced(
                "{id: 1, ",
                "{id: 2, ",
                ":6: members[2].id: 2 is not allowed: the same as members[1].id; "
                        + "allowed: one that no other member has");
        String address = "; allowed: host:port with a port in 1..65535";
        replaced("peer: \"127.0.0.1:7101\", ", "", ":5: members[1].peer is missing" + address);
        for (String bad : List.of(
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "127.0.0.1:http",
                ":7101",
                "256.0.0.1:7101",
                "1.2.3:7101",
                "no host:7101",
                "-a:7101",
                "::1:7101",
                "[::1]",
                "[::g]:7101",
                "[1::2::3]:1",
                "http://a:7101",
                "127.0.0.1:7101/x",
                "")) {
            String shown = bad.isEmpty() ? "\"\"" : bad;
            replaced(
                    "127.0.0.1:7101",
                    bad,
                    ":5: members[1].peer: " + shown + " is not allowed: not an address" + address);
        }
        String reach = " is not allowed: nobody can connect to it; allowed: an address that the others can reach; "
                + "see bindAddress";
        replaced("127.0.0.1:7202", "0.0.0.0:7202", ":6: members[2].client: 0.0.0.0:7202" + reach);
        replaced("127.0.0.1:7202", "[::]:7202", ":6: members[2].client: [::]:7202" + reach);
        String same = "; allowed: one that no other member has";
        replaced(
                "127.0.0.1:7102",
                "127.0.0.1:7100",
                ":6: members[2].peer: 127.0.0.1:7100 is not allowed: the same as members[0].peer" + same);
        replaced(
                "127.0.0.1:7202",
                "127.0.0.1:7102",
                ":6: members[2].client: 127.0.0.1:7102 is not allowed: the same as members[2].peer" + same);
        bindAddress();
    }

    private static void bindAddress() {
        String host = "; allowed: a host name or IP address of this machine, without port";
        added("bindAddress: 0.0.0.0:7100", ":7: bindAddress: 0.0.0.0:7100 is not allowed: not a host" + host);
        added("bindAddress: 1.2.3.4.5", ":7: bindAddress: 1.2.3.4.5 is not allowed: not a host" + host);
        added("bindAddress: \"\"", ":7: bindAddress: \"\" is not allowed: not a host" + host);
        added("bindAddress:", ":7: bindAddress has no value" + host);
    }

    private static void timing() {
        added("leaseMillis: 20000", ":7: leaseMillis: 20000 is not allowed: too large; allowed: 20..10000");
        added("leaseMillis: 0", ":7: leaseMillis: 0 is not allowed: too small; allowed: 20..10000");
        added("leaseMillis: 2.5", ":7: leaseMillis: 2.5 is not allowed: not a whole number; allowed: 20..10000");
        added("leaseMillis: 2 s", ":7: leaseMillis: 2 s is not allowed: not a whole number; allowed: 20..10000");
        added(
                "leaseMillis: 100",
                ":7: leaseMillis: 100 is not allowed: a leader may count on 96.0 ms of it, less than two heartbeats "
                        + "of 50 ms; allowed: 105..10000");
        added(
                "heartbeatMillis: 200",
                ":7: heartbeatMillis: 200 is not allowed: two of them must fit into the 341.0 ms that a leader may "
                        + "count on of leaseMillis 350; allowed: 5..170");
        added(
                "heartbeatMillis: 5000\nleaseMillis: 10000",
                ":8: leaseMillis: 10000 is not allowed: a leader may count on 9799.9 ms of it, less than two heartbeats "
                        + "of 5000 ms; allowed: 20..10000 with a smaller heartbeatMillis");
        added("heartbeatMillis: 4", ":7: heartbeatMillis: 4 is not allowed: too small; allowed: 5..5000");
        added("heartbeatMillis: 5001", ":7: heartbeatMillis: 5001 is not allowed: too large; allowed: 5..5000");
        String assignment = "; allowed: 2000..10000";
        added("profile: assignment\nleaseMillis: 1999", ":8: leaseMillis: 1999 is not allowed: too small" + assignment);
        added(
                "profile: assignment\nleaseMillis: 10001",
                ":8: leaseMillis: 10001 is not allowed: too large" + assignment);
        added(
                "profile: assignment\nclockDriftMax: 0.2\nleaseMillis: 2000\nheartbeatMillis: 1000",
                ":9: leaseMillis: 2000 is not allowed: a leader may count on 1331.3 ms of it, less than two heartbeats "
                        + "of 1000 ms; allowed: 3003..10000");
        added(
                "profile: assignment\nadaptiveTiming: true",
                ":8: adaptiveTiming: true is not allowed: leases of the assignment have a fixed length; allowed: false, "
                        + "or profile lan or geo");
        String election = "; allowed: 10..60000";
        added(
                "electionTimeoutMillis: 500",
                ":7: electionTimeoutMillis: 500 is not allowed: not a group of settings; allowed: min, max");
        added(
                "electionTimeoutMillis: {min: 5}",
                ":7: electionTimeoutMillis.min: 5 is not allowed: too small" + election);
        added(
                "electionTimeoutMillis: {max: 60001}",
                ":7: electionTimeoutMillis.max: 60001 is not allowed: too large" + election);
        added(
                "electionTimeoutMillis:\n  min: 500\n  max: 400",
                ":9: electionTimeoutMillis.max: 400 is not allowed: not larger than min 500; allowed: 501..60000");
        added(
                "electionTimeoutMillis: {min: 500, max: 500}",
                ":7: electionTimeoutMillis.max: 500 is not allowed: not larger than min 500; allowed: 501..60000");
        added(
                "electionTimeoutMillis: {min: 900}",
                ":7: electionTimeoutMillis.min: 900 is not allowed: not smaller than max 700; "
                        + "allowed: 10..699, or a larger max");
        added(
                "electionTimeoutMillis: {min: 40}",
                ":7: electionTimeoutMillis.min: 40 is not allowed: not larger than heartbeatMillis 50; "
                        + "allowed: 51..60000");
        added(
                "leaseMillis: 5000\nheartbeatMillis: 400",
                ":8: heartbeatMillis: 400 is not allowed: not smaller than electionTimeoutMillis.min 400; "
                        + "allowed: 5..399");
        added("clockDriftMax: 0.21", ":7: clockDriftMax: 0.21 is not allowed: too large; allowed: 0..0.2");
        added("clockDriftMax: -0.01", ":7: clockDriftMax: -0.01 is not allowed: too small; allowed: 0..0.2");
        added("clockDriftMax: 1%", ":7: clockDriftMax: 1% is not allowed: not a number; allowed: 0..0.2");
        added("clockDriftMax: .nan", ":7: clockDriftMax: .nan is not allowed: not a number; allowed: 0..0.2");
        added("clockDriftMax: 1e999", ":7: clockDriftMax: 1e999 is not allowed: too large; allowed: 0..0.2");
    }

    private static void values() {
        added("profile: wan", ":7: profile: wan is not allowed; allowed: lan, geo, assignment");
        added("profile: LAN", ":7: profile: LAN is not allowed; allowed: lan, geo, assignment");
        added("profile:", ":7: profile has no value; allowed: lan, geo, assignment");
        added(
                "profile: [lan]",
                ":7: profile: a list is not allowed: not a single value; allowed: lan, geo, assignment");
        added("threading: many", ":7: threading: many is not allowed; allowed: shared, dedicated");
        added("logLevel: verbose", ":7: logLevel: verbose is not allowed; allowed: error, warn, info, debug, trace");
        added("strictLease: yes", ":7: strictLease: yes is not allowed: neither true nor false; allowed: true, false");
        added("strictLease: 1", ":7: strictLease: 1 is not allowed: neither true nor false; allowed: true, false");
        added(
                "strictLease: \"true\"",
                ":7: strictLease: \"true\" is not allowed: text, not true or false; allowed: true, false");
        added("dataDir: \"\"", ":7: dataDir: \"\" is not allowed; allowed: the path of a folder");
        added("dataDir: \"  \"", ":7: dataDir:    is not allowed; allowed: the path of a folder");
        added("dataDir: \"a\\0b\"", ":7: dataDir: a?b is not allowed; allowed: the path of a folder");
        added(
                "dump: off",
                ":7: dump: off is not allowed: not a group of settings; "
                        + "allowed: enabled, dumpLinesPerSecond, fileBytesMax, filesKept");
        added(
                "dump: {dumpLinesPerSecond: -5}",
                ":7: dump.dumpLinesPerSecond: -5 is not allowed: too small; allowed: 0..1000000");
        added("dump: {fileBytesMax: 1}", ":7: dump.fileBytesMax: 1 is not allowed: too small; allowed: 4 KiB..16 GiB");
        added("dump: {filesKept: 101}", ":7: dump.filesKept: 101 is not allowed: too large; allowed: 0..100");
    }

    private static void limits() {
        added(
                "limits: []",
                ":7: limits: a list is not allowed: not a group of settings; allowed: "
                        + String.join(", ", SettingsKeys.LIMITS));
        added(
                "limits: {keyBytesMax: 4097}",
                ":7: limits.keyBytesMax: 4097 is not allowed: too large; allowed: 1..4 KiB");
        added(
                "limits:\n  valueBytesMax: 9 MiB",
                ":8: limits.valueBytesMax: 9 MiB is not allowed: too large; allowed: 1..8 MiB");
        added(
                "limits:\n  valueBytesMax: 1 MB",
                ":8: limits.valueBytesMax: 1 MB is not allowed: not a number of bytes such as 65536 or 64 KiB; "
                        + "allowed: 1..8 MiB");
        added(
                "limits: {valueBytesMax: 99999999999 GiB}",
                ":7: limits.valueBytesMax: 99999999999 GiB is not allowed: too large; allowed: 1..8 MiB");
        added(
                "limits: {connectionsMax: 0}",
                ":7: limits.connectionsMax: 0 is not allowed: too small; allowed: 1..100000");
        added(
                "limits: {clientRingBytes: 1 KiB}",
                ":7: limits.clientRingBytes: 1 KiB is not allowed: too small; allowed: 64 KiB..512 MiB");
        added(
                "limits: {sessionsMax: many}",
                ":7: limits.sessionsMax: many is not allowed: not a whole number; " + "allowed: 1..1000000");
        added(
                "limits: {diskDeadlineMillis: 99}",
                ":7: limits.diskDeadlineMillis: 99 is not allowed: too small; " + "allowed: 100..600000");
        added(
                "limits: {inflightBytesMax: 64 KiB}",
                ":7: limits.inflightBytesMax: 64 KiB is not allowed: less than batchBytesMax 1 MiB; "
                        + "allowed: 1 MiB..1 GiB");
        added(
                "limits: {batchBytesMax: 16 MiB}",
                ":7: limits.batchBytesMax: 16 MiB is not allowed: more than inflightBytesMax 8 MiB; "
                        + "allowed: up to 8 MiB");
        added(
                "limits: {outstandingRequestsMax: 100}",
                ":7: limits.outstandingRequestsMax: 100 is not allowed: less than outstandingPerConnectionMax 8192; "
                        + "allowed: 8192..65536");
        added(
                "limits: {uncommittedBytesMax: 1 MiB}",
                ":7: limits.uncommittedBytesMax: 1 MiB is not allowed: the largest write may take 6316096 bytes; "
                        + "allowed: 6316096..4 GiB");
        added(
                "limits: {peerQueueBytesMax: 1 MiB}",
                ":7: limits.peerQueueBytesMax: 1 MiB is not allowed: the largest write may take 6316096 bytes; "
                        + "allowed: 6316096..512 MiB");
    }
}

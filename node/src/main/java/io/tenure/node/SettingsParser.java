package io.tenure.node;

import io.tenure.node.Settings.Dump;
import io.tenure.node.Settings.LogLevel;
import io.tenure.node.Settings.Member;
import io.tenure.node.Settings.Profile;
import io.tenure.node.Settings.Threading;
import io.tenure.protocol.HostPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** From text to {@link Settings}: types and ranges first, then what must fit together. */
final class SettingsParser {
    private static final int NODE_ID_MAX = 9999;
    private static final int MEMBERS_MAX = 31;

    private static final Pattern CLUSTER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern FOLDER = Pattern.compile("[^\\p{Cntrl}]*[^\\p{Cntrl}\\s][^\\p{Cntrl}]*");

    private final SettingsSection top;

    SettingsParser(String fileName, String text) {
        this.top = new SettingsSection(
                new SettingsSource(fileName), "", SettingsTree.parse(fileName, text), SettingsKeys.TOP);
    }

    Settings settings() {
        int nodeId = top.whole("nodeId", 0, NODE_ID_MAX);
        String clusterId =
                top.matching("clusterId", true, CLUSTER_ID, "1..64 letters, digits, dots, dashes, underscores");
        List<Member> members = members(nodeId);
        String dataDir = top.matching("dataDir", false, FOLDER, "the path of a folder");
        Profile profile = top.choice("profile", Profile.LAN);
        double clockDriftMax = top.fraction("clockDriftMax", 0.01, "0", "0.2");
        SettingsTiming timing = new SettingsTiming(top, profile, clockDriftMax);
        return new Settings(
                top.source(),
                nodeId,
                clusterId,
                members,
                top.host("bindAddress"),
                dataDir == null ? "assignment" : dataDir,
                profile,
                timing.timing(),
                timing.adaptive(),
                top.bool("strictLease", profile == Profile.ASSIGNMENT),
                clockDriftMax,
                top.choice("threading", Threading.SHARED),
                SettingsLimits.read(top.section("limits", SettingsKeys.LIMITS)),
                SettingsSnapshots.read(top.section("snapshots", SettingsKeys.SNAPSHOTS)),
                SettingsScrub.read(top.section("scrub", SettingsKeys.SCRUB)),
                dump(top.section("dump", SettingsKeys.DUMP)),
                top.choice("logLevel", LogLevel.INFO));
    }

    private List<Member> members(int nodeId) {
        List<Member> members = new ArrayList<>();
        Map<Integer, String> ids = new HashMap<>();
        Map<HostPort, String> addresses = new HashMap<>();
        for (SettingsSection item : top.list("members", MEMBERS_MAX, SettingsKeys.MEMBER)) {
            Member member = new Member(item.whole("id", 0, NODE_ID_MAX), item.address("peer"), item.address("client"));
            refuseRepeat(item, "id", member.id(), ids);
            refuseRepeat(item, "peer", member.peer(), addresses);
            refuseRepeat(item, "client", member.client(), addresses);
            members.add(member);
        }
        if (!ids.containsKey(nodeId)) {
            String allowed = members.stream()
                    .map(member -> Integer.toString(member.id()))
                    .reduce((a, b) -> a + ", " + b)
                    .orElseThrow();
            throw top.refuse("nodeId", Integer.toString(nodeId), "no member has this id", allowed);
        }
        members.sort(Comparator.comparingInt(Member::id));
        return members;
    }

    private static <T> void refuseRepeat(SettingsSection item, String key, T value, Map<T, String> seen) {
        String first = seen.putIfAbsent(value, item.path(key));
        if (first != null) {
            throw item.refuse(key, value.toString(), "the same as " + first, "one that no other member has");
        }
    }

    private static Dump dump(SettingsSection section) {
        return new Dump(
                section.bool("enabled", true),
                section.whole("dumpLinesPerSecond", 2000, 0, 1_000_000),
                section.bytes("fileBytesMax", 64L << 20, 4L << 10, 16L << 30),
                section.whole("filesKept", 2, 0, 100));
    }
}

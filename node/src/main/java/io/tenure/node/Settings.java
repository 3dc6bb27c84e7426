package io.tenure.node;

import io.tenure.protocol.HostPort;
import io.tenure.raft.Parameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * All that an operator decides about a node. Read once, checked as a whole, immutable. The keys of the file are the
 * names of these components; {@code deploy/local/node0.yaml} explains them.
 *
 * @param source the file and its lines, for complaints that come later, such as a port that is taken
 * @param nodeId this node
 * @param clusterId names the cluster; nodes and clients of another one are refused
 * @param members all nodes of the cluster, this one among them, in the order of their ids
 * @param bindAddress host to bind both ports to, or null: then each is bound as advertised
 * @param dataDir folder that holds the nodes' folders
 * @param profile where the timing comes from, as far as the file doesn't say otherwise
 * @param adaptiveTiming whether that is only what timing begins with: then it fits the measured round trips (LEASE.md, 3.11)
 * @param strictLease neither reads nor writes without a lease (LEASE.md, 3.7)
 * @param clockDriftMax how far the rate of a clock may be off, as a fraction (LEASE.md, 3.2)
 */
public record Settings(
        SettingsSource source,
        int nodeId,
        String clusterId,
        List<Member> members,
        String bindAddress,
        String dataDir,
        Profile profile,
        Timing timing,
        boolean adaptiveTiming,
        boolean strictLease,
        double clockDriftMax,
        Threading threading,
        SettingsLimits limits,
        SettingsSnapshots snapshots,
        SettingsScrub scrub,
        Dump dump,
        LogLevel logLevel) {

    /** A node of the cluster, with the addresses at which the others and the clients reach it. */
    public record Member(int id, HostPort peer, HostPort client) {}

    /** Timing by the kind of network (LEASE.md, 3.11). */
    public enum Profile {
        /** One data centre. */
        LAN,
        /** Regions up to 300 ms apart. */
        GEO,
        /** The course's rules: leases of 2 to 10 s, longer than election timeouts may be, and strictLease. */
        ASSIGNMENT
    }

    /** Which stages share a thread (DESIGN.md, D9). */
    public enum Threading {
        /** Network, core and applier take turns on one thread. */
        SHARED,
        /** Each stage has a thread of its own. */
        DEDICATED
    }

    /** The least important event that is logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** Durations of elections and leases, in milliseconds. */
    public record Timing(
            int heartbeatMillis, int leaseMillis, int electionTimeoutMinMillis, int electionTimeoutMaxMillis) {}

    /**
     * What becomes of {@code dump.txt}.
     *
     * @param linesPerSecond statements on entries and requests in a second; of the others none is left out
     * @param fileBytesMax size at which a new file is begun
     * @param filesKept older files kept beside it
     */
    public record Dump(boolean enabled, int linesPerSecond, long fileBytesMax, int filesKept) {
        String summary() {
            return enabled
                    ? "dump.txt with up to " + linesPerSecond + " lines a second on entries and requests, "
                            + SettingsSection.inBytes(fileBytesMax) + " each, " + filesKept + " older ones kept"
                    : "no dump.txt";
        }
    }

    /** Copies the list. */
    public Settings {
        members = List.copyOf(members);
    }

    /**
     * Reads a settings file.
     *
     * @throws SettingsException if it can't be read or used; the message names file, line, value and what is allowed
     */
    public static Settings load(Path file) {
        return parse(file.toString(), SettingsFile.text(file));
    }

    /** As {@link #load(Path)}. */
    static Settings load(String file) {
        return load(Path.of(file));
    }

    /**
     * Parses settings that are not, or not yet, in a file.
     *
     * @param fileName what messages call it
     * @param text YAML
     * @throws SettingsException if they can't be used
     */
    public static Settings parse(String fileName, String text) {
        return new SettingsParser(fileName, text).settings();
    }

    /** This node. */
    public Member self() {
        return member(nodeId);
    }

    /** The member of this id. */
    public Member member(int id) {
        return members.stream()
                .filter(member -> member.id == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member has id " + id));
    }

    /** Where to listen for other nodes. */
    public HostPort peerBind() {
        return bind(self().peer);
    }

    /** Where to listen for clients. */
    public HostPort clientBind() {
        return bind(self().client);
    }

    /** The folder of this node, made at the first start. */
    public String nodeFolder() {
        return dataDir + "/logs_node_" + nodeId;
    }

    /**
     * Complains of an address that can't be bound.
     *
     * @param address {@link #peerBind} or {@link #clientBind}
     * @param reason why, in a few words
     */
    public SettingsException notBound(HostPort address, String reason) {
        boolean peer = address.equals(peerBind());
        int item = members.indexOf(self());
        String key = bindAddress == null ? "members[" + item + "]." + (peer ? "peer" : "client") : "bindAddress";
        return source.refuse(key, address.toString(), reason, "an address of this machine and a free port");
    }

    /** What the core needs to know of all this. */
    public Parameters toParameters() {
        return new Parameters(
                nodeId,
                members.stream().map(Member::id).toList(),
                TimeUnit.MILLISECONDS.toNanos(timing.electionTimeoutMinMillis),
                TimeUnit.MILLISECONDS.toNanos(timing.electionTimeoutMaxMillis),
                TimeUnit.MILLISECONDS.toNanos(timing.heartbeatMillis),
                timing.leaseMillis,
                clockDriftMax,
                strictLease,
                TimeUnit.MILLISECONDS.toNanos(limits.diskDeadlineMillis()),
                limits.batchBytesMax(),
                limits.inflightBytesMax(),
                limits.uncommittedBytesMax(),
                limits.logWindowBytesMax(),
                snapshots.bytesPerSecondMax(),
                SettingsLimits.LIMBO_KEYS_MAX,
                adaptiveTiming);
    }

    /** The effective settings in short, for people; several lines, the last one without an end. */
    public String summary() {
        StringBuilder text = new StringBuilder();
        text.append("node " + nodeId + " of cluster " + clusterId + ", members:\n");
        for (Member member : members) {
            text.append("  node " + member.id + ": peers " + member.peer + ", clients " + member.client + "\n");
        }
        text.append("listens on " + peerBind() + " and " + clientBind() + ", keeps its data in " + nodeFolder() + "\n");
        text.append(timingSummary()).append("\n");
        text.append("threading " + lower(threading) + ", log level " + lower(logLevel) + "\n");
        text.append(dump.summary()).append('\n');
        text.append(snapshots.summary()).append('\n');
        text.append(scrub.summary()).append('\n').append(limits.summary());
        return text.toString();
    }

    /** The part of the {@link #summary} that decides how soon a lost leader is replaced; one line. */
    String timingSummary() {
        return "profile " + lower(profile) + (adaptiveTiming ? ", adaptiveTiming, beginning with" : ":") + " heartbeat "
                + timing.heartbeatMillis + " ms, lease "
                + timing.leaseMillis + " ms, election timeout " + timing.electionTimeoutMinMillis + ".."
                + timing.electionTimeoutMaxMillis + " ms, clock drift up to " + clockDriftMax + ", "
                + (strictLease ? "strictLease" : "no strictLease");
    }

    private HostPort bind(HostPort advertised) {
        return bindAddress == null ? advertised : new HostPort(bindAddress, advertised.port());
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

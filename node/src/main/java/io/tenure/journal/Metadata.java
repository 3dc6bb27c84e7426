package io.tenure.journal;

import io.tenure.entry.LineFormat;
import io.tenure.entry.MalformedLineException;
import io.tenure.handoff.KnownPeer;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What {@code metadata.txt} says, as {@code key value} lines and a checksum over them (DESIGN.md, D4).
 *
 * @param incarnation drawn when the folder was made, never 0
 * @param bootCount how often the folder was opened
 * @param committed index up to which entries are committed <em>and</em> forced here
 * @param tagsLostUpTo last index whose session and number were lost in a power failure, 0 if none
 * @param logStart where the log files begin
 * @param install snapshot that is being put in the place of the log, null if none is
 * @param peers the folder and life that each peer was last seen in, by id
 * @param write how often this was written: the copy with the larger one is the newer
 */
record Metadata(
        Identity identity,
        long incarnation,
        long bootCount,
        HardState hardState,
        long committed,
        long tagsLostUpTo,
        LogStart logStart,
        EntryId install,
        List<KnownPeer> peers,
        long write) {
    private static final int FORMAT = 2;

    /** Has no lines of {@link #logStart}, {@link #install}, of rejoining and of peers. */
    private static final int FORMAT_WITHOUT_SNAPSHOTS = 1;

    private static final String NONE = "none";
    private static final String FORGOTTEN = "forgotten";
    private static final HexFormat HEX = HexFormat.of();
    private static final String CHECKSUM = "checksum ";

    /** What a new folder begins with. */
    static Metadata first(Identity identity, long incarnation) {
        return new Metadata(identity, incarnation, 0, HardState.INITIAL, 0, 0, LogStart.FIRST, null, List.of(), 0);
    }

    Metadata withHardState(HardState state) {
        return new Metadata(
                identity, incarnation, bootCount, state, committed, tagsLostUpTo, logStart, install, peers, write);
    }

    Metadata withCommitted(long index) {
        return new Metadata(
                identity, incarnation, bootCount, hardState, index, tagsLostUpTo, logStart, install, peers, write);
    }

    Metadata withBoot(long tagsLost) {
        return new Metadata(
                identity, incarnation, bootCount + 1, hardState, committed, tagsLost, logStart, install, peers, write);
    }

    Metadata withLogStart(LogStart start) {
        return new Metadata(
                identity, incarnation, bootCount, hardState, committed, tagsLostUpTo, start, install, peers, write);
    }

    Metadata withTagsLost(long index) {
        return new Metadata(
                identity,
                incarnation,
                bootCount,
                hardState,
                committed,
                Math.max(tagsLostUpTo, index),
                logStart,
                install,
                peers,
                write);
    }

    /** From now on, and after a crash, {@code snapshot} is being put in the place of the log. */
    Metadata withInstall(EntryId snapshot) {
        return new Metadata(
                identity, incarnation, bootCount, hardState, committed, tagsLostUpTo, logStart, snapshot, peers, write);
    }

    /** The snapshot to be installed is; the log is empty. */
    Metadata withInstalled() {
        return new Metadata(
                identity,
                incarnation,
                bootCount,
                hardState,
                install.index(),
                0,
                LogStart.after(install),
                null,
                peers,
                write);
    }

    Metadata withPeers(List<KnownPeer> known) {
        return new Metadata(
                identity,
                incarnation,
                bootCount,
                hardState,
                committed,
                tagsLostUpTo,
                logStart,
                install,
                List.copyOf(known),
                write);
    }

    Metadata next() {
        return new Metadata(
                identity,
                incarnation,
                bootCount,
                hardState,
                committed,
                tagsLostUpTo,
                logStart,
                install,
                peers,
                write + 1);
    }

    byte[] toBytes() {
        return toBytes(FORMAT);
    }

    private byte[] toBytes(long format) {
        String sinceSnapshots = "\nlogStart " + describeLogStart()
                + "\ninstall " + (install == null ? NONE : install.index() + " " + install.term())
                + "\nrejoining " + hardState.rejoining()
                + describePeers();
        String lines = "format " + format
                + "\ncluster " + LineFormat.escape(identity.clusterId())
                + "\nnode " + identity.nodeId()
                + "\nincarnation " + incarnation
                + "\nbootCount " + bootCount
                + "\nterm " + hardState.term()
                + "\nvotedFor " + describeVote()
                + "\nleasePromisedMillisMax " + hardState.leasePromisedMillisMax()
                + "\ncommitted " + committed
                + "\ntagsLostUpTo " + tagsLostUpTo
                + (format == FORMAT_WITHOUT_SNAPSHOTS ? "" : sinceSnapshots)
                + "\nwrite " + write
                + "\n";
        return (lines + CHECKSUM + checksum(lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Parses what {@link #toBytes} made.
     *
     * @throws IllegalArgumentException if it is anything else; the message says what is wrong
     */
    static Metadata parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        int at = text.lastIndexOf(CHECKSUM);
        if (at <= 0 || text.charAt(at - 1) != '\n') {
            throw new IllegalArgumentException("the checksum line is missing");
        }
        String lines = text.substring(0, at);
        if (!text.substring(at).equals(CHECKSUM + checksum(lines) + "\n")) {
            throw new IllegalArgumentException("the checksum is wrong");
        }
        Fields fields = new Fields(lines.split("\n", -1));
        long format = fields.number("format");
        if (format != FORMAT && format != FORMAT_WITHOUT_SNAPSHOTS) {
            throw new IllegalArgumentException("format " + fields.value + " is not known, only " + FORMAT);
        }
        boolean hasSnapshots = format >= FORMAT;
        try {
            Identity identity = new Identity(LineFormat.unescape(fields.text("cluster")), (int) fields.number("node"));
            long incarnation = fields.number("incarnation");
            long bootCount = fields.number("bootCount");
            long term = fields.number("term");
            int vote = fields.vote();
            long leaseMillisMax = fields.number("leasePromisedMillisMax");
            long committed = fields.number("committed");
            long tagsLostUpTo = fields.number("tagsLostUpTo");
            LogStart logStart = hasSnapshots ? fields.logStart() : LogStart.FIRST;
            EntryId install = hasSnapshots ? fields.install() : null;
            HardState hardState = new HardState(term, vote, leaseMillisMax, hasSnapshots && fields.flag("rejoining"));
            List<KnownPeer> peers = hasSnapshots ? fields.peers() : List.of();
            Metadata metadata = new Metadata(
                    identity,
                    incarnation,
                    bootCount,
                    hardState,
                    committed,
                    tagsLostUpTo,
                    logStart,
                    install,
                    peers,
                    fields.number("write"));
            // Numbers can be spelt in other ways, or be too large for their field.
            if (!Arrays.equals(metadata.toBytes(format), bytes)) {
                throw new IllegalArgumentException("it is not spelt as it would be written");
            }
            return metadata;
        } catch (MalformedLineException e) {
            throw new IllegalArgumentException("the cluster's name: " + e.getMessage(), e);
        }
    }

    private String describePeers() {
        StringBuilder lines = new StringBuilder();
        for (KnownPeer peer : peers) {
            lines.append("\npeer ")
                    .append(peer.id())
                    .append(' ')
                    .append(peer.incarnation())
                    .append(' ')
                    .append(peer.bootCount())
                    .append(' ')
                    .append(peer.bootId());
        }
        return lines.toString();
    }

    private String describeVote() {
        return switch (hardState.votedFor()) {
            case HardState.NO_VOTE -> NONE;
            case HardState.FORGOTTEN_VOTE -> FORGOTTEN;
            default -> Integer.toString(hardState.votedFor());
        };
    }

    private String describeLogStart() {
        EntryId base = logStart.base();
        return base.equals(EntryId.NONE)
                ? NONE
                : base.index() + " " + base.term() + ' ' + logStart.offset() + ' '
                        + HEX.toHexDigits(logStart.checksum());
    }

    private static String checksum(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return HEX.toHexDigits((int) crc.getValue());
    }

    /** The lines, which come in one order. */
    private static final class Fields {
        private final String[] lines;
        private int at;
        private String value = "";

        Fields(String[] lines) {
            this.lines = lines;
        }

        String text(String key) {
            String line = lines[at];
            if (!line.startsWith(key + " ")) {
                throw new IllegalArgumentException(
                        "line " + (at + 1) + ": \"" + key + "\" expected, not \"" + line + '"');
            }
            at++;
            value = line.substring(key.length() + 1);
            return value;
        }

        long number(String key) {
            return Long.parseLong(text(key));
        }

        boolean flag(String key) {
            return switch (text(key)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("line " + at + ": neither true nor false");
            };
        }

        int vote() {
            return switch (text("votedFor")) {
                case NONE -> HardState.NO_VOTE;
                case FORGOTTEN -> HardState.FORGOTTEN_VOTE;
                default -> Integer.parseInt(value);
            };
        }

        List<KnownPeer> peers() {
            List<KnownPeer> peers = new ArrayList<>();
            while (at < lines.length && lines[at].startsWith("peer ")) {
                long[] parts =
                        Stream.of(parts("peer", 4)).mapToLong(Long::parseLong).toArray();
                peers.add(new KnownPeer((int) parts[0], parts[1], parts[2], parts[3]));
            }
            return List.copyOf(peers);
        }

        LogStart logStart() {
            String[] parts = parts("logStart", 4);
            return parts.length == 0
                    ? LogStart.FIRST
                    : new LogStart(id(parts), Long.parseLong(parts[2]), Integer.parseUnsignedInt(parts[3], 16));
        }

        EntryId install() {
            String[] parts = parts("install", 2);
            return parts.length == 0 ? null : id(parts);
        }

        private static EntryId id(String[] parts) {
            return new EntryId(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        }

        private String[] parts(String key, int count) {
            if (text(key).equals(NONE)) {
                return new String[0];
            }
            String[] parts = value.split(" ", -1);
            if (parts.length != count) {
                throw new IllegalArgumentException("line " + at + ": " + count + " numbers expected");
            }
            return parts;
        }
    }
}

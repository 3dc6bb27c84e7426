package io.tenure.journal;

import io.tenure.entry.LineFormat;
import io.tenure.entry.MalformedLineException;
import io.tenure.raft.HardState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What {@code metadata.txt} says, as {@code key value} lines and a checksum over them (DESIGN.md, D4).
 *
 * @param incarnation drawn when the folder was made, never 0
 * @param bootCount how often the folder was opened
 * @param committed index up to which entries are committed <em>and</em> forced here
 * @param tagsLostUpTo last index whose session and number were lost in a power failure, 0 if none
 * @param write how often this was written: the copy with the larger one is the newer
 */
record Metadata(
        Identity identity,
        long incarnation,
        long bootCount,
        HardState hardState,
        long committed,
        long tagsLostUpTo,
        long write) {
    private static final int FORMAT = 1;
    private static final String NO_VOTE = "none";
    private static final String CHECKSUM = "checksum ";

    Metadata withHardState(HardState state) {
        return new Metadata(identity, incarnation, bootCount, state, committed, tagsLostUpTo, write);
    }

    Metadata withCommitted(long index) {
        return new Metadata(identity, incarnation, bootCount, hardState, index, tagsLostUpTo, write);
    }

    Metadata withBoot(long tagsLost) {
        return new Metadata(identity, incarnation, bootCount + 1, hardState, committed, tagsLost, write);
    }

    Metadata next() {
        return new Metadata(identity, incarnation, bootCount, hardState, committed, tagsLostUpTo, write + 1);
    }

    byte[] toBytes() {
        int vote = hardState.votedFor();
        String lines = "format " + FORMAT
                + "\ncluster " + LineFormat.escape(identity.clusterId())
                + "\nnode " + identity.nodeId()
                + "\nincarnation " + incarnation
                + "\nbootCount " + bootCount
                + "\nterm " + hardState.term()
                + "\nvotedFor " + (vote == HardState.NO_VOTE ? NO_VOTE : vote)
                + "\nleasePromisedMillisMax " + hardState.leasePromisedMillisMax()
                + "\ncommitted " + committed
                + "\ntagsLostUpTo " + tagsLostUpTo
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
        if (fields.number("format") != FORMAT) {
            throw new IllegalArgumentException("format " + fields.value + " is not known, only " + FORMAT);
        }
        try {
            Identity identity = new Identity(LineFormat.unescape(fields.text("cluster")), (int) fields.number("node"));
            long incarnation = fields.number("incarnation");
            long bootCount = fields.number("bootCount");
            long term = fields.number("term");
            int vote = fields.text("votedFor").equals(NO_VOTE) ? HardState.NO_VOTE : Integer.parseInt(fields.value);
            HardState hardState = new HardState(term, vote, fields.number("leasePromisedMillisMax"));
            Metadata metadata = new Metadata(
                    identity,
                    incarnation,
                    bootCount,
                    hardState,
                    fields.number("committed"),
                    fields.number("tagsLostUpTo"),
                    fields.number("write"));
            // Numbers can be spelt in other ways, or be too large for their field.
            if (!Arrays.equals(metadata.toBytes(), bytes)) {
                throw new IllegalArgumentException("it is not spelt as it would be written");
            }
            return metadata;
        } catch (MalformedLineException e) {
            throw new IllegalArgumentException("the cluster's name: " + e.getMessage(), e);
        }
    }

    private static String checksum(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
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
    }
}

package io.tenure.node;

import io.tenure.protocol.Limits;

/**
 * The limits that an operator may set (DESIGN.md, D8). Bytes may be written with KiB, MiB, GiB.
 *
 * @param keyBytesMax longest key, in bytes of UTF-8
 * @param valueBytesMax longest value, in bytes of UTF-8
 * @param connectionsMax connections of clients
 * @param clientRingBytes ring between network and core; made larger where eight of the largest requests would not fit
 * @param sessionsMax client sessions remembered
 * @param requestWindow request numbers of a session that may be open at once
 * @param outstandingRequestsMax requests under way in the node; one more is answered BUSY
 * @param outstandingPerConnectionMax requests under way of one connection; at that many it is not read from
 * @param peerQueueBytesMax bytes that wait for the link to one peer; beyond them messages are dropped
 * @param batchBytesMax bytes of entries in one message to a peer (one larger entry travels alone)
 * @param inflightBytesMax bytes of entries sent to a peer and not yet durable there
 * @param uncommittedBytesMax bytes of entries not yet committed; beyond them writes are answered BUSY
 * @param logWindowBytesMax bytes that entries kept in memory for peers that lag take there, more than their lines alone
 * @param segmentBytes size at which logs.txt is put aside and a new one begun
 * @param diskDeadlineMillis age of the oldest outstanding write at which the disk counts as stalled (DESIGN.md, D11)
 * @param diskReserveBytes room on the disk that is kept for term, vote and leases; with less left, writes are refused
 */
public record SettingsLimits(
        int keyBytesMax,
        int valueBytesMax,
        int connectionsMax,
        int clientRingBytes,
        int sessionsMax,
        int requestWindow,
        int outstandingRequestsMax,
        int outstandingPerConnectionMax,
        int peerQueueBytesMax,
        int batchBytesMax,
        long inflightBytesMax,
        long uncommittedBytesMax,
        long logWindowBytesMax,
        long segmentBytes,
        long diskDeadlineMillis,
        long diskReserveBytes) {

    /** Keys in limbo beyond which all keys count as being there (DESIGN.md, D7). Not a setting. */
    public static final int LIMBO_KEYS_MAX = 10_000;

    static final int VALUE_BYTES_MAX = Limits.VALUE_BYTES_MAX_DEFAULT;
    static final int CONNECTIONS_MAX = 10_000;
    static final int CLIENT_RING_BYTES = 16 << 20;
    static final int SESSIONS_MAX = 10_000;
    static final int REQUEST_WINDOW = 4096;
    static final int OUTSTANDING_REQUESTS_MAX = RaftRings.REPLIES_MAX / 4;
    static final int OUTSTANDING_PER_CONNECTION_MAX = 8192;
    static final int PEER_QUEUE_BYTES_MAX = 64 << 20;
    static final int BATCH_BYTES_MAX = 1 << 20;
    static final long INFLIGHT_BYTES_MAX = 8 << 20;
    static final long UNCOMMITTED_BYTES_MAX = 64 << 20;
    static final long LOG_WINDOW_BYTES_MAX = 16 << 20;
    static final long SEGMENT_BYTES = 64 << 20;
    static final int DISK_DEADLINE_MILLIS = 3000;
    static final long DISK_RESERVE_BYTES = 64 << 20;

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;

    /** A byte of a key or value takes up to six in its log line, when written as an escape. */
    private static final int ESCAPED_BYTES_MAX = 6;

    /** What a log line holds besides key and value. */
    private static final int LINE_REST_BYTES_MAX = 64;

    static SettingsLimits read(SettingsSection section) {
        SettingsLimits limits = new SettingsLimits(
                section.bytes("keyBytesMax", Limits.KEY_BYTES_MAX, 1, Limits.KEY_BYTES_MAX),
                section.bytes("valueBytesMax", VALUE_BYTES_MAX, 1, Limits.VALUE_BYTES_MAX_HIGHEST),
                section.whole("connectionsMax", CONNECTIONS_MAX, 1, 100_000),
                section.bytes("clientRingBytes", CLIENT_RING_BYTES, 64 * KIB, 512 * MIB),
                section.whole("sessionsMax", SESSIONS_MAX, 1, 1_000_000),
                section.whole("requestWindow", REQUEST_WINDOW, 1, 65_536),
                section.whole("outstandingRequestsMax", OUTSTANDING_REQUESTS_MAX, 1, RaftRings.REPLIES_MAX / 4),
                section.whole(
                        "outstandingPerConnectionMax", OUTSTANDING_PER_CONNECTION_MAX, 1, RaftRings.REPLIES_MAX / 4),
                section.bytes("peerQueueBytesMax", PEER_QUEUE_BYTES_MAX, MIB, 512 * MIB),
                section.bytes("batchBytesMax", BATCH_BYTES_MAX, KIB, 32 * MIB),
                section.bytes("inflightBytesMax", INFLIGHT_BYTES_MAX, KIB, GIB),
                section.bytes("uncommittedBytesMax", UNCOMMITTED_BYTES_MAX, KIB, 4 * GIB),
                section.bytes("logWindowBytesMax", LOG_WINDOW_BYTES_MAX, KIB, 4 * GIB),
                section.bytes("segmentBytes", SEGMENT_BYTES, 4 * KIB, 64 * GIB),
                section.whole("diskDeadlineMillis", DISK_DEADLINE_MILLIS, 100, 600_000),
                section.bytes("diskReserveBytes", DISK_RESERVE_BYTES, 64 * KIB, 64 * GIB));
        limits.check(section);
        return limits;
    }

    /** The longest line that an entry can have in logs.txt, in bytes. */
    long lineBytesMax() {
        return (long) ESCAPED_BYTES_MAX * (keyBytesMax + valueBytesMax) + LINE_REST_BYTES_MAX;
    }

    String summary() {
        return "limits: keyBytesMax " + keyBytesMax + ", valueBytesMax " + SettingsSection.inBytes(valueBytesMax)
                + ", connectionsMax " + connectionsMax
                + ", clientRingBytes " + SettingsSection.inBytes(clientRingBytes)
                + ", sessionsMax " + sessionsMax
                + ", requestWindow " + requestWindow
                + ", outstandingRequestsMax " + outstandingRequestsMax
                + ", outstandingPerConnectionMax " + outstandingPerConnectionMax
                + ", peerQueueBytesMax " + SettingsSection.inBytes(peerQueueBytesMax)
                + ", batchBytesMax " + SettingsSection.inBytes(batchBytesMax)
                + ", inflightBytesMax " + SettingsSection.inBytes(inflightBytesMax)
                + ", uncommittedBytesMax " + SettingsSection.inBytes(uncommittedBytesMax)
                + ", logWindowBytesMax " + SettingsSection.inBytes(logWindowBytesMax)
                + ", segmentBytes " + SettingsSection.inBytes(segmentBytes)
                + ", diskDeadlineMillis " + diskDeadlineMillis
                + ", diskReserveBytes " + SettingsSection.inBytes(diskReserveBytes);
    }

    private void check(SettingsSection section) {
        checkPair(section, "batchBytesMax", batchBytesMax, "inflightBytesMax", inflightBytesMax, GIB);
        checkPair(
                section,
                "outstandingPerConnectionMax",
                outstandingPerConnectionMax,
                "outstandingRequestsMax",
                outstandingRequestsMax,
                RaftRings.REPLIES_MAX / 4);
        checkLine(section, "uncommittedBytesMax", uncommittedBytesMax, 4 * GIB);
        checkLine(section, "peerQueueBytesMax", peerQueueBytesMax, 512 * MIB);
        if (peerQueueBytesMax < batchBytesMax) {
            checkPair(section, "batchBytesMax", batchBytesMax, "peerQueueBytesMax", peerQueueBytesMax, 512 * MIB);
        }
    }

    /** The smaller must not be larger; blames whichever of the two the file sets, the larger one first. */
    private static void checkPair(
            SettingsSection section, String smaller, long smallerValue, String larger, long largerValue, long max) {
        if (smallerValue <= largerValue) {
            return;
        }
        boolean bytes = larger.contains("Bytes");
        String small = bytes ? SettingsSection.inBytes(smallerValue) : Long.toString(smallerValue);
        String large = bytes ? SettingsSection.inBytes(largerValue) : Long.toString(largerValue);
        if (section.has(larger)) {
            String allowed = small + ".." + (bytes ? SettingsSection.inBytes(max) : Long.toString(max));
            throw section.refuse(larger, large, "less than " + smaller + " " + small, allowed);
        }
        throw section.refuse(smaller, small, "more than " + larger + " " + large, "up to " + large);
    }

    /** A write of the largest value must fit, or it could never be done. */
    private void checkLine(SettingsSection section, String key, long value, long max) {
        if (value >= lineBytesMax()) {
            return;
        }
        String need = "the largest write may take " + lineBytesMax() + " bytes";
        if (section.has(key)) {
            throw section.refuse(
                    key, SettingsSection.inBytes(value), need, lineBytesMax() + ".." + SettingsSection.inBytes(max));
        }
        long fits = (value - LINE_REST_BYTES_MAX) / ESCAPED_BYTES_MAX - keyBytesMax;
        throw section.refuse(
                "valueBytesMax",
                SettingsSection.inBytes(valueBytesMax),
                need + ", more than " + key + " " + SettingsSection.inBytes(value),
                "1.." + fits);
    }
}

package io.tenure.handoff;

/**
 * Answer to a ticket, on its way to the network thread.
 *
 * @param index of a write: its log index; of a read: an index that the answer reflects; of a session: its birth index
 * @param session the session issued, if one was asked for
 * @param value of a read: the value, or null if absent
 */
public record Reply(long ticket, Outcome outcome, long term, int leader, long index, long session, String value) {
    /** As in client.proto, with the reasons why leadership was not transferred one by one. */
    public enum Outcome {
        DONE,
        NOT_LEADER,
        NO_LEASE,
        BUSY,
        UNKNOWN,
        SESSION_EXPIRED,
        NUMBER_TOO_OLD,
        DISK_FULL,
        LEADER_SILENT,
        BEHIND,
        TARGET_UNKNOWN,
        TARGET_SILENT,
        TARGET_BEHIND,
        TRANSFER_UNDER_WAY,
        TRANSFER_ABORTED,
        TRANSFER_ASTRAY
    }

    /** No leader known. */
    public static final int NO_LEADER = -1;
}

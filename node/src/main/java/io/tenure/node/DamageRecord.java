package io.tenure.node;

import io.tenure.journal.DamagedException;
import io.tenure.journal.JournalException;

/**
 * Damage that this process has come upon, so that it does not repair the same place for ever: a disk that does not keep what it
 * is given must be replaced. Confined to one thread.
 */
final class DamageRecord {
    /** So many times in a row one place may be damaged. */
    private static final int TIMES_MAX = 3;

    private String place = "";
    private int times;

    /**
     * Takes damage down that is to be repaired now.
     *
     * @param wasGood whether all files were read and found good since the last time
     * @throws JournalException if repairs lead nowhere
     */
    void add(DamagedException damage, boolean wasGood) {
        times = damage.place().equals(place) && !wasGood ? times + 1 : 1;
        place = damage.place();
        if (times > TIMES_MAX) {
            throw new JournalException(damage.getMessage() + ". It was repaired " + TIMES_MAX
                    + " times in a row and is damaged again: this disk does not keep what it is given. Way out: replace it,"
                    + " and let the node come back as an empty member: node.jar rejoin");
        }
    }
}

package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a snapshot is due, and above all when not: two must never be under way at once. */
final class SnapshotScheduleTest {
    private static final List<Entry> ENOUGH = List.of(LineEncoder.noOp(1));

    /**
     * A finished snapshot may wait in the log stage, as {@code snapshot.tmp}, when a leader's is installed. Another one would be
     * written over it, and be adopted half-written in its name.
     */
    @Test
    void anInstallationLeavesTheOrderedOneToItsOwner() {
        SnapshotSchedule schedule = new SnapshotSchedule(1, EntryId.NONE, 0);
        EntryId ordered = new EntryId(7, 1);
        assertThat(schedule.isDue(ENOUGH, 7)).isTrue();
        schedule.onOrdered(ordered);
        schedule.onInstalled(new EntryId(20, 2));
        schedule.onWanted(25);
        assertThat(schedule.isDue(ENOUGH, 25)).isFalse();
        schedule.onWritten(new EntryId(6, 1), 100);
        assertThat(schedule.isDue(ENOUGH, 26)).as("another one was written").isFalse();
        schedule.onWritten(ordered, 0);
        assertThat(schedule.isDue(ENOUGH, 27)).isTrue();
    }

    @Test
    void aSnapshotThatIsThereIsNotMadeAgainForAPeer() {
        SnapshotSchedule schedule = new SnapshotSchedule(1 << 20, new EntryId(10, 1), 0);
        schedule.onWanted(10);
        assertThat(schedule.isWanted(12)).as("found at the start").isFalse();
        schedule.onInstalled(new EntryId(30, 2));
        schedule.onWanted(30);
        assertThat(schedule.isWanted(35)).as("installed").isFalse();
        schedule.onWanted(31);
        assertThat(schedule.isWanted(35)).isTrue();
        schedule.onOrdered(new EntryId(35, 2));
        schedule.onWritten(new EntryId(35, 2), 100);
        schedule.onWanted(35);
        assertThat(schedule.isWanted(40)).as("written").isFalse();
    }
}

package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.util.ArrayList;
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
        SnapshotSchedule schedule = new SnapshotSchedule(1, 0, EntryId.NONE, 0);
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
        SnapshotSchedule schedule = new SnapshotSchedule(1 << 20, 0, new EntryId(10, 1), 0);
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

    /** All members have the same log: in step, all would be busy with a snapshot at once. */
    @Test
    void membersTakeTurns() {
        List<Entry> entry = List.of(LineEncoder.noOp(1));
        int bytes = entry.get(0).length();
        List<SnapshotSchedule> members = new ArrayList<>();
        for (int place = 0; place < 3; place++) {
            double share = SnapshotSchedule.lateShare(place, 3);
            members.add(new SnapshotSchedule(60L * bytes, share, EntryId.NONE, 0));
        }
        List<List<Long>> due = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (long index = 1; index <= 250; index++) {
            EntryId last = new EntryId(index, 1);
            if (index == 200) {
                members.get(0).onInstalled(last);
            }
            for (int place = 0; place < 3; place++) {
                SnapshotSchedule member = members.get(place);
                if (member.isDue(entry, index)) {
                    due.get(place).add(index);
                    member.onOrdered(last);
                    member.onWritten(last, 1);
                }
            }
        }
        assertThat(due.get(0)).as("until another one's is installed, at 200").containsExactly(70L, 130L, 190L);
        assertThat(due.get(1)).containsExactly(90L, 150L, 210L);
        assertThat(due.get(2)).containsExactly(110L, 170L, 230L);
        for (long index = 251; !members.get(0).isDue(entry, index); index++) {
            assertThat(index).isLessThan(269);
        }
    }

    @Test
    void aRestartKeepsTheTurn() {
        List<Entry> entry = List.of(LineEncoder.noOp(1));
        int bytes = entry.get(0).length();
        assertThat(new SnapshotSchedule(60L * bytes, 0.5, EntryId.NONE, 88L * bytes).isDue(entry, 89))
                .as("the first")
                .isFalse();
        assertThat(new SnapshotSchedule(60L * bytes, 0.5, EntryId.NONE, 89L * bytes).isDue(entry, 90))
                .as("the first")
                .isTrue();
        assertThat(new SnapshotSchedule(60L * bytes, 0.5, new EntryId(20, 1), 59L * bytes).isDue(entry, 80))
                .as("a later one")
                .isTrue();
    }
}

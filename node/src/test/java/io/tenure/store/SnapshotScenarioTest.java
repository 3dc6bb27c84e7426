package io.tenure.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyValue;
import io.tenure.entry.LineEncoder;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotValues;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.store.SessionTable.Answer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a snapshot says that is written while the state machine goes on. */
final class SnapshotScenarioTest {
    /**
     * LEASE.md 4, item 34: the label of a snapshot and its content are of the same index, whatever is written between any two
     * values that are read for it: before the place where the pass is, at it, behind it; new keys; the same key again.
     */
    @Test
    void aSnapshotIsTheStateAtItsIndexAndNoSmear() {
        for (int from = 0; from <= 10; from++) {
            StateMachine store = new StateMachine();
            for (int i = 1; i < 10; i += 2) {
                set(store, "k" + i, "old");
            }
            store.advanceTo(5);
            Map<String, String> state = Map.of("k1", "old", "k3", "old", "k5", "old", "k7", "old", "k9", "old");

            Map<String, String> written = new TreeMap<>();
            SnapshotValues values = store.snapshot();
            if (from == 0) {
                overwriteAll(store, "before the pass begins");
            }
            for (int read = 1; values.next(); read++) {
                byte[] found = values.keyValue();
                assertThat(written.put(KeyValue.key(found), KeyValue.value(found)))
                        .isNull();
                if (read >= from) {
                    overwriteAll(store, "after " + read);
                }
            }
            values.close();

            assertThat(written).as("overwritten from %d on", from).isEqualTo(state);
            overwriteAll(store, "later");
            SnapshotValues next = store.snapshot();
            assertThat(next.next()).isTrue();
            assertThat(KeyValue.value(next.keyValue()))
                    .as("the one before leaves nothing behind")
                    .isEqualTo("later");
            next.close();
        }
    }

    /**
     * LEASE.md 4, item 33: the node at which a client asks again has the write from a snapshot, or from the log behind it. It knows
     * each as the one that made the snapshot does, and takes nothing new for a repeat.
     */
    @Test
    void aRepeatIsKnownWhereTheLogCameAsASnapshot() {
        SessionTable leader = new SessionTable(10, 16);
        for (int index = 1; index <= 9; index++) {
            leader.onAppend(index, write(index));
        }
        leader.onCommit(9);
        SnapshotHeader header = new SnapshotHeader(new EntryId(6, 0), 0, leader.evictedUpTo(), leader.tagsLostUpTo());

        SessionTable other = new SessionTable(10, 16);
        other.onAppend(1, LineEncoder.set("k", "replaced", 77, 1, 0));
        other.reset(header);
        leader.recordsUpTo(6).forEach(other::restore);
        for (int index = 7; index <= 9; index++) {
            assertThat(other.lookup(sessionOf(index), 0, index)).isEqualTo(Answer.NEW);
            other.onAppend(index, write(index));
        }
        for (int index = 1; index <= 9; index++) {
            assertThat(other.lookup(sessionOf(index), 0, index)).isEqualTo(Answer.FOUND);
            assertThat(other.foundIndex()).isEqualTo(index);
        }
        assertThat(other.lookup(sessionOf(10), 0, 10)).isEqualTo(Answer.NEW);
        assertThat(other.lookup(77, 0, 1)).as("what the snapshot replaced").isEqualTo(Answer.NEW);
    }

    private static Entry write(int index) {
        return LineEncoder.set("k", "v", sessionOf(index), index, 0);
    }

    private static long sessionOf(int index) {
        return 5L + index % 2;
    }

    private static void set(StateMachine store, String key, String value) {
        byte[] keyValue = KeyValue.of(key, value);
        store.set(KeyValue.keyHash(keyValue), keyValue);
    }

    private static void overwriteAll(StateMachine store, String value) {
        for (int i = 0; i < 10; i++) {
            set(store, "k" + i, value);
        }
        store.advanceTo(store.appliedIndex() + 10);
    }
}

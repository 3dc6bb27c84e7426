package io.tenure.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotOrder;
import io.tenure.handoff.SnapshotTask;
import io.tenure.raft.EntryId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an applier makes of the snapshots that it is to begin. */
final class ApplierTest {
    /** A loaded snapshot may bring more than was asked for; that no other is written then must be told, or none ever is. */
    @Test
    void anOrderForAStateThatIsGoneIsDeclined() {
        StateMachine store = new StateMachine();
        Inbox<ApplyBatch> batches = new Inbox<>(4, () -> {});
        Inbox<SnapshotTask> tasks = new Inbox<>(4, () -> {});
        Applier applier = new Applier(store, batches, new Inbox<>(4, () -> {}), tasks, (index, entry, leader) -> {});
        for (long index : new long[] {1, 2}) {
            batches.offer(batch(index));
            applier.doWork();
            store.finishLoad(2);
        }
        batches.offer(batch(2));
        applier.doWork();
        batches.offer(batch(1));
        applier.doWork();
        List<SnapshotTask> found = new ArrayList<>();
        tasks.drain(found::add, 4);
        assertThat(found).hasSize(4);
        assertThat(found.subList(0, 3)).allMatch(SnapshotTask.Write.class::isInstance);
        assertThat(found.get(3)).isEqualTo(new SnapshotTask.Decline(new EntryId(1, 1)));
    }

    private static ApplyBatch batch(long index) {
        SnapshotOrder order = new SnapshotOrder(new SnapshotHeader(new EntryId(index, 1), 0, 0, 0), List.of());
        return new ApplyBatch(1, 0, true, index, null, List.of(LineEncoder.noOp(1)), order, List.of(), List.of());
    }
}

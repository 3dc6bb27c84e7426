package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Writes whose leader is gone before they are committed: their clients are never told "done" for what somebody else wrote. */
final class LostWriteScenarioTest {
    private final Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(2_000).electionMillis(400, 5_000));

    /**
     * LEASE.md 4, item 35: a leader that is cut off appends a write; the next leader commits another one at the same index, and
     * the first, which has not even noticed, learns of both at once. The index is committed, the write is not.
     */
    @Test
    void anotherLeadersEntryAtTheSameIndexCommits() {
        TestNode old = cluster.elect(0);
        cluster.isolate(0);
        long lost = old.propose("x", "lost");
        long index = old.raft().log().lastIndex();
        TestNode next = cluster.elect(1);
        cluster.advanceUntil(c -> next.raft().commitIndex() >= index, 5_000);
        assertThat(next.lines().get((int) index - 1))
                .isEqualTo("NO-OP " + next.raft().currentTerm());
        cluster.healAll();
        cluster.advanceMillis(100);
        assertThat(old.raft().commitIndex()).isGreaterThanOrEqualTo(index);
        assertThat(old.lines()).isEqualTo(next.lines());
        assertThat(old.fate(lost)).isEqualTo("OUTCOME_UNKNOWN");
    }

    /** LEASE.md 4, item 35: nor when the first leads once more and itself commits what stands there now. */
    @Test
    void theSameNodeLeadsAgainAndCommitsTheIndex() {
        TestNode node = cluster.elect(0);
        cluster.isolate(0);
        long lost = node.propose("x", "lost");
        long repeat = node.await(node.raft().log().lastIndex());
        cluster.elect(1).propose("x", "kept");
        cluster.advanceMillis(2_000);
        cluster.healAll();
        cluster.favour(0);
        cluster.advanceMillis(100);
        cluster.crash(1);
        cluster.elect(0);
        cluster.advanceMillis(2_000);
        assertThat(node.raft().commitIndex()).isEqualTo(node.raft().log().lastIndex());
        assertThat(node.fate(lost)).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(node.fate(repeat)).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(node.appliedLines()).contains("SET x kept 1").doesNotContain("SET x lost 0");
    }
}

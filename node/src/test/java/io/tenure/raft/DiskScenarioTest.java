package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Disks that are slow, stand still, or lose what was never forced: nothing acknowledged is lost, and somebody leads. */
final class DiskScenarioTest {
    private static final long DISK_DEADLINE_MILLIS = 300;
    private static final long ELECTION_MAX_MILLIS = 700;
    private static final long HEARTBEAT_MILLIS = 50;

    private final Cluster cluster = Cluster.of(3);

    /**
     * LEASE.md 4, item 6: entries reach followers whose disks stand still, and heartbeats go on being answered behind them. No
     * answer acknowledges the entries: then all lose power, and nobody has been told anything that is gone.
     */
    @Test
    void heartbeatsBehindAnUnforcedEntryDoNotAcknowledgeIt() {
        TestNode leader = cluster.elect(0);
        cluster.node(1).diskIsFast = false;
        cluster.node(2).diskIsFast = false;
        long write = leader.propose("x", "1");
        cluster.advanceMillis(4 * HEARTBEAT_MILLIS);
        assertThat(leader.isLeased()).as("heartbeats are answered").isTrue();
        assertThat(cluster.node(1).lines()).as("and the entry has come").hasSize(2);
        assertThat(leader.fate(write)).isEqualTo("WAITING");
        for (TestNode node : cluster.nodes()) {
            cluster.crash(node.id);
            node.diskIsFast = true;
        }
        cluster.restart(1);
        cluster.restart(2);
        cluster.advanceUntil(c -> c.leader() != null, 2 * ELECTION_MAX_MILLIS);
        assertThat(cluster.leader().lines()).as("it may be gone").noneMatch(line -> line.startsWith("SET"));
    }

    /**
     * LEASE.md 4, item 7: the leader sends its entry while its own force is under way, one follower has it, and then that force
     * fails, which ends the node. What it had not forced never counted; and when it leads again, without that entry, the index
     * gets another term, so that no two entries have the same name.
     */
    @Test
    void aLeaderWhoseOwnForceFailsNeitherCountsItselfNorNamesTwoEntriesAlike() {
        TestNode leader = cluster.elect(0);
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        leader.diskIsFast = false;
        cluster.cutBoth(0, 2);
        long write = leader.propose("x", "lost");
        leader.takeWrite();
        cluster.settle();
        assertThat(cluster.node(1).durableLines()).containsExactly("NO-OP 0", "SET x lost 0");
        assertThat(leader.fate(write)).as("one of three has it").isEqualTo("WAITING");

        cluster.crash(0);
        leader.diskIsFast = true;
        cluster.healAll();
        cluster.isolate(1);
        cluster.favour(0);
        cluster.restart(0);
        assertThat(leader.lines()).containsExactly("NO-OP 0");
        cluster.elect(0);
        long term = leader.raft().currentTerm();
        long other = leader.propose("x", "kept");
        cluster.settle();
        assertThat(leader.fate(other)).isEqualTo("READY");
        cluster.healAll();
        cluster.advanceMillis(5_000);
        TestNode last = cluster.leader();
        assertThat(cluster.nodes())
                .allSatisfy(node ->
                        assertThat(node.durableLines()).startsWith("NO-OP 0", "NO-OP " + term, "SET x kept " + term))
                .allSatisfy(node -> assertThat(node.durableLines()).isEqualTo(last.durableLines()));
    }

    /**
     * LEASE.md 4, item 31: the disk of the leader stands still for ten election timeouts while its network works. It gives up
     * after the deadline, another one leads within an election timeout, and whatever was acknowledged is there.
     */
    @Test
    void aLeaderWithABusyDiskThatStandsStillIsReplaced() {
        TestNode old = cluster.elect(0);
        long before = old.propose("x", "1");
        cluster.settle();
        old.diskIsFast = false;
        long during = old.propose("x", "2");
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        assertThat(old.fate(during)).as("two followers are a majority").isEqualTo("READY");
        cluster.advanceUntil(
                c -> c.node(1).isLeader() || c.node(2).isLeader(),
                DISK_DEADLINE_MILLIS + ELECTION_MAX_MILLIS + HEARTBEAT_MILLIS);
        TestNode next = cluster.leader();
        long after = next.propose("x", "3");
        cluster.advanceMillis(9 * ELECTION_MAX_MILLIS);
        assertThat(next.isLeader()).as("all the time").isTrue();
        assertThat(old.isLeader()).isFalse();
        assertThat(old.fate(before)).isEqualTo("READY");
        assertThat(next.fate(after)).isEqualTo("READY");
        assertThat(next.appliedLines()).contains("SET x 1 0", "SET x 2 0");

        old.forceAll();
        old.diskIsFast = true;
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        assertThat(old.durableLines()).as("it follows").isEqualTo(next.durableLines());
    }

    /** LEASE.md 4, item 31: the same with nothing to write; the leader finds out by proving its disk. */
    @Test
    void anIdleLeaderWhoseDiskStandsStillIsReplaced() {
        TestNode old = cluster.elect(0);
        cluster.advanceMillis(HEARTBEAT_MILLIS);
        old.diskIsFast = false;
        cluster.advanceUntil(
                c -> c.node(1).isLeader() || c.node(2).isLeader(),
                ELECTION_MAX_MILLIS + DISK_DEADLINE_MILLIS + ELECTION_MAX_MILLIS + HEARTBEAT_MILLIS);
        assertThat(old.isLeader()).isFalse();
    }

    /**
     * LEASE.md 4, item 38: a follower whose disk is slow, though not yet past its deadline, hears its leader all the same, and does
     * not help a node that has lost the leader to replace it.
     */
    @Test
    void aFollowerWithASlowDiskKnowsThatItsLeaderLives() {
        Tuning tuning = Tuning.of(3);
        tuning.diskDeadlineMillis = 10 * ELECTION_MAX_MILLIS;
        Cluster slow = new Cluster(tuning);
        TestNode leader = slow.elect(0);
        slow.node(1).diskIsFast = false;
        leader.propose("x", "1");
        slow.settle();
        slow.cutBoth(0, 2);
        slow.advanceMillis(9 * ELECTION_MAX_MILLIS);
        assertThat(slow.node(1).isWriting() || slow.node(1).takeWrite()).isTrue();
        assertThat(slow.node(2).eventKinds()).contains(Event.Kind.ELECTION_TIMEOUT);
        assertThat(leader.isLeader()).isTrue();
        assertThat(slow.nodes()).allMatch(node -> node.raft().currentTerm() == 0);
    }
}

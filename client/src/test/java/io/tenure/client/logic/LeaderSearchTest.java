package io.tenure.client.logic;

import static io.tenure.client.logic.LogicScript.reply;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.client.logic.LogicScript.Sent;
import io.tenure.protocol.proto.Outcome;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Finding the leader, and not being led in circles. */
class LeaderSearchTest {
    private final LogicScript world = new LogicScript(1);

    @Test
    void followsAHintAtOnceAndRemembersTheLeader() {
        world.get("a");
        Sent first = world.next();
        int leader = (first.node() + 2) % 3;
        world.notLeader(first, leader);
        Sent second = world.next();
        assertThat(second.node()).isEqualTo(leader);
        world.done(second);
        world.get("b");
        assertThat(world.next().node()).isEqualTo(leader);
    }

    @Test
    void hintsInACircleArePausedAndEndInAskingEverybody() {
        long get = world.get("a");
        Set<Integer> asked = new TreeSet<>();
        int requests = 0;
        while (!world.results.containsKey(get)) {
            while (!world.sent.isEmpty()) {
                Sent sent = world.next();
                asked.add(sent.node());
                requests++;
                world.notLeader(sent, sent.node() == 0 ? 1 : 0);
            }
            world.pass(1);
        }
        assertThat(asked).containsExactly(0, 1, 2);
        assertThat(requests).as("in 10 s").isBetween(30, 400);
    }

    @Test
    void aNodeThatNamesItselfIsNotBelieved() {
        world.get("a");
        Sent first = world.next();
        world.notLeader(first, first.node());
        assertThat(world.sent).isEmpty();
        world.pass(20);
        assertThat(world.next().node()).isNotEqualTo(first.node());
    }

    @Test
    void aTimeOutDropsTheLeaderAndItsHintsAreNotFollowedForAWhile() {
        world.get("a");
        Sent first = world.next();
        int stopped = first.node();
        world.pass(1_000);
        Sent elsewhere = world.next();
        assertThat(elsewhere.node()).isNotEqualTo(stopped);
        world.notLeader(elsewhere, stopped);
        assertThat(world.sent).as("no hint to a silent node is followed").isEmpty();
        world.pass(20);
        Sent third = world.next();
        assertThat(third.node()).isNotIn(stopped, elsewhere.node());
        world.done(third);
        world.get("c");
        assertThat(world.next().node()).isEqualTo(third.node());
    }

    @Test
    void aLeaderThatFallsSilentIsLeftLongBeforeTheTimeOut() {
        Sent leader = aLeaderAnsweringIn(10);
        long get = world.get("b");
        Sent silent = world.next();
        world.pass(249);
        assertThat(world.sent).isEmpty();
        world.pass(1);
        Sent elsewhere = world.next();
        assertThat(elsewhere.node()).isNotEqualTo(leader.node());
        world.notLeader(elsewhere, leader.node());
        assertThat(world.sent).as("no hint to a silent node is followed").isEmpty();
        world.done(silent);
        assertThat(world.results).as("a late answer is as good").containsKey(get);
    }

    @Test
    void aLeaderWhoseAnswersTakeLongIsGivenLonger() {
        aLeaderAnsweringIn(200);
        world.get("b");
        world.next();
        world.pass(799);
        assertThat(world.sent).isEmpty();
        world.pass(1);
        assertThat(world.sent).isNotEmpty();
    }

    @Test
    void aLeaderThatAnswersOthersIsNotSilent() {
        aLeaderAnsweringIn(10);
        world.get("slow");
        world.next();
        for (int i = 0; i < 9; i++) {
            world.get("fast");
            Sent fast = world.next();
            world.pass(100);
            world.done(fast);
        }
        assertThat(world.sent).isEmpty();
    }

    @Test
    void othersAreConnectedToAsSoonAsThereIsALeader() {
        aLeaderAnsweringIn(10);
        assertThat(world.connections).containsOnlyKeys(0, 1, 2);
    }

    private Sent aLeaderAnsweringIn(long millis) {
        world.get("a");
        Sent first = world.next();
        world.pass(millis);
        world.done(first);
        return first;
    }

    @Test
    void aSlowButAudibleLeaderIsReturnedToByHint() {
        world.get("a");
        Sent slow = world.next();
        for (int i = 0; i < 5; i++) {
            world.pass(180);
            world.get("b" + i);
            world.done(world.next());
        }
        world.pass(100);
        Sent elsewhere = world.next();
        assertThat(elsewhere.node()).isNotEqualTo(slow.node());
        world.notLeader(elsewhere, slow.node());
        assertThat(world.next().node()).as("it answered something since").isEqualTo(slow.node());
    }

    @Test
    void doesNotPileUpCopiesOnASilentConnection() {
        world.get("a");
        Sent first = world.next();
        for (int node = 0; node < 3; node++) {
            if (node != first.node()) {
                world.down.add(node);
            }
        }
        world.pass(2_900);
        assertThat(world.connects).as("the others were tried").hasSizeGreaterThan(3);
        assertThat(world.sent).isEmpty();
        world.pass(3_000);
        assertThat(world.next().connection()).as("a new connection, a new copy").isNotEqualTo(first.connection());
    }

    @Test
    void aConnectionSilentForThreeTimeOutsIsGivenUp() {
        world.get("a");
        Sent first = world.next();
        world.pass(2_999);
        assertThat(world.closed).doesNotContain(first.node());
        world.pass(1);
        assertThat(world.closed).contains(first.node());
    }

    @Test
    void aRefusedConnectionLeadsToTheNextNodeAndIsTriedAgainLater() {
        world.accepting(false);
        world.get("a");
        int first = world.connects.get(0);
        world.disconnect(first);
        int second = world.connects.get(1);
        assertThat(second).isNotEqualTo(first);
        world.disconnect(second);
        int third = world.connects.get(2);
        world.disconnect(third);
        assertThat(world.connects).as("all are in back-off").hasSize(3);
        world.pass(20);
        assertThat(world.connects).hasSizeGreaterThan(3);
    }

    @Test
    void anAddressThatOnlyAHintKnowsIsTried() {
        world.get("a");
        Sent first = world.next();
        world.answer(
                first, reply(first.node(), Outcome.NOT_LEADER).setLeaderId(9).setLeaderAddress("far.example:7209"));
        assertThat(world.next().node()).isEqualTo(3);
        assertThat(world.logic.addresses()).endsWith("far.example:7209");
    }

    @Test
    void aHintThatIsNoAddressIsIgnored() {
        for (String address :
                new String[] {"", ":1", "h", "h:", "h:0", "h:65536", "h:1x", "h:123456", "::1:7200", " :1", "[]:1"}) {
            assertThat(LeaderSearch.isAddress(address)).as(address).isFalse();
        }
        assertThat(LeaderSearch.isAddress("[::1]:7200")).isTrue();
    }

    @Test
    void aBusyNodeThatDoesNotLeadIsLeftForAnother() {
        world.get("a");
        Sent first = world.next();
        int leader = (first.node() + 2) % 3;
        world.answer(
                first,
                reply(first.node(), Outcome.BUSY)
                        .setLeaderId(leader)
                        .setLeaderAddress(LogicScript.ADDRESSES.get(leader)));
        world.pass(10);
        assertThat(world.next().node()).isEqualTo(leader);
    }

    @Test
    void aBusyLeaderIsAskedAgain() {
        world.get("a");
        Sent first = world.next();
        world.answer(first, reply(first.node(), Outcome.BUSY).setLeaderId(first.node()));
        world.pass(10);
        assertThat(world.next().node()).isEqualTo(first.node());
    }

    @Test
    void aNodeOfAnotherClusterIsRefused() {
        world.accepting(false);
        world.get("a");
        int first = world.connects.get(0);
        world.welcome(first);
        world.notLeader(world.next(), -1);
        world.pass(20);
        int second = world.connects.get(1);
        world.logic.connected(
                world.now,
                world.connections.get(second),
                LogicScript.hello(second).setClusterId("other").build());
        world.absorb();
        assertThat(world.closed).containsExactly(second);
        assertThat(world.sent).isEmpty();
    }

    @Test
    void newsOfAnOldConnectionIsNotTakenForNewsOfTheNewOne() {
        world.get("a");
        Sent first = world.next();
        world.disconnect(first.node());
        Sent second = world.next();
        world.disconnect(second.node());
        Sent third = world.next();
        world.logic.disconnected(world.now, first.connection(), "late");
        world.absorb();
        world.done(third);
        assertThat(world.results).hasSize(1);
    }
}

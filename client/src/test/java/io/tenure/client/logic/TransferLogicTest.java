package io.tenure.client.logic;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.client.logic.Result.Failure;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Outcome;
import org.junit.jupiter.api.Test;

/** Leadership moved by a client, and clients while it moves. */
final class TransferLogicTest {
    private final LogicScript world = new LogicScript(1);

    @Test
    void aTransferGoesToTheLeaderAndMayTakeAsLongAsTheCall() {
        long transfer = world.transfer(2);
        LogicScript.Sent first = world.next();
        world.notLeader(first, (first.node() + 1) % 3);
        LogicScript.Sent second = world.next();
        assertThat(second.node()).isEqualTo((first.node() + 1) % 3);
        assertThat(second.request().getTransfer().getTarget()).isEqualTo(2);
        world.pass(2_500);
        assertThat(world.sent).as("no second attempt beside it").isEmpty();
        world.answer(second, leading(second.node(), 2));
        assertThat(world.results.get(transfer)).isEqualTo(new Result.Transferred(2, 3));
    }

    @Test
    void theNextRequestGoesToWhoeverLeadsNow() {
        world.transfer(2);
        LogicScript.Sent sent = world.next();
        world.notLeader(sent, 0);
        LogicScript.Sent atLeader = world.sent.isEmpty() ? sent : world.next();
        world.answer(atLeader, leading(atLeader.node(), 2).setLeaderAddress(LogicScript.ADDRESSES.get(2)));
        world.get("a");
        assertThat(world.next().node()).isEqualTo(2);
    }

    @Test
    void whatTheLeaderRefusesIsCertainlyNotDone() {
        long transfer = world.transfer(2);
        LogicScript.Sent sent = world.next();
        world.answer(
                sent, LogicScript.reply(sent.node(), Outcome.NOT_TRANSFERRED).setReason("it is too far behind"));
        assertThat(world.failed(transfer).failure()).isEqualTo(Failure.NOT_DONE);
        assertThat(world.failed(transfer).reason()).isEqualTo("not done: it is too far behind");
    }

    @Test
    void aStrangerIsInvalid() {
        long transfer = world.transfer(9);
        LogicScript.Sent sent = world.next();
        world.answer(sent, LogicScript.reply(sent.node(), Outcome.INVALID).setReason("no such member"));
        assertThat(world.failed(transfer).failure()).isEqualTo(Failure.INVALID);
    }

    /** Asked again, the next leader would hand over as well. */
    @Test
    void withoutATargetALostAnswerIsNotAskedForAgain() {
        long transfer = world.transfer(Operation.ANY);
        LogicScript.Sent sent = world.next();
        assertThat(sent.request().getTransfer().hasTarget()).isFalse();
        world.disconnect(sent.node());
        world.pass(1_000);
        assertThat(world.sent).isEmpty();
        assertThat(world.failed(transfer).failure()).isEqualTo(Failure.UNKNOWN);
    }

    @Test
    void withATargetALostAnswerIsAskedForAgain() {
        long transfer = world.transfer(2);
        LogicScript.Sent sent = world.next();
        world.disconnect(sent.node());
        world.pass(100);
        LogicScript.Sent again = world.next();
        assertThat(again.request().getTransfer().getTarget()).isEqualTo(2);
        world.answer(
                again, LogicScript.reply(again.node(), Outcome.NOT_TRANSFERRED).setReason("under way"));
        assertThat(world.failed(transfer).failure())
                .as("the first attempt may have had it moved")
                .isEqualTo(Failure.UNKNOWN);
    }

    private static ClientReply.Builder leading(int node, int leader) {
        return LogicScript.reply(node, Outcome.DONE).setLeaderId(leader);
    }
}

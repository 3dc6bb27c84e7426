package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.Inbox;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Room for what the disk tells the core (DESIGN.md, D8). */
final class CompletionsTest {
    private final Inbox<Input> completions = new Inbox<>(RaftRings.COMPLETIONS_MAX, () -> {});

    /** However often peers ask for repairs, the core's own reads find room. */
    @Test
    void whatPeersAskTakesNoRoomOfTheCore() {
        Input.RepairRead answer = new Input.RepairRead(
                1,
                new Message.RepairReply(
                        1,
                        9,
                        new Message.RepairEntries(10, 1, List.of()),
                        null,
                        new Message.RepairCopy(false, false, 0)));
        for (int i = 0; i < 10 * RaftRings.COMPLETIONS_MAX; i++) {
            NodeAssembly.offerCompletion(completions, answer);
        }
        Input.Fetched fetched = new Input.Fetched(1, 1, List.of());
        for (int i = 0; i < RaftRings.COMPLETIONS_RESERVED; i++) {
            NodeAssembly.offerCompletion(completions, fetched);
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < RaftRings.COMPLETIONS_MAX; i++) {
                        NodeAssembly.offerCompletion(completions, fetched);
                    }
                })
                .hasMessage("more completions than requests for them");
        assertThat(completions.isEmpty()).isFalse();
    }
}

package io.tenure.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small scopes, explored to the end; and that what makes states equal is sound. */
class ExplorerTest {
    private static final long NANOS_MAX = 600_000_000_000L;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--terms 1 --commands 1 --crashes 0 --ticks 0 --slow-disk 1",
                "--terms 1 --commands 0 --crashes 1 --ticks 1",
                "--terms 1 --commands 0 --crashes 0 --ticks 1 --skew 1",
                "--terms 1 --commands 1 --crashes 0 --ticks 0 --quorum-reads 1",
                "--terms 1 --commands 0 --crashes 0 --ticks 0 --pre-votes 1",
                "--terms 2 --commands 0 --crashes 0 --ticks 0",
                "--terms 2 --commands 0 --crashes 1 --ticks 0 --elections 2 --strict 1"
            })
    void everyInvariantHoldsInEveryState(String arguments) {
        ExplorerResult result = explore(arguments);

        assertThat(result.violation()).as("%s%n%s", arguments, result.story()).isNull();
        assertThat(result.isExhausted()).as("%s%n%s", arguments, result).isTrue();
    }

    /** The lease read of D7 in steps, with publishing, handing over and applying in steps as well. */
    @Test
    void aSteppedReadIsFreshWhateverHappensBetweenItsSteps() {
        ExplorerResult result = explore("--terms 1 --elections 1 --commands 1 --crashes 0 --ticks 0 --stepped-reads 1");

        assertThat(result.violation()).as("%s", result.story()).isNull();
        assertThat(result.isExhausted()).isTrue();
    }

    /** Were the core to care for names, some configuration would have no counterpart under another name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--terms 2 --elections 2 --commands 0 --crashes 0 --ticks 0",
                "--terms 1 --commands 0 --crashes 0 --ticks 1 --skew 1"
            })
    void namesOfNodesDoNotMatter(String arguments) {
        ExplorerResult merged = explore(arguments);
        ExplorerResult apart = explore(arguments + " --distinct 1");

        assertThat(merged.represented()).isEqualTo(apart.configurations());
        assertThat(merged.configurations()).isLessThan(apart.configurations());
    }

    /** With the nearest states first, other ones are covered, and the same are found in the end. */
    @Test
    void theOrderDoesNotMatter() {
        String arguments = "--terms 2 --elections 2 --commands 0 --crashes 0 --ticks 0";

        ExplorerResult deep = explore(arguments);
        ExplorerResult broad = explore(arguments + " --broad 1");

        assertThat(deep.configurations()).isEqualTo(broad.configurations());
    }

    @Test
    void aLimitThatIsReachedIsNotExhaustion() {
        ExplorerResult result = new Explorer(scope("--terms 2")).run(100, NANOS_MAX, progress -> {});

        assertThat(result.waiting()).isPositive();
        assertThat(result.isExhausted()).isFalse();
        assertThat(result.toString()).contains("not exhausted");
    }

    /** A field of the core that is treated in a way of its own, and is renamed, would go back to being written as it is. */
    @Test
    void theFieldsThatTheCanonicalFormKnowsExist() throws ClassNotFoundException {
        for (String name : CanonicalForm.treated()) {
            String type = name.substring(0, name.indexOf('.'));
            String field = name.substring(name.indexOf('.') + 1);
            assertThat(CanonicalForm.classNamed(type).getDeclaredFields())
                    .as(name)
                    .anyMatch(each -> each.getName().equals(field));
        }
    }

    @Test
    void aMessageThatMayStillTellOfALaterTermIsNotDead() {
        NodeRun node = new NodeRun(new Scope(), new Event.Boot(0, 0));
        Facts facts = new Facts(node);
        Message reply = new Message.AppendEntryReply(0, 0, false, false, 0, 0, EntryId.NONE, false);
        Message old = new Message.AppendEntryReply(-1, 1, true, true, 0, 0, EntryId.NONE, false);

        assertThat(LocalStates.isDead(reply, facts)).isFalse();
        assertThat(LocalStates.isDead(old, facts)).isTrue();
    }

    @Test
    void aLogIsANumber() {
        long log = Entries.pack(List.of(Entries.noOp(0), Entries.write(2, 1)));

        assertThat(Entries.length(log)).isEqualTo(2);
        assertThat(Entries.termAt(log, 2)).isEqualTo(1);
        assertThat(Entries.numberAt(log, 2)).isEqualTo(2);
        assertThat(Entries.toText(Entries.prefix(log, 1))).isEqualTo("[no-op/0]");
    }

    private static ExplorerResult explore(String arguments) {
        return new Explorer(scope(arguments)).run(Integer.MAX_VALUE, NANOS_MAX, progress -> {});
    }

    private static Scope scope(String arguments) {
        Scope scope = new Scope();
        String[] words = arguments.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            assertThat(scope.set(words[i], Integer.parseInt(words[i + 1])))
                    .as(Arrays.toString(words))
                    .isTrue();
        }
        return scope;
    }
}

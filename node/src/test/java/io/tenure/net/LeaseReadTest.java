package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyHash;
import io.tenure.entry.KeyValue;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Lease;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of LEASE.md 3.7, and what may happen between any two steps of a read. */
class LeaseReadTest {
    private static final int STEPS = 5;
    private static final long END_NANOS = 1_000;

    private Lease published = lease(4, 0, END_NANOS, 10);
    private long nowNanos;
    private long appliedIndex = 10;
    private final Map<String, String> map = new HashMap<>(Map.of("x", "old"));
    private final LeaseRead read = new LeaseRead(
            () -> published,
            new StoreReader() {
                @Override
                public long appliedIndex() {
                    return appliedIndex;
                }

                @Override
                public byte[] find(byte[] key) {
                    String text = new String(key, StandardCharsets.UTF_8);
                    return map.containsKey(text) ? KeyValue.of(text, map.get(text)) : null;
                }
            },
            () -> nowNanos,
            KeyHash::of);

    @Test
    void aLeasedLeaderAnswersAlone() {
        assertThat(read("x")).isTrue();
        assertThat(KeyValue.value(read.keyValue())).isEqualTo("old");
        assertThat(read.index()).isEqualTo(10);
        assertThat(read.term()).isEqualTo(4);
    }

    @Test
    void anAbsentKeyIsAnAnswerToo() {
        assertThat(read("absent")).isTrue();
        assertThat(read.keyValue()).isNull();
    }

    @Test
    void withoutALeaseThereIsNoAnswer() {
        published = null;

        assertThat(read("x")).isFalse();
    }

    @Test
    void theLeaseEndsAtItsEndNotAfterIt() {
        nowNanos = END_NANOS - 1;
        assertThat(read("x")).isTrue();

        nowNanos = END_NANOS;
        assertThat(read("x")).isFalse();
    }

    @Test
    void theClockMayWrapAround() {
        published = lease(4, 0, Long.MIN_VALUE + 5, 10);
        nowNanos = Long.MAX_VALUE;
        assertThat(read("x")).isTrue();

        nowNanos = Long.MIN_VALUE + 5;
        assertThat(read("x")).isFalse();
    }

    @Test
    void aKeyInLimboIsNotCovered() {
        published = new Lease(4, 0, END_NANOS, 10, Lease.Limbo.of(new long[] {KeyHash.of("x")}));

        assertThat(read("x")).isFalse();
        assertThat(read("y")).isTrue();
    }

    @Test
    void allKeysMayBeInLimbo() {
        published = new Lease(4, 0, END_NANOS, 10, Lease.Limbo.ALL);

        assertThat(read("y")).isFalse();
    }

    @Test
    void whatTheLeaseRestsOnMustBeApplied() {
        appliedIndex = 9;
        assertThat(read("x")).isFalse();

        appliedIndex = 10;
        assertThat(read("x")).isTrue();
    }

    /** LEASE.md 4 #15 and #28: the lease is given up, then another leader commits; the read must not tell the old value. */
    @Test
    void aLeaseGivenUpBetweenAnyTwoStepsLeavesNoAnswer() {
        for (int before = 0; before < STEPS; before++) {
            published = lease(4, 0, END_NANOS, 10);
            runSteps(before);

            published = null;

            finish();
            assertThat(read.answered())
                    .as("given up before step %d", before + 1)
                    .isFalse();
        }
    }

    @Test
    void aLeaseLostAndWonAgainBetweenAnyTwoStepsLeavesNoAnswerFromBefore() {
        for (int before = 1; before < STEPS; before++) {
            for (Lease again : List.of(lease(5, 0, 9_000, 10), lease(4, 1, 9_000, 10))) {
                published = lease(4, 0, END_NANOS, 10);
                runSteps(before);

                published = again;

                finish();
                assertThat(read.answered())
                        .as("%s before step %d", again, before + 1)
                        .isFalse();
            }
        }
    }

    @Test
    void aLeaseCutShortBetweenAnyTwoStepsIsAsShortAsItIsNow() {
        nowNanos = 500;
        for (int before = 0; before < STEPS; before++) {
            published = lease(4, 0, END_NANOS, 10);
            runSteps(before);

            published = lease(4, 0, 500, 10);

            finish();
            assertThat(read.answered())
                    .as("cut short before step %d", before + 1)
                    .isFalse();
        }
    }

    @Test
    void aRenewalBetweenAnyTwoStepsDoesNotDisturb() {
        for (int before = 0; before <= STEPS; before++) {
            published = lease(4, 0, END_NANOS, 10);
            runSteps(before);

            published = lease(4, 0, 2 * END_NANOS, 10);

            finish();
            assertThat(read.answered()).as("renewed before step %d", before + 1).isTrue();
        }
    }

    /** LEASE.md 4 #29: the process stands still for longer than the lease. */
    @Test
    void aPauseBeforeTheClockIsReadLeavesNoAnswerAndAfterItIsHarmless() {
        int clockStep = 3;
        for (int before = 0; before <= STEPS; before++) {
            nowNanos = 0;
            published = lease(4, 0, END_NANOS, 10);
            runSteps(before);

            nowNanos = END_NANOS;

            finish();
            assertThat(read.answered()).as("paused before step %d", before + 1).isEqualTo(before > clockStep);
        }
    }

    /**
     * The world as a whole: at some step this node loses the lease, by time or by giving it up, and another leader commits
     * a new value right after, which this node does not see. Whatever is answered must have been the newest value at some
     * instant of the read.
     */
    @Test
    void noAnswerIsOlderThanTheReadItself() {
        List<String> answered = new ArrayList<>();
        for (int lossBefore = 0; lossBefore <= STEPS; lossBefore++) {
            for (boolean byTime : new boolean[] {true, false}) {
                nowNanos = 0;
                published = lease(4, 0, END_NANOS, 10);
                boolean newValueExistsAtStart = lossBefore == 0;
                runSteps(lossBefore);
                if (byTime) {
                    nowNanos = END_NANOS;
                } else {
                    published = null;
                }
                finish();
                if (read.answered()) {
                    answered.add(lossBefore + (byTime ? " by time" : " given up"));
                    assertThat(newValueExistsAtStart).isFalse();
                }
            }
        }
        assertThat(answered).containsExactly("4 by time", "5 by time", "5 given up");
    }

    private boolean read(String key) {
        return read.read(utf8(key));
    }

    private static byte[] utf8(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private void runSteps(int count) {
        read.start(utf8("x"));
        for (int i = 0; i < count; i++) {
            read.advance();
        }
    }

    private void finish() {
        for (int i = 0; i < STEPS; i++) {
            read.advance();
        }
    }

    private static Lease lease(long term, long epoch, long endNanos, long floor) {
        return new Lease(term, epoch, endNanos, floor, Lease.Limbo.NONE);
    }
}

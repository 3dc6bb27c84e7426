package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Freshness;
import io.tenure.raft.FreshnessOf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a node may answer from its own data (LEASE.md, 3.13). */
class LocalReadTest {
    private static final long MILLI = 1_000_000;
    private static final byte[] KEY = "x".getBytes(StandardCharsets.UTF_8);

    private Freshness freshness = FreshnessOf.confirmed(100 * MILLI, 10);
    private long appliedIndex = 10;
    private long nowNanos = 199 * MILLI;
    private final LocalRead read = new LocalRead(() -> freshness, new Store(), () -> nowNanos, 0.01);

    @Test
    void theAgeIsStretchedAsTheClockMayBeSlow() {
        assertThat(read.read(KEY, 0, 100)).isTrue();
        assertThat(read.ageMillis()).isEqualTo(100);
        assertThat(KeyValue.value(read.keyValue())).isEqualTo("new");

        nowNanos++;
        assertThat(read.read(KEY, 0, 100)).isFalse();
        assertThat(read.ageMillisNow()).isEqualTo(101);
    }

    @Test
    void whatIsNotAppliedIsNotFresh() {
        appliedIndex = 9;
        assertThat(read.read(KEY, 0, 1000)).isFalse();
        assertThat(read.read(KEY, 0, LocalRead.ANY_AGE)).isTrue();
        assertThat(read.ageMillis()).isEqualTo(LocalRead.UNKNOWN_AGE);
    }

    @Test
    void withoutAWordOfALeaderNothingIsFresh() {
        freshness = null;
        assertThat(read.read(KEY, 0, 1000)).isFalse();
        assertThat(read.ageMillisNow()).isEqualTo(LocalRead.UNKNOWN_AGE);
    }

    @Test
    void aSessionIsAnsweredOnceItsIndexIsApplied() {
        assertThat(read.read(KEY, 11, LocalRead.ANY_AGE)).isFalse();
        appliedIndex = 11;
        assertThat(read.read(KEY, 11, LocalRead.ANY_AGE)).isTrue();
        assertThat(read.index()).isEqualTo(12);
    }

    /** The next entry is being applied. */
    private final class Store implements StoreReader {
        @Override
        public long appliedIndex() {
            return appliedIndex;
        }

        @Override
        public long reflectedIndex() {
            return appliedIndex + 1;
        }

        @Override
        public byte[] find(byte[] key) {
            return KeyValue.of("x", "new");
        }
    }
}

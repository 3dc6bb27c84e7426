package io.tenure.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.bench.process.Await;
import io.tenure.history.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void gapsInWritesAndReadsAreToldApart() throws Exception {
        write();
        read();
        tally.resetGaps();
        Await.pause(Duration.ofMillis(40));
        read();
        Await.pause(Duration.ofMillis(40));
        write();
        read();
        assertThat(tally.longestWriteGapNanos()).isGreaterThanOrEqualTo(80_000_000);
        assertThat(tally.longestReadGapNanos())
                .isGreaterThanOrEqualTo(40_000_000)
                .isLessThan(tally.longestWriteGapNanos());
        assertThat(tally.acknowledged()).isEqualTo(5);
    }

    @Test
    void onlyWhatWasAcknowledgedCounts() {
        tally.add(Operation.unknownWrite("c", "k", "v", 1));
        tally.add(Operation.failedWrite("c", "k", "w", 1, 2));
        tally.addUncounted(Operation.read("c", "k", null, 1, 2));
        assertThat(tally.acknowledged()).isZero();
        assertThat(tally.history().operations()).hasSize(3);
    }

    @Test
    void bothKindsAreWaitedFor() {
        write();
        assertThatThrownBy(() -> tally.awaitMore(1, Duration.ofMillis(50), () -> "Why?"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not within 50 ms: 1 writes and reads of clients. Why?");
    }

    private void write() {
        tally.add(Operation.write("c", "k", "v", 1, 2));
    }

    private void read() {
        tally.add(Operation.read("c", "k", "v", 1, 2));
    }
}

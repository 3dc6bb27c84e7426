package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How new a follower's data are (LEASE.md, 3.13). */
class StampsTest {
    private static final long MILLI = 1_000_000;

    private final Stamps stamps = new Stamps(new SplittableRandom(1));

    @Test
    void theAgeCountsFromTheSendingWheneverTheEchoComes() {
        long first = stamps.next(10 * MILLI);
        stamps.next(50 * MILLI);
        stamps.onEcho(new Message.Echo(first, 7), 7);
        assertThat(stamps.freshness().sinceNanos(7)).hasValue(10 * MILLI);
    }

    @Test
    void whatIsSentWithinAMillisecondCountsFromTheFirst() {
        long first = stamps.next(10 * MILLI);
        assertThat(stamps.next(10 * MILLI + 1)).isEqualTo(first);
        assertThat(stamps.next(11 * MILLI)).isNotEqualTo(first);
    }

    @Test
    void dataThatLackTheLeadersEntriesAreAsOldAsBefore() {
        stamps.onEcho(new Message.Echo(stamps.next(10 * MILLI), 7), 7);
        stamps.onEcho(new Message.Echo(stamps.next(20 * MILLI), 9), 7);
        assertThat(stamps.freshness().sinceNanos(6)).isEmpty();
        assertThat(stamps.freshness().sinceNanos(8)).hasValue(10 * MILLI);
        assertThat(stamps.freshness().sinceNanos(9)).hasValue(20 * MILLI);
    }

    @Test
    void anEchoOfAnEarlierLifeMeansNothing() {
        long earlier = new Stamps(new SplittableRandom(2)).next(MILLI);
        stamps.next(10 * MILLI);
        stamps.onEcho(new Message.Echo(earlier, 7), 7);
        assertThat(stamps.freshness()).isNull();
    }

    @Test
    void aFollowerThatLagsForeverKeepsTheNewestThatItHas() {
        for (int i = 0; i < 1000; i++) {
            stamps.onEcho(new Message.Echo(stamps.next(i * MILLI), i), 3);
        }
        assertThat(stamps.freshness().sinceNanos(3)).hasValue(3 * MILLI);
        assertThat(stamps.freshness().sinceNanos(999)).hasValue(999 * MILLI);
    }
}

package io.tenure.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import io.tenure.store.SessionTable.Answer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final long SESSION = 7;
    private static final int WINDOW = 8;

    private final SessionTable table = new SessionTable(3, WINDOW);

    @Test
    void aPairInTheLogIsFoundAtItsIndex() {
        append(table, 5, SESSION, 1);

        assertThat(table.lookup(SESSION, 4, 1)).isEqualTo(Answer.FOUND);
        assertThat(table.foundIndex()).isEqualTo(5);
        assertThat(table.lookup(SESSION, 4, 2)).isEqualTo(Answer.NEW);
    }

    /** A client chooses its numbers: the largest one must not stop the node. */
    @Test
    void theLargestNumberIsANumberLikeAnyOther() {
        append(table, 1, SESSION, 1);
        append(table, 2, SESSION, Long.MAX_VALUE - 1);
        append(table, 3, SESSION, Long.MAX_VALUE);

        assertThat(table.lookup(SESSION, 0, Long.MAX_VALUE)).isEqualTo(Answer.FOUND);
        assertThat(table.foundIndex()).isEqualTo(3);
        assertThat(table.lookup(SESSION, 0, Long.MAX_VALUE - 1)).isEqualTo(Answer.FOUND);
        assertThat(table.lookup(SESSION, 0, Long.MAX_VALUE - 2)).isEqualTo(Answer.NEW);
        assertThat(table.lookup(SESSION, 0, 1)).isEqualTo(Answer.NUMBER_TOO_OLD);
    }

    @Test
    void theWindowGrowsBelowTheLargestNumber() {
        SessionTable wide = new SessionTable(3, 64);
        append(wide, 1, SESSION, Long.MAX_VALUE);
        append(wide, 2, SESSION, Long.MAX_VALUE - 40);

        assertThat(wide.lookup(SESSION, 0, Long.MAX_VALUE)).isEqualTo(Answer.FOUND);
        assertThat(wide.lookup(SESSION, 0, Long.MAX_VALUE - 40)).isEqualTo(Answer.FOUND);
    }

    @Test
    void aTruncatedPairWasNeverMade() {
        append(table, 1, SESSION, 1);
        append(table, 2, SESSION, 2);
        table.onTruncate(2);

        assertThat(table.lookup(SESSION, 0, 1)).isEqualTo(Answer.FOUND);
        assertThat(table.lookup(SESSION, 0, 2)).isEqualTo(Answer.NEW);
    }

    @Test
    void whatLeftTheWindowStaysUnknownEvenIfThePairThatPushedItOutIsTruncated() {
        append(table, 1, SESSION, 1);
        append(table, 2, SESSION, 1 + WINDOW);
        table.onTruncate(2);

        assertThat(table.lookup(SESSION, 0, 1)).isEqualTo(Answer.NUMBER_TOO_OLD);
    }

    @Test
    void anEvictedSessionIsExpiredAndALaterOneIsNew() {
        for (int session = 1; session <= 4; session++) {
            append(table, 10 + session, session, 1);
        }

        assertThat(table.size()).isEqualTo(3);
        assertThat(table.lookup(1, 10, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(9, 10, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(9, 11, 1)).isEqualTo(Answer.NEW);
        assertThat(table.lookup(2, 10, 1)).isEqualTo(Answer.FOUND);
    }

    @Test
    void lostTagsMakeWhatIsNotFoundUnknownForSessionsBornBefore() {
        append(table, 3, SESSION, 1);
        table.onTagsLost(5);

        assertThat(table.lookup(SESSION, 2, 1)).isEqualTo(Answer.FOUND);
        assertThat(table.lookup(SESSION, 2, 2)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(8, 4, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(8, 5, 1)).isEqualTo(Answer.NEW);
    }

    @Test
    void anEntryWithoutItsTagMakesWhatIsNotFoundUnknownWhereverItCameFrom() {
        table.onAppend(1, LineEncoder.noOp(0));
        assertThat(table.lookup(SESSION, 1, 1)).isEqualTo(Answer.NEW);

        append(table, 2, Entry.NO_SESSION, 0);

        assertThat(table.lookup(SESSION, 1, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(8, 3, 1)).isEqualTo(Answer.NEW);
    }

    @Test
    void aSessionThatWasEvictedAndIsMetAgainDoesNotForgetThatItForgot() {
        append(table, 5, SESSION, 1);
        for (int session = 11; session <= 13; session++) {
            append(table, session, session, 1);
        }
        // Another leader remembered it, or its write waited in the batch that evicted it.
        append(table, 14, SESSION, 2);

        assertThat(table.lookup(SESSION, 4, 2)).isEqualTo(Answer.FOUND);
        assertThat(table.lookup(SESSION, 4, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(SESSION, 4, 3)).isEqualTo(Answer.SESSION_EXPIRED);
    }

    /** Simulated seed 1834: marks above the log's end refused every new session until the log was that long again. */
    @Test
    void aTruncationTakesTheMarksBackToTheEndOfTheLog() {
        for (int session = 1; session <= 4; session++) {
            append(table, 10 + session, session, 1);
        }
        table.onTagsLost(13);
        table.onTruncate(11);

        assertThat(table.lookup(9, 9, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(9, 10, 1)).isEqualTo(Answer.NEW);
    }

    /** Simulated seed 5414: evicted later, a session took the mark up to where its truncated entries had been. */
    @Test
    void aSessionEvictedAfterATruncationCountsOnlyWithTheEntriesThatWereLeft() {
        for (int number = 1; number <= 5; number++) {
            append(table, 10 + number, 1, number);
        }
        table.onTruncate(12);
        for (int session = 2; session <= 4; session++) {
            append(table, 10 + session, session, 1);
        }

        assertThat(table.lookup(9, 10, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(9, 14, 1)).isEqualTo(Answer.NEW);
    }

    /** Simulated seed 305440: of a session's entries the last to go was not the first that was gone. */
    @Test
    void anEvictedSessionReachesNoFurtherThanTheLogWhoeverElseWroteBetween() {
        append(table, 11, 1, 1);
        append(table, 12, 2, 1);
        append(table, 13, 2, 2);
        append(table, 14, 1, 2);
        table.onTruncate(12);
        append(table, 12, 3, 1);
        append(table, 13, 4, 1);

        assertThat(table.lookup(9, 10, 1)).isEqualTo(Answer.SESSION_EXPIRED);
        assertThat(table.lookup(9, 12, 1)).isEqualTo(Answer.NEW);
    }

    @Test
    void aHugeNumberCostsNoMoreThanTheWindow() {
        append(table, 1, SESSION, 1);
        append(table, 2, SESSION, Long.MAX_VALUE - 1);

        assertThat(table.lookup(SESSION, 0, Long.MAX_VALUE - 1)).isEqualTo(Answer.FOUND);
        assertThat(table.lookup(SESSION, 0, Long.MAX_VALUE - 2)).isEqualTo(Answer.NEW);
        assertThat(table.lookup(SESSION, 0, 1)).isEqualTo(Answer.NUMBER_TOO_OLD);
    }

    /** Against a list of the pairs that the log holds: inside the window the table says just what the list says. */
    @Property(tries = 500)
    void saysWhatTheLogHolds(@ForAll List<Short> script) {
        SessionTable checked = new SessionTable(100, WINDOW);
        List<Long> log = new ArrayList<>();
        long highest = 0;
        for (short step : script) {
            long number = 1 + Math.max(0, highest - WINDOW) + Math.floorMod(step, 2 * WINDOW);
            if (Math.floorMod(step, 5) == 0 && !log.isEmpty()) {
                int keep = Math.floorMod(step / 5, log.size());
                checked.onTruncate(keep + 1);
                log.subList(keep, log.size()).clear();
            } else if (!log.contains(number)) {
                boolean tooOld = number <= highest - WINDOW;
                assertThat(checked.lookup(SESSION, 0, number)).isEqualTo(tooOld ? Answer.NUMBER_TOO_OLD : Answer.NEW);
                if (!tooOld) {
                    log.add(number);
                    append(checked, log.size(), SESSION, number);
                    highest = Math.max(highest, number);
                }
            }
            for (int i = 0; i < log.size(); i++) {
                if (log.get(i) > highest - WINDOW) {
                    assertThat(checked.lookup(SESSION, 0, log.get(i))).isEqualTo(Answer.FOUND);
                    assertThat(checked.foundIndex()).isEqualTo(i + 1);
                }
            }
        }
    }

    private static void append(SessionTable table, long index, long session, long number) {
        Entry entry = LineEncoder.set("k", "v", session, number, 0);
        table.onAppend(index, entry);
    }
}

package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** {@link RaftLog} against a list of everything that it ever held. */
final class RaftLogTest {
    private RaftLog log = new RaftLog();
    /** The whole log, evicted entries too. */
    private final List<Entry> model = new ArrayList<>();

    @Test
    void anEmptyLogEndsBeforeItsFirstEntry() {
        assertThat(log.lastIndex()).isZero();
        assertThat(log.last()).isEqualTo(EntryId.NONE);
        assertThat(log.firstInWindow()).isEqualTo(1);
        assertThat(log.holds(EntryId.NONE)).isTrue();
        assertThat(log.holds(new EntryId(1, 0))).isFalse();
        assertThat(log.holds(new EntryId(-1, -1))).isFalse();
        assertThat(log.entries(1, 10, 10)).isEmpty();
        assertThat(log.lastAtOrBelow(9, 9)).isEqualTo(EntryId.NONE);
    }

    @Test
    void whatItDoesNotHoldIsAnError() {
        log.append(Lines.noOp(3));
        log.append(Lines.noOp(3));
        log.evict(1, 0);
        assertThatThrownBy(() -> log.term(3))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index 3 of 1..2");
        assertThatThrownBy(() -> log.term(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> log.entry(1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("index 1 of window 2..2");
        assertThatThrownBy(() -> log.append(Lines.noOp(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("term 2 after term 3");
    }

    @Test
    void aBatchHasAtLeastOneEntryAndStaysWithinItsBounds() {
        for (int i = 0; i < 10; i++) {
            log.append(Lines.noOp(0));
        }
        assertThat(log.entries(1, 1, 10)).hasSize(1);
        assertThat(log.entries(1, 16, 10)).hasSize(2);
        assertThat(log.entries(1, 23, 10)).hasSize(2);
        assertThat(log.entries(1, 1000, 3)).hasSize(3);
        assertThat(log.entries(9, 1000, 10)).hasSize(2);
        assertThat(log.entries(11, 1000, 10)).isEmpty();
    }

    /** Appends, truncations and evictions in any order; everything that can be asked agrees with the model. */
    @Property(tries = 300)
    void itAgreesWithAListOfAllEntries(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        log = new RaftLog();
        model.clear();
        long term = random.nextInt(3);
        long evicted = 0;
        int steps = random.nextInt(1, 200);
        for (int i = 0; i < steps; i++) {
            int dice = random.nextInt(10);
            if (dice < 6) {
                int count = random.nextInt(30) == 0 ? 3_000 : random.nextInt(20);
                for (int n = 0; n < count; n++) {
                    append(term);
                }
            } else if (dice == 6) {
                term += random.nextInt(3);
            } else if (dice == 7 && model.size() > evicted) {
                long index = random.nextLong(evicted + 1, model.size() + 1);
                log.truncateFrom(index);
                model.subList((int) index - 1, model.size()).clear();
                term += random.nextInt(2);
            } else if (dice == 8 && !model.isEmpty()) {
                long upTo = random.nextLong(model.size() + 1);
                long bytesMax = random.nextLong(log.windowBytes() + 1);
                log.evict(upTo, bytesMax);
                evicted = log.firstInWindow() - 1;
                assertThat(log.windowBytes() <= bytesMax || log.firstInWindow() > upTo)
                        .isTrue();
            }
            check(random, evicted);
        }
    }

    private void append(long term) {
        Entry entry = Lines.set("k", "" + model.size(), term);
        log.append(entry);
        model.add(entry);
    }

    private void check(SplittableRandom random, long evicted) {
        assertThat(log.lastIndex()).isEqualTo(model.size());
        assertThat(log.firstInWindow()).isEqualTo(evicted + 1);
        assertThat(log.windowBytes())
                .isEqualTo(model.stream()
                        .skip(evicted)
                        .mapToLong(Entry::memoryBytes)
                        .sum());
        assertThat(log.last()).isEqualTo(idAt(model.size()));
        for (int probe = 0; probe < 8; probe++) {
            long index = random.nextLong(model.size() + 3);
            long term = random.nextLong(-1, 12);
            assertThat(log.holds(new EntryId(index, term)))
                    .isEqualTo(index <= model.size() && idAt(index).term() == term);
            assertThat(log.lastAtOrBelow(index, term)).isEqualTo(naiveLastAtOrBelow(index, term));
            if (index <= model.size()) {
                assertThat(log.term(index)).isEqualTo(idAt(index).term());
            }
            if (index > evicted && index <= model.size()) {
                assertThat(log.entry(index)).isSameAs(model.get((int) index - 1));
                int last = (int) Math.min(model.size(), index + 4);
                assertThat(log.entries(index, Integer.MAX_VALUE, 5)).isEqualTo(model.subList((int) index - 1, last));
            }
        }
    }

    private EntryId idAt(long index) {
        return index == 0
                ? EntryId.NONE
                : new EntryId(index, model.get((int) index - 1).term());
    }

    private EntryId naiveLastAtOrBelow(long index, long term) {
        for (long at = Math.min(index, model.size()); at > 0; at--) {
            if (idAt(at).term() <= term) {
                return idAt(at);
            }
        }
        return EntryId.NONE;
    }
}

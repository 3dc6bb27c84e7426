package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** {@link Durability}: an index counts as durable only if the disk holds the entry that the log holds there. */
final class DurabilityTest {
    private final Durability durability = new Durability(0);
    private final Output output = new Output();

    /** DESIGN.md, D2: the write of an entry that was replaced meanwhile does not make its successor durable. */
    @Test
    void aWriteOfReplacedEntriesAcknowledgesNothingOfTheirSuccessors() {
        append(3, 1);
        Persist old = durability.take();
        durability.truncateFrom(0, 2);
        append(3, 2);
        Persist fresh = durability.take();
        durability.persisted(old.seq(), output);
        assertThat(durability.durableIndex())
                .as("2 and 3 on disk are the old ones")
                .isEqualTo(1);
        durability.persisted(fresh.seq(), output);
        assertThat(durability.durableIndex()).isEqualTo(4);
        assertThat(fresh.truncateFrom()).isEqualTo(2);
        assertThat(fresh.firstIndex()).isEqualTo(2);
    }

    /** The same with the successors' write not even taken: they wait in the pending one. */
    @Test
    void entriesWrittenAgainBeforeTheNextWriteAreNotDurableEither() {
        append(3, 1);
        Persist old = durability.take();
        durability.truncateFrom(0, 3);
        append(1, 2);
        durability.persisted(old.seq(), output);
        assertThat(durability.durableIndex()).isEqualTo(2);
    }

    @Test
    void aTruncationTakesDurabilityBack() {
        append(5, 1);
        durability.persisted(durability.take().seq(), output);
        assertThat(durability.durableIndex()).isEqualTo(5);
        durability.truncateFrom(0, 3);
        assertThat(durability.durableIndex()).isEqualTo(2);
    }

    @Test
    void whatWasNeverTakenIsCutWithoutTheJournal() {
        append(2, 1);
        durability.persisted(durability.take().seq(), output);
        append(3, 1);
        durability.truncateFrom(0, 4);
        append(1, 2);
        Persist persist = durability.take();
        assertThat(persist.truncateFrom()).isZero();
        assertThat(persist.firstIndex()).isEqualTo(3);
        assertThat(persist.entries()).extracting(Entry::term).containsExactly(1L, 2L);
    }

    @Test
    void oneCompletionCoversAllEarlierWrites() {
        append(1, 1);
        durability.take();
        append(1, 1);
        Persist second = durability.take();
        durability.persisted(second.seq(), output);
        assertThat(durability.durableIndex()).isEqualTo(2);
        assertThat(durability.isIdle()).isTrue();
    }

    /** Only the hard state holds messages back, and each waits for the one it was sent under. */
    @Test
    void messagesWaitForTheHardStateTheyDependOn() {
        durability.changeHardState(0, new HardState(1, 1, 0));
        durability.send(1, Peers.vote(1, true), output);
        Persist first = durability.take();
        durability.changeHardState(0, new HardState(2, 2, 0));
        durability.send(2, Peers.vote(2, true), output);
        durability.persisted(first.seq(), output);
        assertThat(output.messages()).extracting(Output.Send::to).containsExactly(1);
        assertThat(durability.isHardStateDurable()).isFalse();
        durability.persisted(durability.take().seq(), output);
        assertThat(output.messages()).extracting(Output.Send::to).containsExactly(1, 2);
        append(1, 2);
        durability.send(3, Peers.vote(2, true), output);
        assertThat(output.messages()).as("entries hold nothing back").hasSize(3);
    }

    @Test
    void theOldestWriteTellsHowLongTheDiskTakes() {
        assertThat(durability.oldestSinceNanos(7)).isEqualTo(7);
        durability.append(10, Lines.noOp(1));
        durability.append(20, Lines.noOp(1));
        assertThat(durability.oldestSinceNanos(30)).as("waits since the first").isEqualTo(10);
        Persist first = durability.take();
        durability.append(40, Lines.noOp(1));
        assertThat(durability.oldestSinceNanos(50)).isEqualTo(10);
        durability.persisted(first.seq(), output);
        assertThat(durability.oldestSinceNanos(60)).isEqualTo(40);
    }

    /** Any mix of appends, truncations, takes and completions, against a disk that does what it is told. */
    @Property(tries = 500)
    void whatCountsAsDurableIsOnTheDisk(@ForAll @Size(max = 60) List<@IntRange(max = 99) Integer> steps) {
        Durability tested = new Durability(0);
        List<Entry> log = new ArrayList<>();
        List<Entry> disk = new ArrayList<>();
        List<Persist> taken = new ArrayList<>();
        long term = 1;
        for (int step : steps) {
            if (step < 40) {
                Entry entry = Lines.set("k", "" + log.size(), term);
                log.add(entry);
                tested.append(0, entry);
            } else if (step < 60 && !log.isEmpty()) {
                int index = 1 + step % log.size();
                log.subList(index - 1, log.size()).clear();
                tested.truncateFrom(0, index);
                term++;
            } else if (step < 80) {
                Persist persist = tested.take();
                if (persist != null) {
                    taken.add(persist);
                }
            } else if (!taken.isEmpty()) {
                Persist done = taken.remove(0);
                write(disk, done);
                tested.persisted(done.seq(), new Output());
            }
            int durable = (int) tested.durableIndex();
            assertThat(durable).isLessThanOrEqualTo(Math.min(log.size(), disk.size()));
            assertThat(disk.subList(0, durable)).isEqualTo(log.subList(0, durable));
        }
        for (Persist done = next(tested, taken); done != null; done = next(tested, taken)) {
            write(disk, done);
            tested.persisted(done.seq(), new Output());
        }
        assertThat(tested.durableIndex()).isEqualTo(log.size());
        assertThat(disk).isEqualTo(log);
    }

    private static Persist next(Durability tested, List<Persist> taken) {
        return taken.isEmpty() ? tested.take() : taken.remove(0);
    }

    private static void write(List<Entry> disk, Persist persist) {
        if (persist.truncateFrom() > 0) {
            disk.subList((int) persist.truncateFrom() - 1, disk.size()).clear();
        }
        assertThat(persist.firstIndex()).isEqualTo(disk.size() + 1);
        disk.addAll(persist.entries());
    }

    private void append(int count, long term) {
        for (int i = 0; i < count; i++) {
            durability.append(0, Lines.set("k", "v", term));
        }
    }
}

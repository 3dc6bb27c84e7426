package io.tenure.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final Linearizability JUDGE = new Linearizability(0, 0, 10_000_000);

    @Test
    void bothJudgesAgreeOnSmallHistories() {
        int good = 0;
        int bad = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            List<Operation> operations = arbitrary(new Random(seed), 2 + seed % 7);
            Verdict exact = UniqueValues.check(operations);
            Verdict search = Search.check(operations, 1_000_000);
            assertThat(search.kind()).as("seed %d: %s", seed, operations).isEqualTo(exact.kind());
            good += exact.isGood() ? 1 : 0;
            bad += exact.isGood() ? 0 : 1;
        }
        assertThat(good).isGreaterThan(1000);
        assertThat(bad).isGreaterThan(1000);
    }

    @Test
    void acceptsWhatARegisterDoesAndRefusesItOnceOneAnswerIsStale() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Operation> operations = ofARegister(random, 200, false);
            assertThat(UniqueValues.check(operations)).as("seed %d", seed).isEqualTo(Verdict.GOOD);
            assertThat(Search.check(operations, 10_000_000)).as("seed %d", seed).isEqualTo(Verdict.GOOD);
            Operation last = operations.stream()
                    .filter(operation -> operation.effectiveBy() != Operation.NEVER)
                    .max((a, b) -> Long.compare(a.returned(), b.returned()))
                    .orElseThrow();
            operations.add(Operation.read("z", "k", null, last.returned() + 1, last.returned() + 2));
            assertThat(UniqueValues.check(operations).kind())
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.Kind.VIOLATION);
        }
    }

    @Test
    void valuesWrittenTwiceAreSearched() {
        for (int seed = 0; seed < 50; seed++) {
            List<Operation> operations = ofARegister(new Random(seed), 150, true);
            assertThat(JUDGE.check(History.of(operations.toArray(new Operation[0]))))
                    .as("seed %d", seed)
                    .isEqualTo(Verdict.GOOD);
        }
        History stale = History.of(
                Operation.write("a", "k", "1", 0, 10),
                Operation.write("a", "k", "1", 20, 30),
                Operation.write("a", "k", "2", 40, 50),
                Operation.read("a", "k", "1", 60, 70));
        assertThat(JUDGE.check(stale).kind()).isEqualTo(Verdict.Kind.VIOLATION);
    }

    @Test
    void anUndecidedSearchIsNoSuccess() {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            operations.add(Operation.write("c" + i, "k", "v" + i % 10, 0, 1000));
        }
        operations.add(Operation.read("r", "k", "never", 10, 20));
        Verdict verdict = new Linearizability(0, 0, 1000).check(History.of(operations.toArray(new Operation[0])));
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.UNDECIDED);
        assertThat(verdict.isGood()).isFalse();
    }

    @Test
    void anEmptyOrNearlyIdleHistoryIsNoSuccess() {
        assertThat(Linearizability.STANDARD.check(new History()).kind()).isEqualTo(Verdict.Kind.IDLE);
        History idle = new History();
        for (int i = 0; i < 100; i++) {
            idle.add(Operation.read("a", "k", null, i, i + 1));
            idle.add(Operation.failedWrite("a", "k", "v" + i, i, i + 1));
        }
        assertThat(Linearizability.STANDARD.check(idle).kind()).isEqualTo(Verdict.Kind.IDLE);
    }

    @Test
    void judgesAMillionOperationsOnAHotKeyInSeconds() {
        List<Operation> operations = ofARegister(new Random(1), 1_000_000, false);
        long begin = System.nanoTime();
        assertThat(UniqueValues.check(operations)).isEqualTo(Verdict.GOOD);
        assertThat(System.nanoTime() - begin).isLessThan(20_000_000_000L);
    }

    /** Operations with arbitrary times and answers: most of these histories are wrong somewhere. */
    private static List<Operation> arbitrary(RandomGenerator random, int count) {
        List<Operation> operations = new ArrayList<>();
        int writes = 1 + random.nextInt(count);
        for (int i = 0; i < count; i++) {
            long invoke = random.nextInt(12);
            long returned = invoke + random.nextInt(8);
            if (i >= writes) {
                int value = random.nextInt(writes + 1);
                operations.add(Operation.read("r", "k", value == writes ? null : "v" + value, invoke, returned));
            } else if (random.nextInt(5) == 0) {
                operations.add(Operation.unknownWrite("w", "k", "v" + i, invoke));
            } else {
                operations.add(Operation.write("w", "k", "v" + i, invoke, returned));
            }
        }
        return operations;
    }

    /** What clients of a real register see: each operation takes effect at an instant between its ends, or never. */
    private static List<Operation> ofARegister(RandomGenerator random, int count, boolean repeatValues) {
        List<Operation> operations = new ArrayList<>();
        String value = null;
        for (int i = 0; i < count; i++) {
            long effect = 100L + 10L * i;
            long invoke = effect - random.nextInt(60);
            long returned = effect + random.nextInt(60);
            if (random.nextInt(2) == 0) {
                operations.add(Operation.read("r", "k", value, invoke, returned));
                continue;
            }
            String written = "v" + (repeatValues ? random.nextInt(3) : i);
            int fate = random.nextInt(10);
            if (fate == 0) {
                operations.add(Operation.unknownWrite("w", "k", written, invoke));
            } else {
                operations.add(Operation.write("w", "k", written, invoke, returned));
            }
            value = fate == 0 && random.nextBoolean() ? value : written;
        }
        return operations;
    }
}

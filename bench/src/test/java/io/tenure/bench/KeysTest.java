package io.tenure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeysTest {
    @ParameterizedTest
    @CsvSource({
        "k,0,7,k7",
        "key-,16,7,key-000000000007",
        "key-,16,99999,key-000000099999",
        "long-prefix-,4,3,long-prefix-3"
    })
    void keysHaveTheLengthAskedFor(String prefix, int bytes, int number, String name) {
        assertThat(new Keys(plan(KeyDistribution.UNIFORM, 100_000, prefix, bytes)).name(number))
                .isEqualTo(name);
    }

    @Test
    void namesAreTheSameForManyKeys() {
        Keys keys = new Keys(plan(KeyDistribution.UNIFORM, 2_000_000, "k", 10));
        assertThat(keys.name(1_999_999)).isEqualTo("k001999999");
    }

    @Test
    void zipfPrefersTheFirstAsItsLawSays() {
        Zipf zipf = new Zipf(4, 1);
        // 1 : 1/2 : 1/3 : 1/4, together 25/12.
        double first = 12 / 25.0;
        double second = 6 / 25.0;
        assertThat(zipf.pick(0)).isZero();
        assertThat(zipf.pick(first - 1e-9)).isZero();
        assertThat(zipf.pick(first + 1e-9)).isEqualTo(1);
        assertThat(zipf.pick(first + second - 1e-9)).isEqualTo(1);
        assertThat(zipf.pick(first + second + 1e-9)).isEqualTo(2);
        assertThat(zipf.pick(Math.nextDown(1.0))).isEqualTo(3);
    }

    @Test
    void hotKeysAreAskedForMoreOften() {
        Keys keys = new Keys(plan(KeyDistribution.ZIPF, 1000, "k", 0));
        Map<String, Integer> counts = new HashMap<>();
        int throwsOfDice = 200_000;
        for (int i = 0; i < throwsOfDice; i++) {
            counts.merge(keys.pick(), 1, Integer::sum);
        }
        assertThat(counts.get("k0") / (double) counts.get("k9"))
                .isCloseTo(Math.pow(10, Zipf.EXPONENT), Offset.offset(2.0));
    }

    private static LoadPlan plan(KeyDistribution distribution, int keys, String prefix, int keyBytes) {
        return new LoadPlan(Workload.SET, 1, 0, keys, distribution, prefix, keyBytes, 10, false);
    }
}

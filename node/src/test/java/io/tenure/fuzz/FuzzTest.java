package io.tenure.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tenure.net.PeerPortTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kept corpus of each target, and a short run of the fuzzer over all of them. {@code node/fuzz.sh} runs longer. */
class FuzzTest {
    private static final int SHORT_RUN_SECONDS = 8;
    private static final int KEPT_BYTES_MAX = 512;

    static Stream<Arguments> keptCases() {
        return Stream.of(FuzzTarget.values())
                .flatMap(target -> Corpus.of(target).stream().map(one -> Arguments.of(target, one)));
    }

    @ParameterizedTest
    @MethodSource("keptCases")
    void keptInputsFindNothing(FuzzTarget target, Corpus.Case one) {
        assertThatCode(() -> target.run(one.input())).doesNotThrowAnyException();
    }

    /** A case that is refused at its first byte, as its format has changed since, leads the fuzzer nowhere. */
    @Test
    void goodCasesAreGood() {
        List<Corpus.Case> good = Corpus.of(FuzzTarget.of("peer-port")).stream()
                .filter(one -> one.name().startsWith("good-"))
                .toList();

        assertThat(good).hasSizeGreaterThan(8).allMatch(one -> PeerPortTarget.isGood(one.input()));
    }

    @Test
    void inputsAreKeptAsTheyAre() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = Corpus.escape(all);

        assertThat(Corpus.unescape(text)).isEqualTo(all);
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(text)).isTrue();
        assertThat(text).doesNotContain("\n");
    }

    @Test
    @DisabledIfSystemProperty(named = "fuzz.minutes", matches = ".*")
    void shortRunFindsNothing(@TempDir Path folder) throws Exception {
        String found = new FuzzerRun(null, folder)
                .run(List.of("-max_total_time=" + SHORT_RUN_SECONDS, "-print_final_stats=1"), line -> {});

        assertThat(found).isEmpty();
    }

    /** What {@code node/fuzz.sh} runs. */
    @Test
    @EnabledIfSystemProperty(named = "fuzz.minutes", matches = ".*")
    void longRunFindsNothing(@TempDir Path folder) throws Exception {
        String label = System.getProperty("fuzz.name", "all");
        double minutes = Double.parseDouble(System.getProperty("fuzz.minutes"));
        FuzzerRun run = new FuzzerRun(label.equals("all") ? null : FuzzTarget.of(label), folder);

        String found = run.run(List.of("-max_total_time=" + Math.round(minutes * 60), "-print_final_stats=1"), line -> {
            if (!line.contains("REDUCE") && !line.contains("NEW ")) {
                System.out.println(line);
            }
        });

        assertThat(found).isEmpty();
        if (Boolean.getBoolean("fuzz.keep")) {
            System.out.println("worth keeping in the corpus of " + label + ":");
            run.worthKeeping(KEPT_BYTES_MAX, line -> {}).forEach(System.out::println);
        }
    }
}

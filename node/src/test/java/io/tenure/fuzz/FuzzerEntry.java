package io.tenure.fuzz;

import java.util.Arrays;
import java.util.List;

/** Where the fuzzer calls in. Without a target's name, the first byte of each input chooses one. */
public final class FuzzerEntry {
    /** Names the target. */
    static final String TARGET = "fuzz.target";

    private static final List<FuzzTarget> TARGETS = List.of(FuzzTarget.values());

    private static FuzzTarget only;

    private FuzzerEntry() {}

    /** Called by the fuzzer, once. To load and instrument classes takes its time, which must not count as a target's. */
    public static void fuzzerInitialize() {
        String label = System.getProperty(TARGET);
        only = label == null ? null : FuzzTarget.of(label);
        for (FuzzTarget target : only == null ? TARGETS : List.of(only)) {
            Corpus.of(target).forEach(kept -> target.run(kept.input()));
        }
    }

    /** Called by the fuzzer, for each input. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (only != null) {
            only.run(input);
        } else if (input.length > 0) {
            addressee(input).run(withoutAddress(input));
        }
    }

    /** An input of one target, where there are all. */
    static byte[] addressed(FuzzTarget target, byte[] input) {
        byte[] addressed = new byte[1 + input.length];
        addressed[0] = (byte) TARGETS.indexOf(target);
        System.arraycopy(input, 0, addressed, 1, input.length);
        return addressed;
    }

    /** Whom an input is for. */
    static FuzzTarget addressee(byte[] addressed) {
        return TARGETS.get(Math.floorMod(addressed[0], TARGETS.size()));
    }

    /** The input without what says whom it is for. */
    static byte[] withoutAddress(byte[] addressed) {
        return Arrays.copyOfRange(addressed, 1, addressed.length);
    }
}

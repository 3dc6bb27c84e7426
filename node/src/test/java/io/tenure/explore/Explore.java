package io.tenure.explore;

/**
 * Explores a scope given on the command line, and says what it found. Exit code 0 if no invariant is broken, 1 if one is, 2 on
 * bad arguments.
 */
public final class Explore {
    private static final String USAGE =
            "usage: explore.sh [--terms N] [--commands N] [--crashes N] [--duplicates N] [--ticks N] [--lease-ticks N]"
                    + " [--skew 0|1] [--pre-votes 0|1] [--slow-disk 0|1] [--quorum-reads N] [--stepped-reads N]"
                    + " [--elections N] [--strict 0|1] [--distinct 0|1] [--states N] [--seconds N]";

    private Explore() {}

    /** Runs what the arguments ask for, and exits. */
    public static void main(String[] args) {
        Scope scope = new Scope();
        int states = Integer.MAX_VALUE;
        long seconds = 3600;
        for (int i = 0; i < args.length; i += 2) {
            int value = i + 1 < args.length ? number(args[i + 1]) : -1;
            boolean limit = args[i].equals("--states") || args[i].equals("--seconds");
            if (value < 0 || (!limit && !scope.set(args[i], value))) {
                System.err.println("can't make sense of " + args[i] + "\n" + USAGE);
                System.exit(2);
            }
            states = args[i].equals("--states") ? value : states;
            seconds = args[i].equals("--seconds") ? value : seconds;
        }
        System.out.println("scope: " + scope);
        ExplorerResult result = explore(scope, states, seconds);
        result.story().forEach(System.out::println);
        System.out.println(result);
        if (result.violation() != null) {
            System.out.println("VIOLATED " + result.violation().getMessage());
        }
        System.exit(result.violation() == null ? 0 : 1);
    }

    private static ExplorerResult explore(Scope scope, int states, long seconds) {
        try {
            return new Explorer(scope).run(states, seconds * 1_000_000_000, System.err::println);
        } catch (OutOfMemoryError e) {
            System.out.println("not exhausted: the states do not fit into "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB; nothing found in those that did");
            System.exit(3);
            throw e;
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}

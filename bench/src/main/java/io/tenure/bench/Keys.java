package io.tenure.bench;

import java.util.concurrent.ThreadLocalRandom;

/** The keys of a plan: their names, and which is next. Thread-safe. */
final class Keys {
    /** Names of more keys than this are made anew each time. */
    private static final int NAMES_MAX = 1 << 20;

    private final LoadPlan plan;
    private final Zipf zipf;
    private final String[] names;

    Keys(LoadPlan plan) {
        this.plan = plan;
        zipf = plan.keyDistribution() == KeyDistribution.ZIPF ? new Zipf(plan.keys(), Zipf.EXPONENT) : null;
        names = new String[plan.keys() <= NAMES_MAX ? plan.keys() : 0];
        for (int i = 0; i < names.length; i++) {
            names[i] = make(i);
        }
    }

    /** The name of a key. */
    String name(int number) {
        return number < names.length ? names[number] : make(number);
    }

    /** The next key to ask for. */
    String pick() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return name(zipf == null ? random.nextInt(plan.keys()) : zipf.pick(random.nextDouble()));
    }

    private String make(int number) {
        String digits = Integer.toString(number);
        int zeros = plan.keyBytes() - plan.keyPrefix().length() - digits.length();
        return plan.keyPrefix() + "0".repeat(Math.max(0, zeros)) + digits;
    }
}

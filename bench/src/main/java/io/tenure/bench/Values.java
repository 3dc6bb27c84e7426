package io.tenure.bench;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** The values that one client writes: plain ASCII letters and digits. Thread-safe. */
final class Values {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final int POOL_SIZE = 256;

    private final String client;
    private final String padding;
    private final String[] pool;
    private final AtomicLong written = new AtomicLong();

    Values(String client, LoadPlan plan) {
        this.client = client;
        if (plan.uniqueValues()) {
            padding = ".".repeat(plan.valueBytes());
            pool = null;
        } else {
            padding = null;
            pool = new String[POOL_SIZE];
            for (int i = 0; i < POOL_SIZE; i++) {
                pool[i] = random(plan.valueBytes());
            }
        }
    }

    String next() {
        long number = written.incrementAndGet();
        if (pool != null) {
            return pool[(int) (number % POOL_SIZE)];
        }
        String name = client + "-" + number;
        return name.length() >= padding.length() ? name : name + padding.substring(name.length());
    }

    private static String random(int length) {
        StringBuilder value = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            value.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
        }
        return value.toString();
    }
}

package io.tenure.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.KeyHash;
import io.tenure.entry.KeyValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The table against a map, with images of it that are taken, read and dropped at any time. */
final class KeyTableTest {
    private static final int OPERATIONS = 4_000;

    /** How keys hash: as they do; nearly all alike; so that their slots are the last ones and go on with the first. */
    private enum Hashing {
        REAL,
        ALIKE,
        AT_THE_END;

        long of(String key) {
            long hash = KeyHash.of(key);
            return switch (this) {
                case REAL -> hash;
                case ALIKE -> 1 + (hash & 3);
                case AT_THE_END -> -1 - (hash & 31);
            };
        }
    }

    private record Past(KeyTable.Image image, Map<String, String> expected) {
        void check() {
            Map<String, String> found = new HashMap<>();
            for (byte[] keyValue : image.take()) {
                assertThat(found.put(KeyValue.key(keyValue), KeyValue.value(keyValue)))
                        .isNull();
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    private final Map<String, String> model = new HashMap<>();
    private final List<Past> pasts = new ArrayList<>();

    @Property(tries = 60)
    void isAMap(@ForAll Hashing hashing, @ForAll long seed) {
        Random random = new Random(seed);
        int keys = 1 << (4 + random.nextInt(8));
        KeyTable table = new KeyTable();
        model.clear();
        for (int i = 0; i < OPERATIONS; i++) {
            String key = "k" + random.nextInt(keys);
            String value = "v".repeat(random.nextInt(3)) + i;
            table.set(hashing.of(key), KeyValue.of(key, value));
            model.put(key, value);
            if (random.nextInt(OPERATIONS / 20) == 0) {
                takeOrLeaveAnImage(table, random);
            }
            if (random.nextInt(2 * OPERATIONS) == 0) {
                table.clear();
                model.clear();
            }
        }
        for (int i = 0; i < 2 * keys; i++) {
            String key = "k" + i;
            byte[] found = table.get(hashing.of(key), key.getBytes(StandardCharsets.UTF_8));
            assertThat(found == null ? null : KeyValue.value(found)).isEqualTo(model.get(key));
        }
        assertThat(table.size()).isEqualTo(model.size());
        pasts.forEach(Past::check);
        pasts.clear();
    }

    private void takeOrLeaveAnImage(KeyTable table, Random random) {
        if (pasts.size() < 3) {
            pasts.add(new Past(table.image(), new HashMap<>(model)));
            return;
        }
        Past past = pasts.remove(random.nextInt(pasts.size()));
        if (random.nextBoolean()) {
            past.check();
        }
        past.image().close();
        past.image().close();
    }
}

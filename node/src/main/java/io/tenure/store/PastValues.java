package io.tenure.store;

import io.tenure.handoff.SnapshotValues;
import java.util.Arrays;
import java.util.Map;

/**
 * The values of a map as they were when this was made, although others are set meanwhile: whoever sets one keeps the one
 * before, once. So the state is that at one index, not a smear, and costs memory only for what changes during the pass.
 */
final class PastValues implements SnapshotValues {
    /** Image of a key that was not there. */
    static final Object ABSENT = new Object();

    private final Map<String, String> values;
    private final Map<String, Object> images;
    private final Runnable end;
    private String[] keys;
    private int at = -1;
    private String value;

    /**
     * Begins.
     *
     * @param values as they are now, and change
     * @param images takes what they were, before they change
     * @param end runs when nobody reads any more
     */
    PastValues(Map<String, String> values, Map<String, Object> images, Runnable end) {
        this.values = values;
        this.images = images;
        this.end = end;
    }

    @Override
    public boolean next() {
        if (keys == null) {
            keys = values.keySet().toArray(String[]::new);
            Arrays.sort(keys);
        }
        while (++at < keys.length) {
            String key = keys[at];
            // In this order: a new value is never seen without its image.
            String now = values.get(key);
            Object image = images.get(key);
            if (image != ABSENT) {
                value = image == null ? now : (String) image;
                return true;
            }
        }
        return false;
    }

    @Override
    public String key() {
        return keys[at];
    }

    @Override
    public String value() {
        return value;
    }

    @Override
    public void close() {
        end.run();
    }
}

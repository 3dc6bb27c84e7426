package io.tenure.store;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.SnapshotValues;
import java.util.Arrays;

/**
 * The entries of an image in the order of keys. The image is open until the first is asked for; from then on all are at hand,
 * and the writer copies nothing more.
 */
final class SortedImage implements SnapshotValues {
    private final KeyTable.Image image;
    private byte[][] sorted;
    private int at = -1;

    SortedImage(KeyTable.Image image) {
        this.image = image;
    }

    @Override
    public boolean next() {
        if (sorted == null) {
            sorted = image.take();
            Arrays.sort(sorted, KeyValue::compareKeys);
        }
        return ++at < sorted.length;
    }

    @Override
    public byte[] keyValue() {
        return sorted[at];
    }

    @Override
    public void close() {
        image.close();
    }
}

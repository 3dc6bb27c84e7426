package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import java.nio.ByteBuffer;

/** Arithmetic of the checksum that chains the records of {@code logs.idx}. */
final class Chain {
    private Chain() {}

    /**
     * The previous checksum for which {@code record}, as it stands, is right. There is always exactly one, as a CRC is
     * linear in every 32 bits in a row of what it is taken of.
     */
    static int checksumBefore(IndexRecord record, byte[] line) {
        ByteBuffer bytes = ByteBuffer.allocate(IndexRecord.LENGTH);
        record.writeTo(bytes);
        IndexRecord copy = new IndexRecord();
        copy.readFrom(bytes, 0);
        int atZero = copy.seal(0, line, 0);
        int[] images = new int[Integer.SIZE];
        int[] preimages = new int[Integer.SIZE];
        // Gaussian elimination: afterwards images[bit] is the only one whose highest bit is that.
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            int preimage = 1 << bit;
            int image = copy.seal(preimage, line, 0) ^ atZero;
            while (image != 0) {
                int highest = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(image);
                if (images[highest] == 0) {
                    images[highest] = image;
                    preimages[highest] = preimage;
                    break;
                }
                image ^= images[highest];
                preimage ^= preimages[highest];
            }
        }
        int rest = record.checksum() ^ atZero;
        int before = 0;
        while (rest != 0) {
            int highest = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(rest);
            rest ^= images[highest];
            before ^= preimages[highest];
        }
        return before;
    }
}

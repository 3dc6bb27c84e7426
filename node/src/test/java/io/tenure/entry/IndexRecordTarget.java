package io.tenure.entry;

import io.tenure.fuzz.Choices;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A record of {@code logs.idx} and its line: bytes read are bytes written, and a seal holds until a bit changes. */
public final class IndexRecordTarget {
    private static final int INDEX_MAX = 64;

    private IndexRecordTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Choices choices = Choices.of(input);
        int previous = (int) choices.number();
        int flip = choices.below(IndexRecord.LENGTH * 8);
        byte[] bytes = Arrays.copyOf(choices.bytes(IndexRecord.LENGTH), IndexRecord.LENGTH);
        byte[] line = choices.rest();
        ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(8, line.length);
        IndexRecord record = new IndexRecord();
        record.readFrom(ByteBuffer.wrap(bytes), 0);
        require(Arrays.equals(written(record), bytes), "written otherwise");

        record.isTorn(previous, choices.below(3), line, 0, choices.flip(), choices.below(INDEX_MAX));
        require(Arrays.equals(written(record), bytes), "changed by a question");

        record.seal(previous, line, 0);
        require(record.isSealed(previous, line, 0), "its own seal does not hold");
        require(!record.isSealed(~previous, line, 0), "sealed after any other record");
        byte[] sealed = written(record);
        sealed[flip / 8] ^= (byte) (1 << (flip % 8));
        record.readFrom(ByteBuffer.wrap(sealed), 0);
        if (record.length() == line.length) {
            require(!record.isSealed(previous, line, 0), "a flipped bit does not show");
        }
    }

    private static byte[] written(IndexRecord record) {
        ByteBuffer target = ByteBuffer.allocate(IndexRecord.LENGTH);
        record.writeTo(target);
        return target.array();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}

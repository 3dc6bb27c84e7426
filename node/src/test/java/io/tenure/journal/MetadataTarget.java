package io.tenure.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * {@code metadata.txt}: refused with a sentence, or formatted again to the same bytes. The input is read as it is, and with
 * a checksum that is right.
 */
public final class MetadataTarget {
    private static final int FORMAT_AT = "format ".length();

    private MetadataTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        parse(input);
        String lines = new String(input, StandardCharsets.UTF_8);
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.UTF_8));
        parse((lines + "checksum " + String.format("%08x", crc.getValue()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void parse(byte[] bytes) {
        Metadata metadata;
        try {
            metadata = Metadata.parse(bytes);
        } catch (IllegalArgumentException e) {
            return;
        }
        byte[] again = metadata.toBytes();
        boolean isOlder = bytes.length < again.length && bytes[FORMAT_AT] == '1';
        if (!isOlder && !Arrays.equals(again, bytes)) {
            throw new AssertionError("formatted otherwise: " + metadata);
        }
        if (!Metadata.parse(again).equals(metadata)) {
            throw new AssertionError("read otherwise: " + metadata);
        }
    }
}

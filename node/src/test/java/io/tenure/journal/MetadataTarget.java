package io.tenure.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * {@code metadata.txt}: refused with a sentence, or formatted again to the same bytes. The input is read as it is, and with
 * a checksum that is right.
 */
public final class MetadataTarget {
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
        if (!Arrays.equals(metadata.toBytes(), bytes)) {
            throw new AssertionError("formatted otherwise: " + metadata);
        }
    }
}

package io.tenure.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.charset.StandardCharsets;

/** Strings to the bytes of the wire, and nothing lost on the way. */
final class Utf8 {
    private Utf8() {}

    /**
     * The string in UTF-8.
     *
     * @param what names the string in the error
     * @throws InvalidRequestException if half a surrogate pair stands in it: no UTF-8 can say that
     */
    static ByteString encode(String what, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // Both are intrinsics, and most text is ASCII. Half a pair becomes one byte, too, but never an equal string.
        boolean ascii = bytes.length == text.length() && text.equals(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!ascii) {
            requirePairs(what, text);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static void requirePairs(String what, String text) {
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new InvalidRequestException(
                        what + " has an unpaired surrogate at position " + i + ", which is not Unicode text", -1, -1);
            }
        }
    }
}

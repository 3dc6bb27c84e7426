package io.tenure.client;

import com.google.protobuf.ByteString;

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
        int codePoint;
        for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new InvalidRequestException(
                        what + " has an unpaired surrogate at position " + i + ", which is not Unicode text", -1, -1);
            }
        }
        return ByteString.copyFromUtf8(text);
    }
}

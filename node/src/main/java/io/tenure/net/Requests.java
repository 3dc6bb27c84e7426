package io.tenure.net;

import com.google.protobuf.ByteString;
import io.tenure.protocol.proto.SetRequest;

/** What is wrong with a request, in a sentence for the client with the limit in it; null if nothing is. */
final class Requests {
    private Requests() {}

    static String wrongWith(SetRequest set, int keyBytesMax, int valueBytesMax) {
        String wrong = wrongWithKey(set.getKey(), keyBytesMax);
        if (wrong != null) {
            return wrong;
        }
        ByteString value = set.getValue();
        if (value.size() > valueBytesMax) {
            return "a value of " + value.size() + " bytes; at most " + valueBytesMax + " are allowed";
        }
        if (!value.isValidUtf8()) {
            return "the value is not valid UTF-8";
        }
        if (set.getSession() == 0) {
            return "a write needs a session; open one first";
        }
        if (set.getNumber() < 1) {
            return "number " + Long.toUnsignedString(set.getNumber()) + " is not in 1.." + Long.MAX_VALUE;
        }
        if (set.getBirthIndex() < 0) {
            return "birth_index " + set.getBirthIndex() + " is negative";
        }
        return null;
    }

    static String wrongWithKey(ByteString key, int keyBytesMax) {
        if (key.size() > keyBytesMax) {
            return "a key of " + key.size() + " bytes; at most " + keyBytesMax + " are allowed";
        }
        return key.isValidUtf8() ? null : "the key is not valid UTF-8";
    }
}

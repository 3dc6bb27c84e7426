package io.tenure.net;

import com.google.protobuf.ByteString;
import io.tenure.protocol.SetFrame;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.SetRequest;

/** What is wrong with a request, in a sentence for the client with the limit in it; null if nothing is. */
final class Requests {
    private Requests() {}

    static String wrongWith(SetRequest set, int keyBytesMax, int valueBytesMax) {
        String wrong = wrongWithKey(set.getKey(), keyBytesMax);
        if (wrong != null) {
            return wrong;
        }
        wrong = wrongWithValue(set.getValue().size(), valueBytesMax);
        if (wrong != null) {
            return wrong;
        }
        return set.getValue().isValidUtf8()
                ? wrongWithName(set.getSession(), set.getBirthIndex(), set.getNumber())
                : "the value is not valid UTF-8";
    }

    /** Key and value are ASCII. */
    static String wrongWith(SetFrame set, int keyBytesMax, int valueBytesMax) {
        String wrong = wrongWithKey(set.keyLength(), keyBytesMax);
        wrong = wrong == null ? wrongWithValue(set.valueLength(), valueBytesMax) : wrong;
        return wrong == null ? wrongWithName(set.session(), set.birthIndex(), set.number()) : wrong;
    }

    static String wrongWith(GetRequest get, int keyBytesMax) {
        String wrong = wrongWithKey(get.getKey(), keyBytesMax);
        if (wrong != null) {
            return wrong;
        }
        if (get.getLeastIndex() < 0) {
            return "least_index " + get.getLeastIndex() + " is negative";
        }
        return switch (get.getMode()) {
            case UNRECOGNIZED ->
                "read mode " + get.getModeValue()
                        + " is not known; LEASE is 0, QUORUM is 1, FOLLOWER is 2, SESSION is 3, BOUNDED is 4";
            case BOUNDED ->
                get.getStalenessMillisMax() < 1
                        ? "staleness_millis_max " + get.getStalenessMillisMax() + " is below 1"
                        : null;
            default -> null;
        };
    }

    static String wrongWithKey(ByteString key, int keyBytesMax) {
        String wrong = wrongWithKey(key.size(), keyBytesMax);
        return wrong != null || key.isValidUtf8() ? wrong : "the key is not valid UTF-8";
    }

    private static String wrongWithKey(int bytes, int bytesMax) {
        return bytes > bytesMax ? "a key of " + bytes + " bytes; at most " + bytesMax + " are allowed" : null;
    }

    private static String wrongWithValue(int bytes, int bytesMax) {
        return bytes > bytesMax ? "a value of " + bytes + " bytes; at most " + bytesMax + " are allowed" : null;
    }

    private static String wrongWithName(long session, long birthIndex, long number) {
        if (session == 0) {
            return "a write needs a session; open one first";
        }
        if (number < 1) {
            return "number " + Long.toUnsignedString(number) + " is not in 1.." + Long.MAX_VALUE;
        }
        return birthIndex < 0 ? "birth_index " + birthIndex + " is negative" : null;
    }
}

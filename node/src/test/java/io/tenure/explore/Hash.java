package io.tenure.explore;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** 128 bits by which things are recognised. */
record Hash(long high, long low) {
    static final Hash NONE = new Hash(0, 0);

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Hash::sha256);

    static Hash of(byte[] bytes) {
        ByteBuffer digest = ByteBuffer.wrap(DIGEST.get().digest(bytes));
        return new Hash(digest.getLong(), digest.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

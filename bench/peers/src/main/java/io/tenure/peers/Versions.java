package io.tenure.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which versions of the libraries this was built with: the build writes them into a file beside this class. */
public final class Versions {
    private static final Properties ALL = new Properties();

    static {
        try (InputStream in = Versions.class.getResourceAsStream("/peers.properties")) {
            ALL.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Versions() {}

    /** The version of a library, named as in the build. */
    public static String of(String name) {
        return ALL.getProperty(name);
    }
}

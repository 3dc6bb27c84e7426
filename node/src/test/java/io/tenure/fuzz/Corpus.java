package io.tenure.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The inputs that are kept, as text: {@code fuzz/<target>.txt} among the test resources, one case a line, {@code <name>
 * <input>}. In an input, printable ASCII stands for itself; a backslash is {@code \\}, a line feed {@code \n}, every other
 * byte {@code \xNN}. Lines that begin with {@code #} are comments.
 */
public final class Corpus {
    /** A kept input; the name says what it is for. */
    public static final class Case {
        private final String name;
        private final byte[] input;

        Case(String name, byte[] input) {
            this.name = name;
            this.input = input;
        }

        /** What the input is for; or, of one that was found, what found it. */
        public String name() {
            return name;
        }

        /** The input itself. */
        public byte[] input() {
            return input;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private Corpus() {}

    /** The cases of a target. */
    public static List<Case> of(FuzzTarget target) {
        String file = "/fuzz/" + target.label() + ".txt";
        List<Case> cases = new ArrayList<>();
        try (InputStream resource = Corpus.class.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalStateException(file + " is missing");
            }
            for (String line : new String(resource.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    int space = line.indexOf(' ');
                    cases.add(
                            space < 0
                                    ? new Case(line, new byte[0])
                                    : new Case(line.substring(0, space), unescape(line.substring(space + 1))));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
        return cases;
    }

    /** An input as it stands in a corpus file. */
    public static String escape(byte[] input) {
        StringBuilder text = new StringBuilder(input.length * 2);
        for (byte unit : input) {
            if (unit == '\\') {
                text.append("\\\\");
            } else if (unit == '\n') {
                text.append("\\n");
            } else if (unit < ' ' || unit == 0x7f) {
                text.append(String.format("\\x%02x", unit));
            } else {
                text.append((char) unit);
            }
        }
        return text.toString();
    }

    /** What {@link #escape} has made text of. */
    public static byte[] unescape(String text) {
        ByteArrayOutputStream input = new ByteArrayOutputStream(text.length());
        int at = 0;
        while (at < text.length()) {
            char letter = text.charAt(at);
            char escaped = letter == '\\' ? text.charAt(at + 1) : 0;
            switch (escaped) {
                case 0 -> input.write(letter);
                case '\\' -> input.write('\\');
                case 'n' -> input.write('\n');
                case 'x' -> input.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
                default -> throw new IllegalArgumentException("unknown escape in: " + text);
            }
            at += escaped == 0 ? 1 : escaped == 'x' ? 4 : 2;
        }
        return input.toByteArray();
    }
}

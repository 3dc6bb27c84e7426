package io.tenure.node;

/**
 * Settings that can't be used. The message is meant for the operator and stands alone:
 * {@code node0.yaml:7: leaseMillis: 20000 is not allowed: too large; allowed: 105..10000}.
 */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Longest part of a bad value that is quoted, in characters. */
    private static final int QUOTE_CHARS_MAX = 80;

    SettingsException(String message) {
        super(message);
    }

    /** Complains of a line: {@code file:line: what; allowed: allowed}. */
    static SettingsException at(String fileName, int line, String what, String allowed) {
        return new SettingsException(fileName + ":" + line + ": " + what + "; allowed: " + allowed);
    }

    /** A value as it may stand in a message: of one line, not too long. */
    static String quote(String value) {
        StringBuilder quoted = new StringBuilder();
        int chars = Math.min(value.length(), QUOTE_CHARS_MAX);
        for (int i = 0; i < chars; i++) {
            char c = value.charAt(i);
            quoted.append(Character.isISOControl(c) ? '?' : c);
        }
        if (chars < value.length()) {
            quoted.append("...");
        }
        return quoted.isEmpty() ? "\"\"" : quoted.toString();
    }
}

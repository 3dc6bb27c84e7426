package io.tenure.node;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A settings file: read, or refused in one line that names file and line and says what is allowed. */
public final class SettingsTarget {
    private static final Pattern REFUSAL = Pattern.compile(
            "node\\.yaml:[1-9][0-9]*: \\P{Cntrl}+(; allowed: \\P{Cntrl}+| is not a setting; \\P{Cntrl}+)");

    private SettingsTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        try {
            Settings settings = Settings.parse("node.yaml", SettingsFile.decode("node.yaml", input));
            settings.toParameters();
            settings.summary();
        } catch (SettingsException e) {
            String message = e.getMessage();
            if (!REFUSAL.matcher(message).matches()) {
                throw new AssertionError("a refusal that does not help: " + message, e);
            }
            int line = Integer.parseInt(message.substring(10, message.indexOf(':', 10)));
            int lines = new String(input, StandardCharsets.UTF_8).split("\\R|\u0085|\u2028|\u2029", -1).length;
            if (line > lines) {
                throw new AssertionError("line " + line + " of " + lines + ": " + message, e);
            }
        }
    }
}

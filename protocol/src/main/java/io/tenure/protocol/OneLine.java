package io.tenure.protocol;

/**
 * What a stranger said, as it may stand in a log or on a terminal: one line, nothing that moves the cursor or turns the
 * direction of writing. Whatever else there was is a question mark.
 */
public final class OneLine {
    private OneLine() {}

    /** The text without what must not stand in a line, cut to {@code charsMax}. */
    public static String of(String text, int charsMax) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), charsMax));
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            int shown = isShown(codePoint) ? codePoint : '?';
            if (line.length() + Character.charCount(shown) > charsMax) {
                break;
            }
            line.appendCodePoint(shown);
        }
        return line.toString();
    }

    private static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}

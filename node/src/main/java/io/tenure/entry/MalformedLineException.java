package io.tenure.entry;

/** A line is not what the formatter can have produced. The message says what is wrong and in which column. */
public final class MalformedLineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int column;

    /**
     * Makes the error.
     *
     * @param column first byte at fault, counted from 1
     */
    public MalformedLineException(int column, String problem) {
        super("column " + column + ": " + problem);
        this.column = column;
    }

    /** First byte at fault, counted from 1. */
    public int column() {
        return column;
    }
}

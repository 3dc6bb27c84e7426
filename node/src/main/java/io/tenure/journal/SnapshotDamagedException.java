package io.tenure.journal;

/** A file is no whole, good snapshot. */
public final class SnapshotDamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final long line;
    private final String problem;

    /** Makes the error; {@code line} is counted from 1, 0 if it is about the file as a whole. */
    public SnapshotDamagedException(String file, long line, String problem) {
        super(file + (line > 0 ? ", line " + line : "") + ": " + problem);
        this.file = file;
        this.line = line;
        this.problem = problem;
    }

    public String file() {
        return file;
    }

    /** Counted from 1; 0 if it is about the file as a whole. */
    public long line() {
        return line;
    }

    public String problem() {
        return problem;
    }
}

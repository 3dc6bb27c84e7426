package io.tenure.journal;

import java.io.IOException;

/** Keeps what a full disk has stopped, so that it is done again when there is room. Confined to one thread. */
final class RoomWait {
    /** Something that can be done again from its beginning. */
    interface Step {
        /** Whether anything came of it. */
        boolean run() throws IOException;
    }

    private final String folder;

    /** What is to be done again; null if nothing waits. */
    private Step waiting;

    RoomWait(String folder) {
        this.folder = folder;
    }

    /** Whether something waits for room. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** Has that be done when there is room. */
    void waitToDo(Step step) {
        waiting = step;
    }

    /** Does it, or has it wait for room, which counts as something that came of it. */
    boolean attempt(String what, Step step) {
        try {
            return step.run();
        } catch (DiskFullException e) {
            waiting = step;
            return true;
        } catch (IOException e) {
            throw failure(what, e);
        }
    }

    /** Does what waits; whether it has had room. */
    boolean goOn() {
        Step step = waiting;
        waiting = null;
        attempt("repair", step);
        return waiting == null;
    }

    /** What to throw for every other error. */
    JournalFailure failure(String what, IOException cause) {
        return new JournalFailure("Can't " + what + " in " + folder + ": " + JournalException.describe(cause), cause);
    }
}

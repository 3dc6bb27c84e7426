package io.tenure.client.logic;

import io.tenure.client.logic.Operation.Kind;
import io.tenure.protocol.proto.SessionOpened;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Names writes (DESIGN.md, D6): a session is opened when the first write wants one, each write gets the next number in
 * it, and waits while the window is full. A write that may have reached a log keeps its name for ever; any other moves
 * on to a new session when its own is lost.
 */
final class SessionNumbers {
    /** Writes without a name, oldest first. */
    private final Set<Operation> unnumbered = new LinkedHashSet<>();

    private SessionOpened session;
    private NumberWindow window;
    /** Sessions lost since a write was last done. */
    private int losses;

    boolean isSessionWanted() {
        return session == null && !unnumbered.isEmpty();
    }

    int losses() {
        return losses;
    }

    void add(Operation operation) {
        operation.state = Operation.State.UNNUMBERED;
        operation.writeId = null;
        unnumbered.add(operation);
    }

    void opened(SessionOpened newSession) {
        session = newSession;
        window = new NumberWindow(newSession.getWindow());
    }

    /** Names as many waiting writes as the window has room for, and returns them. */
    List<Operation> number() {
        if (session == null || unnumbered.isEmpty() || !window.hasRoom()) {
            return List.of();
        }
        List<Operation> numbered = new ArrayList<>();
        for (var each = unnumbered.iterator(); each.hasNext() && window.hasRoom(); ) {
            Operation operation = each.next();
            each.remove();
            operation.writeId = new WriteId(session.getSession(), session.getBirthIndex(), window.open());
            numbered.add(operation);
        }
        return numbered;
    }

    /** A write of unknown outcome is asked for again. */
    void asked(Operation operation) {
        if (isCurrent(operation)) {
            window.reopen(operation.writeId.number());
        }
    }

    /** Whether the write has a name that is of no use, and may have another: no log can hold it under the old one. */
    boolean mayMove(Operation operation) {
        return operation.kind == Kind.SET && operation.uncertain == 0 && !isCurrent(operation);
    }

    /** The operation will not be sent again. */
    void ended(Operation operation) {
        unnumbered.remove(operation);
        if (isCurrent(operation)) {
            window.close(operation.writeId.number());
        }
    }

    /** A write is done: sessions work. */
    void done() {
        losses = 0;
    }

    /** The cluster refused this write's name; if it is of the current session, that one is over. */
    void lost(Operation operation) {
        if (isCurrent(operation)) {
            session = null;
            losses++;
        }
    }

    private boolean isCurrent(Operation operation) {
        return session != null && operation.writeId != null && operation.writeId.session() == session.getSession();
    }
}

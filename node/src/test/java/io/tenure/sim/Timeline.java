package io.tenure.sim;

import java.util.PriorityQueue;

/**
 * The one clock of a simulated world and what is due on it. Time is real time as a god would measure it, in nanoseconds
 * from 0; it moves only from one event to the next. Events due at the same instant run in the order in which they were
 * scheduled, so that a run depends on nothing but its seed.
 */
final class Timeline {
    /** No time at all. */
    static final long NEVER = Long.MAX_VALUE;

    /** Something that is due; can be called off. */
    static final class Event {
        private final long time;
        private final long order;
        private Runnable action;

        private Event(long time, long order, Runnable action) {
            this.time = time;
            this.order = order;
            this.action = action;
        }

        /** When it is due. */
        long time() {
            return time;
        }

        /** Calls it off; harmless if it has happened. */
        void cancel() {
            action = null;
        }
    }

    private final PriorityQueue<Event> due = new PriorityQueue<>(1024, Timeline::compare);
    private long now;
    private long scheduled;
    private long happened;

    /** The present. */
    long now() {
        return now;
    }

    /** How many events have happened. */
    long happened() {
        return happened;
    }

    /** Has {@code action} happen at {@code time}, or now if that has passed. */
    Event at(long time, Runnable action) {
        Event event = new Event(Math.max(time, now), scheduled++, action);
        due.add(event);
        return event;
    }

    /** Has {@code action} happen in {@code delayNanos}. */
    Event in(long delayNanos, Runnable action) {
        return at(now + delayNanos, action);
    }

    /** Lets everything happen that is due up to {@code end}, which is the present afterwards. */
    void runUntil(long end) {
        while (!due.isEmpty() && due.peek().time <= end) {
            Event event = due.poll();
            if (event.action == null) {
                continue;
            }
            now = event.time;
            happened++;
            event.action.run();
        }
        now = Math.max(now, end);
    }

    private static int compare(Event a, Event b) {
        int byTime = Long.compare(a.time, b.time);
        return byTime != 0 ? byTime : Long.compare(a.order, b.order);
    }
}

package io.tenure.bench.relay;

import java.util.function.Consumer;

/** Who is told what a relay's target does. */
interface TargetWatch {
    /** Nobody. */
    TargetWatch NONE = new TargetWatch() {
        @Override
        public void targetIsGone() {}

        @Override
        public void whetherThere(Consumer<Boolean> answer) {
            answer.accept(true);
        }
    };

    /** A connection to the target was refused. */
    void targetIsGone();

    /** Tells whether somebody listens at the target, which has just closed a connection. */
    void whetherThere(Consumer<Boolean> answer);
}

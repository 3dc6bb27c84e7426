package io.tenure.bench.compare;

import io.tenure.bench.Target;

/** A client of a system that is compared. */
public interface Contender extends Target {
    /** Id of the node that leads, or -1 if that is not known now. May take a while. */
    int leader();
}

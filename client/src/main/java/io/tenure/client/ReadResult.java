package io.tenure.client;

import java.time.Duration;
import java.util.Optional;

/**
 * What was read.
 *
 * @param value empty if the key is absent
 * @param node id of the node that answered
 * @param term of that node then
 * @param index nothing after it in the log is in the answer
 * @param age how old the data were at most; zero if the read is linearizable, empty if the node can't tell
 */
public record ReadResult(Optional<String> value, int node, long term, long index, Optional<Duration> age) {}

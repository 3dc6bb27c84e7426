package io.tenure.handoff;

import java.util.List;

/**
 * What a snapshot holds of one client session (DESIGN.md, D6).
 *
 * @param forgottenUpTo an older window of the session may have been evicted, with entries up to this index; 0 if not
 * @param highest largest request number seen
 * @param lastIndex largest log index of the session
 * @param indexes log index of the requests {@code highest}, {@code highest - 1}, ...; 0 for one that was never appended
 */
public record SessionRecord(long id, long forgottenUpTo, long highest, long lastIndex, List<Long> indexes) {}

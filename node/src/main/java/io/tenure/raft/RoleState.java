package io.tenure.raft;

/** What a node knows only as long as it has a role; it ends with the role. */
sealed interface RoleState permits Follower, Candidate, Leader {
    Role role();

    /** When this role has something to do though nothing arrives. */
    long wakeAtNanos();
}

package io.tenure.raft;

/** What a node is in its term (paper, figure 4). */
public enum Role {
    FOLLOWER,
    /** Standing for election, or asking in a pre-vote whether to stand. */
    CANDIDATE,
    LEADER
}

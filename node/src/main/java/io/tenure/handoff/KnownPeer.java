package io.tenure.handoff;

/**
 * Out of which data folder, and in which of its lives, a peer was last seen to speak.
 *
 * @param id the peer's node id
 * @param incarnation drawn when the folder was made
 * @param bootCount how often the peer has started out of that folder; {@link #SHUT_OUT} if that folder may speak no more
 * @param bootId drawn by the peer at that start: two with one count tell that the folder was put back; 0 if there is none
 */
public record KnownPeer(int id, long incarnation, long bootCount, long bootId) {
    /** More than any folder reaches: every later start out of it is one too late. */
    public static final long SHUT_OUT = Long.MAX_VALUE;
}

package io.tenure.sim;

import io.tenure.raft.HardState;
import java.util.Arrays;

/**
 * Term, vote and longest promise as the platters of the nodes hold them. Looks only when what it saw last is not enough:
 * terms and promises grow, and the vote of a term doesn't change.
 */
final class DurableState {
    private final HardState[] seen;

    DurableState(int nodes) {
        seen = new HardState[nodes];
        Arrays.fill(seen, HardState.INITIAL);
    }

    HardState atLeastTerm(SimNode node, long term) {
        return seen[node.id].term() >= term ? seen[node.id] : look(node);
    }

    HardState withVote(SimNode node, long term, int candidate) {
        HardState state = seen[node.id];
        boolean enough = state.term() > term || (state.term() == term && state.votedFor() == candidate);
        return enough ? state : look(node);
    }

    HardState withPromise(SimNode node, long millis) {
        return seen[node.id].leasePromisedMillisMax() >= millis ? seen[node.id] : look(node);
    }

    /** The node's folder is another one now. */
    void forget(SimNode node) {
        seen[node.id] = HardState.INITIAL;
    }

    private HardState look(SimNode node) {
        String metadata = node.durableMetadata();
        seen[node.id] = metadata.isEmpty() ? HardState.INITIAL : parse(metadata);
        return seen[node.id];
    }

    private static HardState parse(String text) {
        String vote = field(text, "votedFor");
        return new HardState(
                Long.parseLong(field(text, "term")),
                switch (vote) {
                    case "none" -> HardState.NO_VOTE;
                    case "forgotten" -> HardState.FORGOTTEN_VOTE;
                    default -> Integer.parseInt(vote);
                },
                Long.parseLong(field(text, "leasePromisedMillisMax")));
    }

    private static String field(String text, String name) {
        int at = text.indexOf("\n" + name + " ");
        int from = at + name.length() + 2;
        return text.substring(from, text.indexOf('\n', from));
    }
}

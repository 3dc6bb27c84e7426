package io.tenure.explore;

import io.tenure.raft.Message;
import io.tenure.raft.OldLease;
import io.tenure.raft.Output;
import io.tenure.raft.Role;
import io.tenure.sim.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * All states that single nodes were found in, all events, and what each event does to each state: found out by running the
 * real core through the events that first led to the state, and remembered. This is sound because the core is deterministic
 * and nodes share nothing.
 *
 * <p>Renaming the nodes is found out in the same way: the renamed state is where the renamed events lead the renamed node.
 * It is sound to call states equal that differ in names alone as far as the core does not care for names; a test counts.
 */
final class LocalStates {
    /** What an event does to a node and around it. */
    static final class Outcome {
        /** State of the node afterwards; -1 if that is out of scope. */
        int state = -1;
        /** Messages sent, as events, none twice. */
        int[] sent = new int[0];

        NodeRun.Effects effects;
        /** What it breaks, or null. */
        Violation violation;
        /** Whether anything changes that the history notes. */
        boolean noted;
    }

    /** The ways to rename three nodes; the first one leaves all names as they are. */
    static final int[][] RENAMINGS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private static final int NOT_A_MESSAGE = -1;

    private final Scope scope;
    private final CanonicalForm form;
    private final List<Event> events = new ArrayList<>();
    private final List<Integer> receivers = new ArrayList<>();
    private final Map<Event, Integer> eventIds = new HashMap<>();
    private final Map<Hash, Integer> messageIds = new HashMap<>();
    private final List<int[]> renamedEvents = new ArrayList<>();

    private final Map<Hash, Integer> stateIds = new HashMap<>();
    private final List<Facts> facts = new ArrayList<>();
    private final List<int[]> origins = new ArrayList<>();
    private final List<int[]> renamedStates = new ArrayList<>();
    private final Long2ObjectHashMap<Outcome> outcomes = new Long2ObjectHashMap<>();

    LocalStates(Scope scope) {
        this.scope = scope;
        this.form = new CanonicalForm(scope);
    }

    int states() {
        return facts.size();
    }

    int outcomes() {
        return outcomes.size();
    }

    int events() {
        return events.size();
    }

    Facts facts(int state) {
        return facts.get(state);
    }

    Event event(int event) {
        return events.get(event);
    }

    int receiver(int message) {
        return receivers.get(message);
    }

    /** The state of a node that has just been started for the first time. */
    int boot(int node, int rate) {
        Event.Boot boot = new Event.Boot(node, rate);
        return intern(new NodeRun(scope, boot), new int[] {-1, idOf(boot)});
    }

    /** What {@code event} does to a node in {@code state}. */
    Outcome outcome(int state, int event) {
        long key = (long) state << 32 | event;
        Outcome outcome = outcomes.get(key);
        if (outcome == null) {
            outcome = run(state, event);
            outcomes.put(key, outcome);
        }
        return outcome;
    }

    private Outcome run(int state, int event) {
        Outcome outcome = new Outcome();
        NodeRun run = replay(state);
        Facts before = facts.get(state);
        try {
            run.take(events.get(event));
            if (run.raft.currentTerm() >= scope.terms) {
                return outcome;
            }
            outcome.state = intern(run, new int[] {state, event});
            checkGrowth(before, facts.get(outcome.state), events.get(event));
        } catch (Violation e) {
            outcome.violation = e;
            return outcome;
        } catch (IllegalStateException e) {
            outcome.violation = new Violation("CoreAgrees", "node " + before.node + ": " + e.getMessage());
            return outcome;
        }
        outcome.effects = run.effects;
        outcome.sent = run.effects.sent.stream()
                .mapToInt(send -> messageId(before.node, send))
                .distinct()
                .toArray();
        run.effects.sent.clear();
        Facts after = facts.get(outcome.state);
        outcome.noted = after.leads != before.leads
                || after.commit != before.commit
                || after.readable != before.readable
                || !run.effects.acknowledged.isEmpty()
                || !run.effects.quorumAnswers.isEmpty()
                || run.effects.quorumRefusals > 0
                || run.effects.readOver;
        return outcome;
    }

    private static void checkGrowth(Facts before, Facts after, Event event) {
        boolean crash = event instanceof Event.Crash;
        if (!crash && (after.term < before.term || after.commit < before.commit)) {
            throw new Violation("TermAndCommitMonotone", "node " + after.node + " went back: " + after);
        }
        boolean leadsOn = !crash && before.leads >= 0 && after.leads == before.leads;
        int length = Entries.length(before.log);
        if (leadsOn && Entries.prefix(after.log, length) != before.log) {
            throw new Violation("LeaderAppendOnly", "node " + after.node + " had " + Entries.toText(before.log));
        }
    }

    /** The node itself, brought into a state. */
    private NodeRun replay(int state) {
        ArrayList<Event> path = new ArrayList<>();
        for (int at = state; at >= 0; at = origins.get(at)[0]) {
            path.add(events.get(origins.get(at)[1]));
        }
        NodeRun run = new NodeRun(scope, (Event.Boot) path.get(path.size() - 1));
        for (int i = path.size() - 2; i >= 0; i--) {
            run.take(path.get(i));
        }
        return run;
    }

    private int intern(NodeRun run, int[] origin) {
        Hash hash = Hash.of(form.of(run));
        Integer known = stateIds.get(hash);
        if (known != null) {
            return known;
        }
        Facts here = new Facts(run);
        int id = facts.size();
        stateIds.put(hash, id);
        facts.add(here);
        origins.add(origin);
        renamedStates.add(new int[RENAMINGS.length]);
        return id;
    }

    int idOf(Event event) {
        Integer known = eventIds.get(event);
        if (known != null) {
            return known;
        }
        int id = addEvent(event, NOT_A_MESSAGE);
        eventIds.put(event, id);
        return id;
    }

    private int messageId(int from, Output.Send send) {
        return messageId(from, send.to(), send.message());
    }

    private int messageId(int from, int to, Message message) {
        Hash hash = Hash.of(form.of(from, to, message));
        Integer known = messageIds.get(hash);
        if (known != null) {
            return known;
        }
        int id = addEvent(new Event.Deliver(from, message), to);
        messageIds.put(hash, id);
        return id;
    }

    private int addEvent(Event event, int receiver) {
        events.add(event);
        receivers.add(receiver);
        renamedEvents.add(new int[RENAMINGS.length]);
        return events.size() - 1;
    }

    /** The state under other names. */
    int renamedState(int state, int renaming) {
        if (renaming == 0) {
            return state;
        }
        int known = renamedStates.get(state)[renaming];
        if (known > 0) {
            return known - 1;
        }
        int[] origin = origins.get(state);
        int renamed;
        if (origin[0] < 0) {
            Event.Boot boot = (Event.Boot) events.get(origin[1]);
            renamed = boot(RENAMINGS[renaming][boot.node()], boot.rate());
        } else {
            renamed = outcome(renamedState(origin[0], renaming), renamedEvent(origin[1], renaming)).state;
        }
        if (renamed < 0) {
            throw new IllegalStateException("the core behaves otherwise under other names");
        }
        renamedStates.get(state)[renaming] = renamed + 1;
        return renamed;
    }

    /** The event under other names. */
    int renamedEvent(int event, int renaming) {
        if (renaming == 0 || receivers.get(event) == NOT_A_MESSAGE) {
            return event;
        }
        int known = renamedEvents.get(event)[renaming];
        if (known > 0) {
            return known - 1;
        }
        int[] names = RENAMINGS[renaming];
        Event.Deliver deliver = (Event.Deliver) events.get(event);
        Message message = deliver.message();
        if (message instanceof Message.RequestVoteReply reply) {
            List<OldLease> leases = new ArrayList<>();
            for (OldLease lease : reply.oldLeases()) {
                int holder = lease.holder() < 0 ? lease.holder() : names[lease.holder()];
                leases.add(new OldLease(holder, lease.term(), lease.epoch(), lease.remainingMillis()));
            }
            leases.sort((a, b) -> Integer.compare(order(a), order(b)));
            message = new Message.RequestVoteReply(
                    reply.term(), reply.preVote(), reply.granted(), reply.requestTerm(), leases);
        }
        int renamed = messageId(names[deliver.from()], names[receivers.get(event)], message);
        renamedEvents.get(event)[renaming] = renamed + 1;
        return renamed;
    }

    /** Voters tell known holders by their ids, and the unknown one last. */
    private static int order(OldLease lease) {
        return lease.holder() < 0 ? Integer.MAX_VALUE : lease.holder();
    }

    /** The same AppendEntry of a leader that leads no more: nobody will look at the number that comes back. */
    int withoutNumber(int message) {
        Event.Deliver deliver = (Event.Deliver) events.get(message);
        if (!(deliver.message() instanceof Message.AppendEntry append) || append.seq() == 1) {
            return message;
        }
        Message.AppendEntry plain = new Message.AppendEntry(
                append.term(),
                append.prev(),
                append.entries(),
                append.leaderCommit(),
                append.leaseMillis(),
                append.leaseEpoch(),
                1);
        return messageId(deliver.from(), receivers.get(message), plain);
    }

    /**
     * Whether a message can do nothing any more, whatever happens: it answers a question that its receiver can never again
     * wait for, in a term that its receiver has on disk. A node leads a term at most once, and asks for its votes once.
     */
    static boolean isDead(Message message, Facts receiver) {
        long disk = receiver.durableTerm;
        if (message.term() > disk) {
            return false;
        }
        boolean follows = receiver.role == Role.FOLLOWER && receiver.term == disk;
        boolean noMoreWait =
                receiver.leads == disk && !receiver.waiting; // all it could tell is that its sender has stopped
        if (message instanceof Message.AppendEntryReply reply) {
            boolean ofItsOwnTerm = reply.seq() > 0 || reply.success();
            return ofItsOwnTerm
                    ? receiver.leads < 0 || receiver.leads != reply.term()
                    : reply.term() < disk || follows || noMoreWait;
        }
        if (message instanceof Message.RequestVoteReply reply) {
            if (reply.preVote()) {
                return !reply.granted() || reply.requestTerm() <= disk;
            }
            return reply.requestTerm() < disk || follows || noMoreWait;
        }
        return false;
    }
}

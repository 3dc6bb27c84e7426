package io.tenure.sim;

import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.util.random.RandomGenerator;

/**
 * Carries frames between nodes, as far as a filter lets them pass. On request it keeps words that release leases back for long,
 * or brings them once more when they are long out of date (LEASE.md 4, #18).
 */
final class SimPost {
    private final World world;
    private final RandomGenerator random;
    private MessageFilter filter = (from, to, message) -> true;
    private boolean delaysReleases;

    SimPost(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** Only what passes travels from now on. */
    void filter(MessageFilter newFilter) {
        filter = newFilter;
    }

    /** Whether words that release leases come late and twice now and then. */
    void delayReleases(boolean delays) {
        delaysReleases = delays;
    }

    /** Takes a frame from node to node. */
    void carry(SimDoor sender, int to, Message message, byte[] frame) {
        if (!filter.passes(sender.nodeId(), to, message)) {
            return;
        }
        boolean isRelease = delaysReleases && KnownReleases.in(message) != null;
        if (isRelease && random.nextInt(4) == 0) {
            world.timeline().in(delay(), () -> send(sender, to, frame));
        } else {
            send(sender, to, frame);
        }
        if (isRelease && random.nextInt(3) == 0) {
            world.timeline().in(delay(), () -> send(sender, to, frame));
        }
    }

    private long delay() {
        return random.nextLong(3L * 1_000_000 * world.scenario().electionMillisMax);
    }

    private void send(SimDoor sender, int to, byte[] frame) {
        int from = sender.nodeId();
        long addressee = world.nodes().get(to).incarnation;
        world.network().send(from, to, () -> {
            SimProcess process = world.process(to);
            boolean sameFolder = world.nodes().get(to).incarnation == addressee;
            if (process != null && sameFolder && process.hears(sender)) {
                world.story().mix(world.timeline().now(), from * 31L + to, frame.length);
                process.receive(from, frame);
            }
        });
    }

    /** Whether a node would know of a connection to another one. */
    boolean isLinkUp(int from, int to) {
        return world.process(to) != null && !world.network().isCut(from, to);
    }

    /** A process died: most of the others find out that nobody listens there, if they can get there. */
    void gone(int id) {
        for (SimNode node : world.nodes()) {
            long delay = random.nextLong(25_000_000);
            if (node.id != id && random.nextInt(4) > 0) {
                world.timeline().in(delay, () -> {
                    SimProcess process = world.process(node.id);
                    if (process != null
                            && world.process(id) == null
                            && !world.network().isCut(node.id, id)) {
                        process.tell(new Input.PeerGone(id));
                    }
                });
            }
        }
    }

    /** A process takes part: it and the others learn, soon, that there are links between them. */
    void linkUp(SimProcess process) {
        for (SimNode node : world.nodes()) {
            SimProcess other = world.process(node.id);
            if (other != null && other != process) {
                world.timeline().in(random.nextLong(20_000_000), () -> process.linkUp(node.id));
                world.timeline().in(random.nextLong(20_000_000), () -> other.linkUp(process.node().id));
            }
        }
    }
}

package io.tenure.sim;

import io.tenure.raft.Input;
import java.util.random.RandomGenerator;

/**
 * Moves leadership about at moments that the seed draws: on request, past the clients, and by stops in good order; and cuts the
 * way to the successor now and then, so that a transfer is given up and its word comes late (LEASE.md 4, #17 and #18).
 */
final class Moves {
    private static final long MILLI = 1_000_000;

    private final World world;
    private final Scenario scenario;
    private final RandomGenerator random;
    private boolean ended;

    Moves(World world, RandomGenerator random) {
        this.world = world;
        this.scenario = world.scenario();
        this.random = random;
    }

    void begin() {
        later();
    }

    /** Nothing new from now on. */
    void end() {
        ended = true;
    }

    private void later() {
        long nanos = (long) (-Math.log(1 - random.nextDouble()) * 1.5 * scenario.faultNanosMean);
        world.timeline().in(50 * MILLI + nanos, this::move);
    }

    private void move() {
        if (ended) {
            return;
        }
        later();
        int leader = Nemesis.leaderOf(world);
        if (leader < 0) {
            return;
        }
        int target = random.nextInt(4) == 0 ? Input.Transfer.ANY : random.nextInt(scenario.nodes);
        switch (random.nextInt(9)) {
            case 0 -> {
                int client = random.nextInt(scenario.clients);
                tell("client " + client + " wants leadership moved to " + target);
                world.clients().get(client).transfer(target);
            }
            case 1, 2 -> transfer(leader, target);
            case 3, 4 -> {
                transfer(leader, target);
                if (target >= 0 && target != leader) {
                    // Around the time at which the successor is asked to stand.
                    long until = 100_000 + random.nextLong(5 * MILLI);
                    world.timeline().in(until, () -> cut(leader, target));
                }
            }
            case 5 -> {
                tell("node " + leader + " is told to move leadership twice");
                transfer(leader, target);
                transfer(leader, Input.Transfer.ANY);
            }
            case 6 -> hint(leader);
            default -> world.stop(leader, MILLI * (2 + random.nextInt(2 * scenario.electionMillisMax)));
        }
    }

    /** Some believe that the leader's process is gone, which is not so. */
    private void hint(int leader) {
        for (int id = 0; id < scenario.nodes; id++) {
            if (id != leader && world.process(id) != null && random.nextInt(4) > 0) {
                tell("node " + id + " takes node " + leader + " for dead");
                world.process(id).tell(new Input.PeerGone(leader));
            }
        }
    }

    private void transfer(int leader, int target) {
        tell("node " + leader + " is told to move leadership to " + (target < 0 ? "anybody" : "node " + target));
        world.process(leader).tell(new Input.Transfer(Input.NO_TICKET, target, Long.MAX_VALUE));
    }

    private void cut(int leader, int target) {
        if (!ended) {
            tell("nodes " + leader + " and " + target + " are cut off from each other");
            world.network().part(leader, target);
        }
    }

    private void tell(String deed) {
        world.story().tell(world.timeline().now(), deed);
    }
}

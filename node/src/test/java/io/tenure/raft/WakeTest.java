package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * {@link Raft#wakeAtNanos}: a cluster that gets turns only when a message, a completion or a request arrives, or when it asked to
 * be woken, makes progress, and asks for few wake-ups. Messages are delayed, lost and reordered, disks take their time, nodes
 * crash; then the faults stop.
 */
final class WakeTest {
    private static final int TICKS_A_SECOND_MAX = 60;
    private static final long SECOND = Tuning.nanos(1_000);

    private record Happening(long at, long order, int node, int boot, Input input) implements Comparable<Happening> {
        @Override
        public int compareTo(Happening other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private static final class World {
        private final SplittableRandom random;
        private final Tuning tuning;
        private final List<TestNode> nodes = new ArrayList<>();
        private final int[] boots;
        private final PriorityQueue<Happening> queue = new PriorityQueue<>();
        private final Map<Integer, List<Long>> ticks = new HashMap<>();
        private boolean faults = true;
        private int messages;
        private int writes;
        private long order;
        private long now = SECOND;

        private World(SplittableRandom random) {
            this.random = random;
            tuning = Tuning.of(random.nextBoolean() ? 3 : random.nextBoolean() ? 5 : 1);
            tuning.leaseMillis(random.nextInt(120, 1_500)).logWindowBytesMax(random.nextBoolean() ? 200 : 1 << 20);
            if (random.nextBoolean()) {
                tuning.strict();
            }
            boots = new int[tuning.nodes];
            for (int id = 0; id < tuning.nodes; id++) {
                TestNode node = new TestNode(id, tuning, random.split(), now);
                node.diskIsFast = false;
                node.fetchesAreFast = false;
                nodes.add(node);
                ticks.put(id, new ArrayList<>());
            }
        }

        private void runUntil(long end) {
            while (true) {
                TestNode sleeper = nextSleeper();
                long wakeAt = sleeper == null
                        ? Long.MAX_VALUE
                        : Math.max(now, sleeper.raft().wakeAtNanos());
                Happening next = queue.peek();
                if (Math.min(wakeAt, next == null ? Long.MAX_VALUE : next.at) > end) {
                    now = end;
                    return;
                }
                if (next != null && next.at <= wakeAt) {
                    now = next.at;
                    happen(queue.poll());
                } else {
                    now = wakeAt;
                    tick(sleeper);
                }
            }
        }

        private TestNode nextSleeper() {
            TestNode first = null;
            for (TestNode node : nodes) {
                if (node.isUp()
                        && (first == null
                                || node.raft().wakeAtNanos() < first.raft().wakeAtNanos())) {
                    first = node;
                }
            }
            return first;
        }

        private void tick(TestNode node) {
            List<Long> times = ticks.get(node.id);
            times.add(now);
            int count = times.size();
            if (count > TICKS_A_SECOND_MAX && times.get(count - 1 - TICKS_A_SECOND_MAX) > now - SECOND) {
                throw new AssertionError(
                        "node " + node.id + " spins as " + node.raft().role() + " at " + now);
            }
            turn(node, new Input.Tick());
        }

        private void happen(Happening happening) {
            TestNode node = nodes.get(happening.node);
            if (!node.isUp() || happening.boot != boots[node.id]) {
                return;
            }
            if (happening.input instanceof Input.Persisted) {
                node.forceUntold();
            }
            turn(node, happening.input);
        }

        private void turn(TestNode node, Input input) {
            node.now = now;
            node.turn(input);
            messages += node.sent.size();
            for (Output.Send send : node.sent) {
                int copies = faults ? random.nextInt(10) == 0 ? 0 : random.nextInt(20) == 0 ? 2 : 1 : 1;
                for (int i = 0; i < copies; i++) {
                    add(faults ? 40_000 : 4_000, send.to(), new Input.Receive(node.id, send.message()));
                }
            }
            node.sent.clear();
            Persist persist = node.isWriting() ? null : node.takeAnotherWrite();
            if (persist != null) {
                writes++;
                add(faults && random.nextInt(50) == 0 ? 800_000 : 3_000, node.id, new Input.Persisted(persist.seq()));
            }
            for (Output.Fetch fetch : node.fetches) {
                add(5_000, node.id, node.fetched(fetch));
            }
            node.fetches.clear();
        }

        private void add(int microsMax, int node, Input input) {
            queue.add(new Happening(now + random.nextInt(1, microsMax) * 1_000L, order++, node, boots[node], input));
        }

        private void crashOrRestartOne() {
            TestNode node = nodes.get(random.nextInt(nodes.size()));
            if (!node.isUp()) {
                node.boot(now);
                boots[node.id]++;
            } else {
                node.crash();
            }
        }

        private TestNode leader() {
            return nodes.stream()
                    .filter(TestNode::isLeader)
                    .reduce((a, b) -> a.raft().currentTerm() > b.raft().currentTerm() ? a : b)
                    .orElse(null);
        }
    }

    /** Faults for some seconds; then within bounded time (I10) a write is acknowledged, logs are equal, and nothing spins. */
    @Property(tries = 150)
    void aClusterMakesProgressByMessagesAndWakeUpsAlone(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(random);
        for (int i = 0; i < 40; i++) {
            world.runUntil(world.now + Tuning.nanos(random.nextInt(200)));
            if (random.nextInt(4) == 0) {
                world.crashOrRestartOne();
            }
            TestNode node = world.nodes.get(random.nextInt(world.nodes.size()));
            if (node.isUp()) {
                world.turn(
                        node,
                        new Input.Propose(
                                1000 + i, Lines.set("k" + i, "v", node.raft().currentTerm())));
                world.turn(node, new Input.Read(2000 + i));
            }
        }
        world.faults = false;
        for (TestNode node : world.nodes) {
            if (!node.isUp()) {
                node.boot(world.now);
                world.boots[node.id]++;
            }
        }
        world.runUntil(world.now + 6 * SECOND);
        TestNode leader = world.leader();
        assertThat(leader).as("a leader").isNotNull();
        assertThat(leader.isLeased()).as("leased").isTrue();
        long before = leader.ready.size();
        world.turn(
                leader,
                new Input.Propose(1, Lines.set("last", "v", leader.raft().currentTerm())));
        world.turn(leader, new Input.Read(2));
        world.runUntil(world.now + SECOND);
        assertThat(leader.ready.subList((int) before, leader.ready.size()))
                .extracting(Output.Ready::ticket)
                .containsExactlyInAnyOrder(1L, 2L);
        assertIdle(world);
        for (TestNode node : world.nodes) {
            assertThat(node.durableLines())
                    .as("log of node %d", node.id)
                    .isEqualTo(leader.durableLines())
                    .endsWith("SET last v " + leader.raft().currentTerm());
            assertThat(node.appliedLines()).as("state of node %d", node.id).isEqualTo(leader.appliedLines());
        }
    }

    /** With nothing to do there are heartbeats and their answers, and the leader's proof of its disk. */
    private static void assertIdle(World world) {
        world.messages = 0;
        world.writes = 0;
        world.runUntil(world.now + 2 * SECOND);
        assertThat(world.messages).isLessThanOrEqualTo(2 * 41 * (world.nodes.size() - 1));
        assertThat(world.writes).isLessThanOrEqualTo(3);
    }
}

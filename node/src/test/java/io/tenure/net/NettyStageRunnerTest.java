package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tenure.handoff.Stage;
import io.tenure.protocol.Transport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyStageRunnerTest {
    private final EventLoopGroup group = Transport.best().newGroup(1, new DefaultThreadFactory("stage", true));
    private final EventLoop loop = group.next();
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();
    private final NettyStageRunner runner = new NettyStageRunner(loop, System::nanoTime, fatal::set);
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();
    private volatile int turnsWanted;

    /** A stage that counts. */
    private final class Counting implements Stage {
        private final Runnable work;
        private final LongSupplier wakeAtNanos;

        Counting(Runnable work, LongSupplier wakeAtNanos) {
            this.work = work;
            this.wakeAtNanos = wakeAtNanos;
        }

        @Override
        public int doWork() {
            assertThat(loop.inEventLoop()).isTrue();
            turns.incrementAndGet();
            work.run();
            return turns.get() < turnsWanted ? 1 : 0;
        }

        @Override
        public long wakeAtNanos() {
            return wakeAtNanos.getAsLong();
        }

        @Override
        public void onClose() {
            assertThat(loop.inEventLoop()).isTrue();
            closes.incrementAndGet();
        }

        @Override
        public String roleName() {
            return "counting";
        }
    }

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theFirstTurnComesByItselfAndTheNextByTheBell() throws Exception {
        runner.ring();
        runner.start(new Counting(() -> {}, () -> Stage.NEVER));
        Await.until("the first turn", () -> turns.get() == 1);

        runner.ring();
        Await.until("the second turn", () -> turns.get() == 2);
        onLoop(() -> {});
        assertThat(turns).hasValue(2);
    }

    @Test
    void ringsThatComeTogetherMakeOneTurn() throws Exception {
        runner.start(new Counting(() -> {}, () -> Stage.NEVER));
        onLoop(() -> {
            for (int i = 0; i < 100; i++) {
                runner.ring();
            }
        });
        onLoop(() -> {});

        assertThat(turns).hasValue(2);
    }

    @Test
    void aRingDuringATurnMakesAnother() throws Exception {
        runner.start(new Counting(
                () -> {
                    if (turns.get() < 5) {
                        runner.ring();
                    }
                },
                () -> Stage.NEVER));

        Await.until("five turns", () -> turns.get() == 5);
    }

    @Test
    void aTurnThatLeavesWorkIsFollowedByAnother() throws Exception {
        turnsWanted = 5;
        runner.start(new Counting(() -> {}, () -> Stage.NEVER));

        Await.until("five turns", () -> turns.get() == 5);
        onLoop(() -> {});
        assertThat(turns).hasValue(5);
    }

    @Test
    void noRingIsLostHoweverManyThreadsRing() throws Exception {
        AtomicInteger put = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        runner.start(new Counting(() -> seen.set(put.get()), () -> Stage.NEVER));
        Thread[] ringers = new Thread[3];
        for (int i = 0; i < ringers.length; i++) {
            ringers[i] = new Thread(() -> {
                for (int j = 0; j < 20_000; j++) {
                    put.incrementAndGet();
                    runner.ring();
                }
            });
            ringers[i].start();
        }
        for (Thread ringer : ringers) {
            ringer.join();
        }

        Await.until("the last ring's turn", () -> seen.get() == 60_000);
    }

    @Test
    void aStageIsWokenWhenItWantsToBeAndNotBefore() {
        long wakeNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        AtomicReference<Long> woken = new AtomicReference<>();
        runner.start(new Counting(
                () -> {
                    if (turns.get() == 2) {
                        woken.set(System.nanoTime());
                    }
                },
                () -> woken.get() == null ? wakeNanos : Stage.NEVER));

        Await.until("the wake-up", () -> woken.get() != null);
        assertThat(woken.get() - wakeNanos).isGreaterThanOrEqualTo(0);
        assertThat(turns).hasValue(2);
    }

    @Test
    void aStageThatIsDueAtOnceTakesTurnsAmongOthers() throws Exception {
        runner.start(new Counting(() -> {}, () -> turns.get() < 10 ? System.nanoTime() : Stage.NEVER));

        Await.until("ten turns", () -> turns.get() == 10);
        onLoop(() -> {});
        assertThat(turns).hasValue(10);
    }

    @Test
    void anEarlierWakeUpReplacesALaterOne() {
        long farNanos = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        long nearNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
        runner.start(new Counting(() -> {}, () -> switch (turns.get()) {
            case 1 -> farNanos;
            case 2 -> nearNanos;
            default -> Stage.NEVER;
        }));
        Await.until("the first turn", () -> turns.get() == 1);
        runner.ring();

        Await.until("the wake-up", () -> turns.get() == 3);
    }

    @Test
    void whatATurnThrowsIsFatalAndEndsTheTurns() throws Exception {
        IllegalStateException broken = new IllegalStateException("broken");
        runner.start(new Counting(
                () -> {
                    throw broken;
                },
                () -> Stage.NEVER));

        Await.until("the report", () -> fatal.get() != null);
        assertThat(fatal.get()).isSameAs(broken);
        runner.ring();
        onLoop(() -> {});
        assertThat(turns).hasValue(1);
    }

    @Test
    void aStageThatIsStoppedIsClosedOnceAndTakesNoTurn() throws Exception {
        runner.start(new Counting(() -> {}, () -> Stage.NEVER));
        runner.stop().get(10, TimeUnit.SECONDS);
        runner.stop().get(10, TimeUnit.SECONDS);

        runner.ring();
        onLoop(() -> {});

        assertThat(turns).hasValue(1);
        assertThat(closes).hasValue(1);
        assertThat(fatal.get()).isNull();
    }

    private void onLoop(Runnable task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            task.run();
            // After whatever the task has put behind itself.
            loop.execute(done::countDown);
        });
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
    }
}

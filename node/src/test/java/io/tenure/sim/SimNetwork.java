package io.tenure.sim;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Carries frames between places (nodes and clients, numbered together). Each direction of each pair can be cut on its own;
 * what is under way when a direction is cut still arrives, unless it is dropped by chance. Frames are lost, repeated,
 * delayed and overtake each other, as far as the {@link Weather} allows.
 */
final class SimNetwork {
    /**
     * How the network behaves.
     *
     * @param delayNanosMin shortest delay
     * @param delayNanosMax longest usual delay
     * @param slowShare share of frames that take up to {@code slowNanosMax}
     * @param lossShare share of frames that vanish
     * @param repeatShare share of frames that arrive twice
     * @param ordered whether frames of one direction keep their order
     */
    record Weather(
            long delayNanosMin,
            long delayNanosMax,
            double slowShare,
            long slowNanosMax,
            double lossShare,
            double repeatShare,
            boolean ordered) {
        /** A local network on a good day. */
        static final Weather FAIR = new Weather(100_000, 500_000, 0, 0, 0, 0, true);
    }

    private final Timeline timeline;
    private final RandomGenerator random;
    private final boolean[][] cut;
    private final long[][] lastArrival;
    private Weather weather;
    private long carried;
    private long lost;

    SimNetwork(Timeline timeline, RandomGenerator random, int places, Weather weather) {
        this.timeline = timeline;
        this.random = random;
        this.weather = weather;
        this.cut = new boolean[places][places];
        this.lastArrival = new long[places][places];
    }

    /** How the network behaves from now on. */
    void changeWeather(Weather changed) {
        weather = changed;
    }

    Weather weather() {
        return weather;
    }

    /** Frames carried so far, and frames lost. */
    String report() {
        return carried + " frames carried, " + lost + " lost";
    }

    /** Has {@code arrive} happen when a frame gets there, if it does; maybe twice. */
    void send(int from, int to, Runnable arrive) {
        if (cut[from][to] || random.nextDouble() < weather.lossShare) {
            lost++;
            return;
        }
        carried++;
        timeline.at(arrival(from, to), arrive);
        if (weather.repeatShare > 0 && random.nextDouble() < weather.repeatShare) {
            timeline.at(arrival(from, to), arrive);
        }
    }

    /** The same for a stream: neither lost by chance, nor repeated, nor overtaken; only a cut swallows it. */
    boolean stream(int from, int to, Runnable arrive) {
        if (cut[from][to]) {
            lost++;
            return false;
        }
        carried++;
        lastArrival[from][to] = Math.max(lastArrival[from][to] + 1, timeline.now() + delay());
        timeline.at(lastArrival[from][to], arrive);
        return true;
    }

    /** Cuts one direction. */
    void cut(int from, int to) {
        cut[from][to] = true;
    }

    /** Cuts both directions. */
    void part(int a, int b) {
        cut(a, b);
        cut(b, a);
    }

    boolean isCut(int from, int to) {
        return cut[from][to];
    }

    /** Cuts a place off from the first {@code places} places. */
    void isolate(int place, int places) {
        for (int other = 0; other < places; other++) {
            if (other != place) {
                part(place, other);
            }
        }
    }

    /** Mends both directions. */
    void mend(int a, int b) {
        cut[a][b] = false;
        cut[b][a] = false;
    }

    /** Mends everything. */
    void mendAll() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
    }

    private long arrival(int from, int to) {
        long arrival = timeline.now() + delay();
        if (weather.ordered) {
            arrival = Math.max(arrival, lastArrival[from][to] + 1);
            lastArrival[from][to] = arrival;
        }
        return arrival;
    }

    private long delay() {
        long span = weather.delayNanosMax - weather.delayNanosMin + 1;
        long delay = weather.delayNanosMin + random.nextLong(span);
        if (weather.slowShare > 0 && random.nextDouble() < weather.slowShare) {
            delay += random.nextLong(weather.slowNanosMax + 1);
        }
        return delay;
    }
}

package io.tenure.bench.compare;

import io.tenure.bench.floor.Forces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All that a comparison has measured so far. One thread. */
final class Results {
    private final Map<String, SystemInfo> systems = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Trouble> troubles = new ArrayList<>();
    private final List<Forces> forces = new ArrayList<>();

    /** What was measured of a system once; figures by name, units standing last. */
    record Sample(String system, int round, Line line, Map<String, Double> figures) {
        Sample {
            figures = new LinkedHashMap<>(figures);
        }
    }

    /**
     * What could not be measured.
     *
     * @param line null if the system as a whole did not come to work
     */
    record Trouble(String system, int round, Line line, String reason) {}

    void add(SystemInfo system) {
        systems.put(system.name(), system);
    }

    void add(Sample sample) {
        samples.add(sample);
    }

    void add(Trouble trouble) {
        troubles.add(trouble);
    }

    void add(Forces measured) {
        forces.add(measured);
    }

    /** All systems of which something is known, the echo included, in the order in which they came. */
    List<SystemInfo> systems() {
        return List.copyOf(systems.values());
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    List<Trouble> troubles() {
        return List.copyOf(troubles);
    }

    /** Bare forces, round by round. */
    List<Forces> forces() {
        return List.copyOf(forces);
    }

    /** The median of a figure over all rounds; empty if it was never measured. */
    OptionalDouble median(String system, Line line, String figure) {
        return median(samples.stream()
                .filter(sample -> sample.system().equals(system) && sample.line() == line)
                .filter(sample -> sample.figures().containsKey(figure))
                .mapToDouble(sample -> sample.figures().get(figure))
                .toArray());
    }

    /** The median over all rounds of how long one of so many concurrent forces took, in microseconds. */
    OptionalDouble forceMicros(int writers) {
        return median(forces.stream()
                .filter(force -> force.writers() == writers)
                .mapToDouble(Forces::p50Micros)
                .toArray());
    }

    /** The median over all rounds of forces per second, of so many writers together. */
    OptionalDouble forcesPerSecond(int writers) {
        return median(forces.stream()
                .filter(force -> force.writers() == writers)
                .mapToDouble(Forces::perSecond)
                .toArray());
    }

    /** The middle one, or the mean of the two in the middle; empty if there is none. */
    static OptionalDouble median(double... values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}

package io.tenure.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One row of the table: a figure of a line, system by system.
 *
 * @param digits after the point
 * @param larger whether a larger figure is a better one
 * @param floor what it is held against
 */
record Row(String label, Line line, String figure, int digits, boolean larger, Floor floor) {
    /** Rows in the order of the table. */
    static final List<Row> ALL = List.of(
            new Row("W1024 SET/s", Line.W1024, "ops_s", 0, true, Floor.ECHO),
            new Row("W64 SET/s", Line.W64, "ops_s", 0, true, Floor.ECHO),
            new Row("W1 SET/s", Line.W1, "ops_s", 0, true, Floor.NONE),
            new Row("W1 p50, us", Line.W1, "p50_us", 0, false, Floor.ECHO_AND_FORCE),
            new Row("W1 p99, us", Line.W1, "p99_us", 0, false, Floor.NONE),
            new Row("W64 p50, us", Line.W64, "p50_us", 0, false, Floor.NONE),
            new Row("W64 p99, us", Line.W64, "p99_us", 0, false, Floor.NONE),
            new Row("W64 p99.9, us", Line.W64, "p999_us", 0, false, Floor.NONE),
            new Row("W64 p99 / p50", Line.W64, "p99_by_p50", 1, false, Floor.NONE),
            new Row("W64 p99.9 / p99", Line.W64, "p999_by_p99", 1, false, Floor.NONE),
            new Row("R64 GET/s", Line.R64, "ops_s", 0, true, Floor.ECHO),
            new Row("R1 p50, us", Line.R1, "p50_us", 0, false, Floor.ECHO),
            new Row("R64 p99, us", Line.R64, "p99_us", 0, false, Floor.NONE),
            new Row("R64 p99.9, us", Line.R64, "p999_us", 0, false, Floor.NONE),
            new Row("R64 p99.9 / p99", Line.R64, "p999_by_p99", 1, false, Floor.NONE),
            new Row("CPU s of the nodes per 100k SET (W1024)", Line.W1024, "cpu_s_per_100k", 2, false, Floor.NONE),
            new Row("CPU s of the nodes per 100k GET (R64)", Line.R64, "cpu_s_per_100k", 2, false, Floor.NONE),
            new Row("resident MiB per node (after W1024)", Line.W1024, "resident_mib", 0, false, Floor.NONE),
            new Row("longest gap after kill -9 of the leader, ms", Line.FAILOVER, "gap_ms", 0, false, Floor.NONE));

    /** What the hardware and the frames alone allow. */
    enum Floor {
        /** There is no telling. */
        NONE,
        /** The same figure of the echo. */
        ECHO,
        /** Two round trips to the echo, the client's and the one between nodes, and one of three concurrent forces. */
        ECHO_AND_FORCE
    }

    /** The figure of a system. */
    OptionalDouble of(Results results, String system) {
        return results.median(system, line, figure);
    }

    /** The best figure among all systems but our own; the name says whose. */
    Best best(Results results) {
        Best best = null;
        for (SystemInfo system : results.systems()) {
            OptionalDouble value = of(results, system.name());
            boolean isPeer =
                    !system.name().equals(Systems.TENURE) && !system.name().equals(Systems.ECHO);
            if (isPeer && value.isPresent() && (best == null || isBetter(value.getAsDouble(), best.value()))) {
                best = new Best(system, value.getAsDouble());
            }
        }
        return best;
    }

    private boolean isBetter(double value, double than) {
        return larger ? value > than : value < than;
    }

    /** Who is best, and how good. */
    record Best(SystemInfo system, double value) {}

    /** Our figure by the best peer's; empty if either is missing. */
    OptionalDouble ratio(Results results) {
        Best best = best(results);
        OptionalDouble own = of(results, Systems.TENURE);
        return best == null || own.isEmpty() || best.value() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(own.getAsDouble() / best.value());
    }

    /** The floor's figure; empty if there is none. */
    OptionalDouble floorValue(Results results) {
        OptionalDouble echo = of(results, Systems.ECHO);
        OptionalDouble force = results.forceMicros(3);
        return switch (floor) {
            case NONE -> OptionalDouble.empty();
            case ECHO -> echo;
            case ECHO_AND_FORCE ->
                echo.isEmpty() || force.isEmpty()
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(2 * echo.getAsDouble() + force.getAsDouble());
        };
    }

    /** A figure as a multiple of the floor; empty if there is none. */
    OptionalDouble byFloor(Results results, String system) {
        OptionalDouble own = of(results, system);
        OptionalDouble least = floorValue(results);
        return own.isEmpty() || least.isEmpty() || least.getAsDouble() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(own.getAsDouble() / least.getAsDouble());
    }

    /** A figure of this row as people read it; a dash if there is none. */
    String text(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%,." + digits + "f", value.getAsDouble());
    }
}

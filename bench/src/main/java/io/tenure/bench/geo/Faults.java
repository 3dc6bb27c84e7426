package io.tenure.bench.geo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The faults that are known; those of another package are added to {@link #ALL}. */
enum Faults implements Fault {
    /** The process ends; connections to it are refused. */
    CRASH("kill -9 of the leader; then it is started again") {
        @Override
        public void strike(GeoSystem system, Wan wan, String leader) throws InterruptedException {
            system.kill(leader);
        }

        @Override
        public void mend(GeoSystem system, Wan wan, String leader) throws IOException {
            system.start(leader);
        }
    },
    /** Nobody is told anything. */
    SILENCE("no packet reaches the leader's host or leaves it; then they do again") {
        @Override
        public void strike(GeoSystem system, Wan wan, String leader) {
            wan.silence(leader);
        }

        @Override
        public void mend(GeoSystem system, Wan wan, String leader) {
            wan.restore();
        }
    },
    /** The leader sees to it. */
    STOP("the leader is told to stop (SIGTERM); then it is started again") {
        @Override
        public void strike(GeoSystem system, Wan wan, String leader) throws InterruptedException {
            system.stop(leader);
        }

        @Override
        public void mend(GeoSystem system, Wan wan, String leader) throws IOException {
            system.start(leader);
        }
    },
    /** Nobody goes. */
    TRANSFER("leadership is handed to the next region; then back") {
        @Override
        public void strike(GeoSystem system, Wan wan, String leader) throws IOException, InterruptedException {
            List<String> regions = wan.matrix().regions();
            system.lead(regions.get((regions.indexOf(leader) + 1) % regions.size()));
        }

        @Override
        public void mend(GeoSystem system, Wan wan, String leader) throws IOException, InterruptedException {
            system.lead(leader);
        }
    },
    /** Clients in the leader's region have nobody else. */
    PARTITION("the leader's region is cut off, clients included; then it is not") {
        @Override
        public void strike(GeoSystem system, Wan wan, String leader) {
            wan.isolate(leader);
        }

        @Override
        public void mend(GeoSystem system, Wan wan, String leader) {
            wan.restore();
        }
    };

    static final List<Fault> ALL = List.of(values());

    private final String description;

    Faults(String description) {
        this.description = description;
    }

    @Override
    public String description() {
        return description;
    }

    /**
     * Those of these names.
     *
     * @throws IllegalArgumentException if there is none of a name
     */
    static List<Fault> named(List<String> names) {
        List<Fault> found = new ArrayList<>();
        for (String name : names) {
            found.add(ALL.stream()
                    .filter(fault -> label(fault).equals(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no fault " + name + "; known are "
                            + ALL.stream().map(Faults::label).collect(Collectors.joining(", ")))));
        }
        return found;
    }

    static String label(Fault fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }
}

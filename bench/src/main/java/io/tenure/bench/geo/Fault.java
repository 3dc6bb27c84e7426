package io.tenure.bench.geo;

import java.io.IOException;

/** Something that happens to the leader while clients of all regions are at work. */
interface Fault {
    /** A word for tables and options. */
    String name();

    /** What happens, and what mends it. */
    String description();

    /** Lets it happen to the leader; it may last until {@link #mend}. */
    void strike(GeoSystem system, Wan wan, String leader) throws IOException, InterruptedException;

    /** Makes the cluster whole again; the nodes may need some time for it. */
    void mend(GeoSystem system, Wan wan, String leader) throws IOException, InterruptedException;
}

package io.tenure.bench.geo;

/** What the distances alone cost an operation, with a node in each region. */
enum Floor {
    /** A read by lease. */
    TO_LEADER {
        @Override
        double millis(RoundTrips trips, String client, String leader) {
            return trips.between(client, leader);
        }
    },
    /** A write, or a read that a majority confirms. */
    TO_LEADER_AND_MAJORITY {
        @Override
        double millis(RoundTrips trips, String client, String leader) {
            return trips.between(client, leader) + trips.toMajority(leader, trips.regions());
        }
    },
    /** A read at the nearest node that the leader confirms. */
    TO_NEAREST_AND_LEADER {
        @Override
        double millis(RoundTrips trips, String client, String leader) {
            return trips.between(client, client) + (client.equals(leader) ? 0 : trips.between(client, leader));
        }
    },
    /** A read that the nearest node answers of itself. */
    TO_NEAREST {
        @Override
        double millis(RoundTrips trips, String client, String leader) {
            return trips.between(client, client);
        }
    };

    /** Of an operation of a client in this region. */
    abstract double millis(RoundTrips trips, String client, String leader);
}

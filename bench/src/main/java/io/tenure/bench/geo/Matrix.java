package io.tenure.bench.geo;

import io.tenure.bench.relay.LinkConditions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What lies between regions.
 *
 * @param regions in the order of the file
 * @param ways what each of them is like; one from every region to every region, itself included
 */
record Matrix(String name, List<String> regions, Map<Way, LinkConditions> ways) {
    /** Those that come with this program. */
    static final List<String> KNOWN = List.of("gcp3", "gcp3us", "gcp5");

    private static final double NANOS_PER_MILLI = 1e6;

    Matrix {
        regions = List.copyOf(regions);
        ways = Map.copyOf(ways);
    }

    /** A way in one direction. */
    record Way(String from, String to) {}

    /**
     * One that comes with this program, or one from a file.
     *
     * @throws IllegalArgumentException if there is no such thing, or the file is wrong; the message says what is
     */
    static Matrix of(String nameOrFile) throws IOException {
        if (KNOWN.contains(nameOrFile)) {
            String resource = nameOrFile + ".matrix";
            try (InputStream in = Matrix.class.getResourceAsStream(resource)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                return MatrixFile.parse(nameOrFile, resource, text.lines().toList());
            }
        }
        Path file = Path.of(nameOrFile);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no matrix " + nameOrFile + "; known are "
                    + String.join(", ", KNOWN) + ", or name a file");
        }
        String name = file.getFileName().toString().replaceFirst("\\.matrix$", "");
        return MatrixFile.parse(name, nameOrFile, Files.readAllLines(file));
    }

    LinkConditions way(String from, String to) {
        return ways.get(new Way(from, to));
    }

    /** There and back, without jitter. */
    double roundTripMillis(String from, String to) {
        return (way(from, to).delay().toNanos() + way(to, from).delay().toNanos()) / NANOS_PER_MILLI;
    }

    /** All round trips as they should be. */
    RoundTrips roundTrips() {
        return RoundTrips.of(regions, this::roundTripMillis);
    }
}

package io.tenure.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a bit in a file of a node: in what is known there to have been forced, since above that nobody can tell
 * rot from the torn end of a write.
 */
final class BitRot {
    private static final Pattern COMMITTED = Pattern.compile("(?m)^committed (\\d+)$");
    private static final int RECORD_BYTES = 48;

    private record Place(String file, int bytes) {}

    private final SimNode node;
    private final RandomGenerator random;

    BitRot(SimNode node, RandomGenerator random) {
        this.node = node;
        this.random = random;
    }

    /** A bit that has turned: the file up to its byte, as it is since. */
    static final class Turned {
        private final String file;
        private final byte[] upTo;
        private final int bit;

        private Turned(String file, byte[] upTo, int bit) {
            this.file = file;
            this.upTo = upTo;
            this.bit = bit;
        }

        boolean isOfMetadata() {
            return file.startsWith("metadata");
        }

        @Override
        public String toString() {
            return "bit " + bit + " of byte " + (upTo.length - 1) + " of " + file;
        }
    }

    /** Turns one; null if there is nothing that could rot. */
    Turned turnOneBit() {
        List<Place> places = places();
        if (places.isEmpty()) {
            return null;
        }
        Place place = places.get(random.nextInt(places.size()));
        int at = random.nextInt(place.bytes);
        int bit = random.nextInt(8);
        node.disk.turnBit(node.folder + '/' + place.file, at, bit);
        return new Turned(place.file, Arrays.copyOf(bytes(place.file), at + 1), bit);
    }

    /** Whether the platter still has that, under whatever name. */
    boolean isThere(Turned turned) {
        String kind = turned.file.substring(turned.file.length() - 3);
        for (String name : node.disk.durableNames(node.folder)) {
            byte[] bytes = name.endsWith(kind) ? bytes(name) : new byte[0];
            int end = turned.upTo.length;
            boolean isDropped = name.startsWith("logs-") && firstIndex(name) <= node.logStart()[0];
            if (!isDropped && bytes.length >= end && Arrays.equals(bytes, 0, end, turned.upTo, 0, end)) {
                return true;
            }
        }
        return false;
    }

    /** Turns one in each copy of the metadata. */
    void turnBitsOfMetadata() {
        for (String name : List.of("metadata.txt", "metadata.copy.txt")) {
            node.disk.turnBit(node.folder + '/' + name, random.nextInt(bytes(name).length), random.nextInt(8));
        }
    }

    private List<Place> places() {
        List<Place> places = new ArrayList<>();
        List<String> names = node.disk.durableNames(node.folder);
        long start = node.logStart()[0];
        for (String name : names) {
            boolean rolledOrSnapshot = name.startsWith("logs-") || name.equals("snapshot.txt");
            boolean dropped = name.startsWith("logs-") && firstIndex(name) <= start;
            if (rolledOrSnapshot && !dropped) {
                add(places, name, bytes(name).length);
            }
        }
        if (names.contains("metadata.txt") && names.contains("metadata.copy.txt")) {
            add(places, "metadata.txt", bytes("metadata.txt").length);
        }
        if (names.contains("logs.txt") && names.contains("logs.idx")) {
            addCurrent(places, start);
        }
        return places;
    }

    /** Of the current pair, what the noted commit length covers. */
    private void addCurrent(List<Place> places, long start) {
        long before = start;
        for (String name : node.disk.durableNames(node.folder)) {
            if (name.startsWith("logs-") && name.endsWith(".idx") && firstIndex(name) > start) {
                before += bytes(name).length / RECORD_BYTES;
            }
        }
        Matcher committed = COMMITTED.matcher(node.durableMetadata());
        long entries = committed.find() ? Long.parseLong(committed.group(1)) - before : 0;
        byte[] text = bytes("logs.txt");
        int end = 0;
        long lines = 0;
        for (int i = 0; i < text.length && lines < entries; i++) {
            if (text[i] == '\n') {
                lines++;
                end = i + 1;
            }
        }
        add(places, "logs.txt", end);
        add(places, "logs.idx", (int) Math.min(lines * RECORD_BYTES, bytes("logs.idx").length));
    }

    private static void add(List<Place> places, String file, int bytes) {
        if (bytes > 0) {
            places.add(new Place(file, bytes));
        }
    }

    private byte[] bytes(String name) {
        byte[] bytes = node.disk.durableContent(node.folder + '/' + name);
        return bytes == null ? new byte[0] : bytes;
    }

    private static long firstIndex(String rolled) {
        return Long.parseLong(rolled.substring("logs-".length(), rolled.length() - ".txt".length()));
    }
}

package io.tenure.bench.chaos;

import io.tenure.bench.process.LogText;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What crashes and disks do to the files in a node's folder. */
final class Damage {
    private static final int RECORD_BYTES = 48;
    private static final Pattern LOG = Pattern.compile("logs(-\\d+)?\\.txt");
    private static final Pattern INDEX = Pattern.compile("logs(-\\d+)?\\.idx");
    private static final Pattern METADATA = Pattern.compile("metadata(\\.copy)?\\.txt");
    private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.txt");
    private static final Pattern ROLLED_LOG = Pattern.compile("logs-\\d+\\.txt");
    private static final Pattern ROLLED_INDEX = Pattern.compile("logs-(\\d+)\\.idx");
    private static final Pattern COMMITTED = Pattern.compile("(?m)^committed (\\d+)$");

    private final Path folder;
    private final Random random;
    private final Witness before;

    /** Is told of a file before it is damaged. */
    interface Witness {
        void beforeDamage(Path file) throws IOException;
    }

    /** Which files are meant. */
    enum Target {
        LOG(Damage.LOG),
        ROLLED(ROLLED_LOG),
        INDEX(Damage.INDEX),
        METADATA(Damage.METADATA),
        SNAPSHOT(Damage.SNAPSHOT);

        private final Pattern name;

        Target(Pattern name) {
            this.name = name;
        }
    }

    /**
     * A bit that is another.
     *
     * @param before the byte as it was
     */
    record Flip(Path file, long offset, int bit, byte before) {
        /** Whether the byte is as it was, or its file gone. */
        boolean isUndone() throws IOException {
            if (!Files.exists(file) || Files.size(file) <= offset) {
                return true;
            }
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
                access.seek(offset);
                return access.readByte() == before;
            }
        }

        @Override
        public String toString() {
            return "bit " + bit + " of byte " + offset + " of " + file.getFileName();
        }
    }

    /** Of the files in this folder. */
    Damage(Path folder, Random random, Witness before) {
        this.folder = folder;
        this.random = random;
        this.before = before;
    }

    /** Files of this kind that hold anything. */
    List<Path> files(Target target) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path ->
                            target.name.matcher(path.getFileName().toString()).matches())
                    .filter(path -> path.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    /**
     * Flips one bit in one of the files of a kind, each byte of all of them being as likely.
     *
     * @throws IOException if there is no such file
     */
    Flip flip(Target target) throws IOException {
        List<Path> files = files(target);
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        if (total == 0) {
            throw new IOException("no file with anything in it of kind " + target + " in " + folder);
        }
        long place = random.nextLong(total);
        for (Path file : files) {
            if (place < Files.size(file)) {
                return flip(file, place);
            }
            place -= Files.size(file);
        }
        throw new IOException("files in " + folder + " shrink while they are counted");
    }

    /**
     * Flips one bit in the line of an entry.
     *
     * @throws IOException if no file holds it
     */
    Flip flipEntry(long index) throws IOException {
        long first = LogText.read(folder).firstIndex();
        for (Path file : filesInOrder()) {
            byte[] bytes = Files.readAllBytes(file);
            int begin = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == '\n') {
                    if (first == index) {
                        return flip(file, begin + random.nextInt(at + 1 - begin));
                    }
                    first++;
                    begin = at + 1;
                }
            }
        }
        throw new IOException("no entry " + index + " in " + folder);
    }

    private List<Path> filesInOrder() throws IOException {
        List<Path> files = new ArrayList<>(LogText.segments(folder).values());
        files.add(folder.resolve("logs.txt"));
        return files;
    }

    private Flip flip(Path file, long offset) throws IOException {
        int bit = random.nextInt(Byte.SIZE);
        before.beforeDamage(file);
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            byte before = access.readByte();
            access.seek(offset);
            access.writeByte(before ^ (1 << bit));
            access.getFD().sync();
            return new Flip(file, offset, bit, before);
        }
    }

    /** Cuts the log somewhere in its last half. */
    String cutLog() throws IOException {
        Path log = folder.resolve("logs.txt");
        long size = Files.size(log);
        long kept = size / 2 + (long) (random.nextDouble() * size / 4);
        truncate(log, kept);
        return "logs.txt cut from " + size + " to " + kept + " bytes";
    }

    /** Leaves what a crash in the middle of a write may leave, above all that was known to be on disk. */
    String tearTail() throws IOException {
        Path log = folder.resolve("logs.txt");
        Path index = folder.resolve("logs.idx");
        switch (random.nextInt(4)) {
            case 0 -> {
                append(log, "SET torn half-a-li".getBytes(StandardCharsets.UTF_8));
                return "half a line in logs.txt";
            }
            case 1 -> {
                append(log, new byte[1 + random.nextInt(5_000)]);
                return "zeros in logs.txt";
            }
            case 2 -> {
                byte[] junk = new byte[1 + random.nextInt(RECORD_BYTES - 1)];
                random.nextBytes(junk);
                append(index, junk);
                return "part of a record in logs.idx";
            }
            default -> {
                if (lastRecord() <= committed() || Files.size(index) < RECORD_BYTES) {
                    append(index, new byte[RECORD_BYTES]);
                    return "a record of zeros in logs.idx";
                }
                truncate(index, Files.size(index) - 1 - random.nextInt(RECORD_BYTES));
                return "the last record in logs.idx not whole";
            }
        }
    }

    /** Index of the last entry that has a record; 0 if that can't be told from names and sizes. */
    private long lastRecord() throws IOException {
        long first = 1;
        for (Path rolled : files(Target.INDEX)) {
            Matcher name = ROLLED_INDEX.matcher(rolled.getFileName().toString());
            if (name.matches()) {
                first = Math.max(first, Long.parseLong(name.group(1)) + Files.size(rolled) / RECORD_BYTES);
            }
        }
        return first - 1 + Files.size(folder.resolve("logs.idx")) / RECORD_BYTES;
    }

    private long committed() throws IOException {
        Matcher line = COMMITTED.matcher(Files.readString(folder.resolve("metadata.txt")));
        if (!line.find()) {
            throw new IOException("no line \"committed\" in metadata.txt in " + folder);
        }
        return Long.parseLong(line.group(1));
    }

    private static void append(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(size);
        }
    }
}

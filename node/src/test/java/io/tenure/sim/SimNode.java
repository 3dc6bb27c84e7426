package io.tenure.sim;

import io.tenure.node.Settings;
import io.tenure.raft.EntryId;
import io.tenure.raft.Lease;
import io.tenure.raft.Parameters;
import io.tenure.raft.Raft;
import io.tenure.store.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** A node as a god sees it: what outlives its processes, and the inside of the one that runs, if any. */
final class SimNode {
    private static final Pattern LOG_START = Pattern.compile("(?m)^logStart (\\d+) (-?\\d+) (\\d+) ");
    private static final String CHECKSUM = "checksum ";
    private static final Pattern WRITE = Pattern.compile("(?m)^write (\\d+)$");

    final int id;
    final Settings settings;
    final Parameters parameters;
    final SimClock clock;
    final SimDisk disk;
    /** Folder of its journal on its disk. */
    final String folder;
    /** The log when the god last looked. */
    LogMirror log = new LogMirror();
    /** What its log began after when the god last looked. */
    EntryId base = EntryId.NONE;
    /** Up to here the log that the process recovered equals that of its predecessor. */
    long recoveredSame;
    /** Whether a process has repaired the files since one served, or begun to, and so may have cut what was never committed. */
    boolean repairBegun;
    /** Whether so it was: the predecessor's log went on with an entry in whose place another one is committed. */
    boolean wasCut;

    /** Of the folder that its latest process found. */
    long incarnation;
    /** The log that it has lost with its folder, while it has not caught up; else null. */
    LogMirror lostLog;
    /** Up to here it had stored {@link #lostLog}. */
    long lostStored;

    /** Null while no process runs. */
    Raft raft;
    /** What the read path may rest on; of the process that runs. */
    AtomicReference<Lease> lease;

    StateMachine store;
    /** Whether the process was paused inside the turn that it is in, so that it acts on an old reading of its clock. */
    boolean pausedInTurn;

    SimNode(int id, Settings settings, SimClock clock, SimDisk disk) {
        this.id = id;
        this.settings = settings;
        this.parameters = settings.toParameters();
        this.clock = clock;
        this.disk = disk;
        this.folder = settings.nodeFolder();
    }

    /** Where in the text of the whole log the files on the platter begin. */
    long logStartOffset() {
        return logStart()[2];
    }

    /** Bytes of the log before {@code logs.txt}: of files that were dropped, and of those that were rolled. */
    long bytesBeforeCurrent() {
        long[] start = logStart();
        long bytes = start[2];
        for (String name : disk.durableNames(folder)) {
            boolean rolled = name.startsWith("logs-") && name.endsWith(".txt");
            if (rolled
                    && Long.parseLong(name.substring("logs-".length(), name.length() - ".txt".length())) > start[0]) {
                bytes += disk.durableContent(folder + '/' + name).length;
            }
        }
        return bytes;
    }

    /** Index, term and offset after which the log's files begin, as the metadata has it. */
    long[] logStart() {
        Matcher found = LOG_START.matcher(durableMetadata());
        long[] start = {0, -1, 0};
        if (found.find()) {
            for (int i = 0; i < start.length; i++) {
                start[i] = Long.parseLong(found.group(i + 1));
            }
        }
        return start;
    }

    /** The newer good copy of the metadata on the platter; empty if there is none. */
    String durableMetadata() {
        String newest = "";
        long newestWrite = -1;
        for (String name : new String[] {"metadata.txt", "metadata.copy.txt"}) {
            byte[] content = disk.durableContent(folder + '/' + name);
            String text = content == null ? "" : new String(content, StandardCharsets.UTF_8);
            Matcher write = WRITE.matcher(text);
            if (isGood(text) && write.find() && Long.parseLong(write.group(1)) > newestWrite) {
                newestWrite = Long.parseLong(write.group(1));
                newest = text;
            }
        }
        return newest;
    }

    private static boolean isGood(String metadata) {
        int at = metadata.lastIndexOf(CHECKSUM);
        CRC32C crc = new CRC32C();
        crc.update(metadata.substring(0, Math.max(0, at)).getBytes(StandardCharsets.UTF_8));
        return at > 0 && metadata.substring(at).equals(String.format("%s%08x\n", CHECKSUM, crc.getValue()));
    }

    boolean isAlive() {
        return raft != null;
    }

    /** The lease that its readers may use at this very moment, or null. */
    Lease validLease() {
        Lease published = isAlive() ? lease.get() : null;
        return published != null && published.endNanos() - clock.nanoTime() > 0 ? published : null;
    }

    @Override
    public String toString() {
        return "node " + id;
    }
}

package io.tenure.journal;

import io.tenure.raft.HardState;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * Has a stopped node begin anew: as a member that holds nothing and knows that it has forgotten its votes, promises and
 * acknowledgements (LEASE.md, 3.8). The new folder is made beside the old one, which is then kept under another name; a crash
 * at any point leaves the old folder, the new one, or none, and beginning again is right in all three cases.
 */
public final class Rejoin {
    private static final String NEW = ".new";
    private static final String OLD = ".old-";

    private final Disk disk;
    private final String folder;
    private final Identity identity;
    private long leaseMillisMax;

    private Rejoin(Disk disk, String folder, Identity identity, long leaseMillisMax) {
        this.disk = disk;
        this.folder = folder;
        this.identity = identity;
        this.leaseMillisMax = leaseMillisMax;
    }

    /**
     * Puts a new folder in the place of {@code folder}, for a node that rejoins. Durable when this returns.
     *
     * @param leaseMillisMax the longest lease that any member may have asked this node to promise
     * @param random draws the new incarnation
     * @return where the old folder is now; null if there was none
     * @throws JournalException if it is in use, belongs to another node, or the disk fails; the message is for people
     */
    public static String begin(
            Disk disk, String folder, Identity identity, long leaseMillisMax, RandomGenerator random) {
        Rejoin rejoin = new Rejoin(disk, folder, identity, leaseMillisMax);
        try {
            if (!disk.exists(folder)) {
                rejoin.makeNew(random);
                rejoin.rename(folder + NEW, folder);
                return null;
            }
            // Closed under its new name: until then no node starts in the old one.
            FolderLock lock = disk.lock(folder);
            try {
                return rejoin.replace(random);
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw JournalException.unusable(folder, e);
        }
    }

    private String replace(RandomGenerator random) throws IOException {
        takeOver(lastMetadata());
        makeNew(random);
        int number = 1;
        while (disk.exists(folder + OLD + number)) {
            number++;
        }
        String old = folder + OLD + number;
        rename(folder, old);
        rename(folder + NEW, folder);
        return old;
    }

    /** What the folder says of itself; null if it says nothing that can be read, which is why one rejoins. */
    private Metadata lastMetadata() throws IOException {
        try {
            return new MetadataFiles(disk, folder).read();
        } catch (DamagedException e) {
            return null;
        }
    }

    /** Nothing of its peers: an old copy knows folders of theirs that are no more. */
    private void takeOver(Metadata last) {
        if (last == null) {
            return;
        }
        if (!last.identity().equals(identity)) {
            throw JournalException.foreign(folder, last.identity(), identity);
        }
        leaseMillisMax = Math.max(leaseMillisMax, last.hardState().leasePromisedMillisMax());
    }

    private void makeNew(RandomGenerator random) throws IOException {
        LogFolder made = new LogFolder(disk, folder + NEW);
        made.create();
        for (String name : disk.list(made.path())) {
            disk.delete(made.path() + '/' + name);
        }
        made.createFiles();
        Metadata metadata = Metadata.first(identity, random.nextLong(1, Long.MAX_VALUE))
                .withHardState(HardState.forgotten(leaseMillisMax));
        new MetadataFiles(disk, made.path()).write(metadata);
        made.forceNames();
        made.forceDataName();
    }

    private void rename(String from, String to) throws IOException {
        disk.rename(from, to);
        disk.forceFolder(LogFolder.parent(folder));
    }
}

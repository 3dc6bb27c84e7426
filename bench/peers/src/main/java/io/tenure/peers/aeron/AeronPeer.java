package io.tenure.peers.aeron;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import io.tenure.peers.PeerSystem;
import io.tenure.peers.Versions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Aeron Cluster. */
public final class AeronPeer implements PeerSystem {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @Override
    public String title() {
        return "Aeron Cluster";
    }

    @Override
    public String version() {
        return Versions.of("aeron");
    }

    @Override
    public List<String> settings() {
        return List.of(
                "fileSyncLevel=1 for archive, catalog and cluster: data forced before a position counts",
                "threading mode SHARED for media driver and archive, as its documentation has it for few cores",
                "default idle strategies (backoff)",
                "mtu=8k",
                "leader heartbeat timeout 1 s instead of 10 s, so that a killed leader is replaced as soon as elsewhere",
                "reads go through the log",
                "one client session");
    }

    @Override
    public List<String> caveats() {
        return List.of(
                "Its default is fileSyncLevel=0, which forces nothing.",
                "Its buffers are files in shared memory, of which resident memory counts what was touched.",
                "No snapshot is taken.");
    }

    /** Where a media driver keeps its buffers: shared memory, where there is some. */
    static Path driverFolder(Layout layout, String who) {
        Path base = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : layout.folder();
        return base.resolve("tenure-compare-aeron-" + layout.port(0, 0) + "-" + who);
    }

    @Override
    public List<Path> foldersElsewhere(Layout layout) {
        List<Path> folders = new ArrayList<>();
        for (int id = 0; id < Layout.NODES; id++) {
            folders.add(driverFolder(layout, "node" + id));
        }
        folders.add(driverFolder(layout, "client"));
        return folders;
    }

    @Override
    public int restartSeconds() {
        return RESTART_SECONDS + MarkFiles.ACTIVE_SECONDS;
    }

    @Override
    public void runNode(Layout layout, int id) throws Exception {
        AeronNode.run(layout, id);
    }

    @Override
    public Contender connect(Layout layout) {
        return new AeronContender(layout);
    }
}

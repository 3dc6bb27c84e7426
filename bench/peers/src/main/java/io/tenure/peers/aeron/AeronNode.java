package io.tenure.peers.aeron;

import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.client.AeronArchive;
import io.aeron.cluster.ClusteredMediaDriver;
import io.aeron.cluster.ConsensusModule;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.tenure.peers.Layout;
import java.io.File;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NoOpLock;

/** One node: media driver, archive, consensus module and the map, in one JVM. */
final class AeronNode {
    /** Forces data, not times of access and the like. */
    private static final int FORCE_DATA = 1;

    private static final String MTU = "8k";
    private static final long HEARTBEAT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long HEARTBEAT_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private AeronNode() {}

    /** Runs it, until it is ended from outside. */
    static void run(Layout layout, int id) throws InterruptedException {
        String driver = AeronPeer.driverFolder(layout, "node" + id).toString();
        File folder = layout.nodeFolder(id).toFile();
        File archiveFolder = new File(folder, "archive");
        File clusterFolder = new File(folder, "cluster");
        MarkFiles.awaitInactive(driver, archiveFolder, clusterFolder);
        String anyPort = "aeron:udp?endpoint=" + Layout.HOST + ":0";
        String local = "aeron:ipc?term-length=64k";
        ErrorHandler errors = error -> System.err.println("node " + id + ": " + error);

        MediaDriver.Context media = new MediaDriver.Context()
                .aeronDirectoryName(driver)
                .threadingMode(ThreadingMode.SHARED)
                .termBufferSparseFile(true)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .errorHandler(errors);
        AeronArchive.Context toOthers = new AeronArchive.Context().controlResponseChannel(anyPort);
        Archive.Context archive = new Archive.Context()
                .aeronDirectoryName(driver)
                .archiveDir(archiveFolder)
                .controlChannel("aeron:udp?endpoint=" + layout.address(id, 4))
                .archiveClientContext(toOthers)
                .localControlChannel(local)
                .replicationChannel(anyPort)
                .recordingEventsEnabled(false)
                .threadingMode(ArchiveThreadingMode.SHARED)
                .fileSyncLevel(FORCE_DATA)
                .catalogFileSyncLevel(FORCE_DATA)
                .errorHandler(errors);
        AeronArchive.Context toOwn = new AeronArchive.Context()
                .lock(NoOpLock.INSTANCE)
                .controlRequestChannel(local)
                .controlResponseChannel(local)
                .aeronDirectoryName(driver);
        ConsensusModule.Context consensus = new ConsensusModule.Context()
                .aeronDirectoryName(driver)
                .clusterMemberId(id)
                .clusterMembers(members(layout))
                .clusterDir(clusterFolder)
                .ingressChannel("aeron:udp?mtu=" + MTU)
                .egressChannel("aeron:udp?term-length=1m|mtu=" + MTU)
                .logChannel("aeron:udp?term-length=64m|mtu=" + MTU)
                .replicationChannel(anyPort)
                .archiveContext(toOwn.clone())
                .fileSyncLevel(FORCE_DATA)
                .leaderHeartbeatTimeoutNs(HEARTBEAT_TIMEOUT_NANOS)
                .leaderHeartbeatIntervalNs(HEARTBEAT_INTERVAL_NANOS)
                .errorHandler(errors);
        ClusteredServiceContainer.Context service = new ClusteredServiceContainer.Context()
                .aeronDirectoryName(driver)
                .archiveContext(toOwn.clone())
                .clusterDir(clusterFolder)
                .clusteredService(new MapService())
                .errorHandler(errors);

        // Nothing closes them: the process is killed.
        ClusteredMediaDriver.launch(media, archive, consensus);
        ClusteredServiceContainer.launch(service);
        new CountDownLatch(1).await();
    }

    /** Ingress, consensus, log, catch-up and archive addresses of all. */
    private static String members(Layout layout) {
        StringBuilder members = new StringBuilder();
        for (int id = 0; id < Layout.NODES; id++) {
            members.append(id);
            for (int port = 0; port < 5; port++) {
                members.append(',').append(layout.address(id, port));
            }
            members.append('|');
        }
        return members.toString();
    }

    /** Where clients find all nodes. */
    static String ingressEndpoints(Layout layout) {
        StringBuilder endpoints = new StringBuilder();
        for (int id = 0; id < Layout.NODES; id++) {
            endpoints.append(id == 0 ? "" : ",").append(id).append('=').append(layout.address(id, 0));
        }
        return endpoints.toString();
    }
}

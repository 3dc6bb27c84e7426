package io.tenure.peers.zookeeper;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import io.tenure.peers.PeerSystem;
import io.tenure.peers.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.zookeeper.server.quorum.QuorumPeerMain;

/** Apache ZooKeeper. */
public final class ZooKeeperPeer implements PeerSystem {
    @Override
    public String title() {
        return "ZooKeeper";
    }

    @Override
    public String version() {
        return Versions.of("zookeeper");
    }

    @Override
    public List<String> settings() {
        return List.of(
                "forceSync=yes, its default",
                "tickTime=2000, initLimit=10, syncLimit=5, as in its sample settings",
                "globalOutstandingLimit=10000, so that 1,024 requests are not throttled",
                "its asynchronous client, " + ZooKeeperContender.SESSIONS + " sessions spread over the nodes",
                "a key is a node of the tree; SET is setData, the first time create; GET is sync and getData, pipelined");
    }

    @Override
    public List<String> caveats() {
        return List.of(
                "Its sync is answered by the leader without asking a majority, so that a deposed leader that does"
                        + " not know it yet could answer.");
    }

    @Override
    public List<String> jvmOptions() {
        return List.of("-Dzookeeper.forceSync=yes", "-Dzookeeper.globalOutstandingLimit=10000");
    }

    @Override
    public void runNode(Layout layout, int id) throws IOException {
        Path folder = Files.createDirectories(layout.nodeFolder(id));
        Files.writeString(folder.resolve("myid"), Integer.toString(id + 1));
        List<String> lines = new ArrayList<>(List.of(
                "tickTime=2000",
                "initLimit=10",
                "syncLimit=5",
                "dataDir=" + folder,
                "clientPort=" + layout.port(id, 0),
                "clientPortAddress=" + Layout.HOST,
                "maxClientCnxns=0",
                "admin.enableServer=false",
                "4lw.commands.whitelist=srvr"));
        for (int member = 0; member < Layout.NODES; member++) {
            lines.add("server." + (member + 1) + "=" + Layout.HOST + ":" + layout.port(member, 1) + ":"
                    + layout.port(member, 2));
        }
        Path settings = folder.resolve("zoo.cfg");
        Files.write(settings, lines);
        QuorumPeerMain.main(new String[] {settings.toString()});
    }

    @Override
    public Contender connect(Layout layout) throws IOException {
        return new ZooKeeperContender(layout);
    }
}

package io.tenure.peers.jraft;

import com.alipay.sofa.jraft.option.ReadOnlyOption;
import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import io.tenure.peers.PeerSystem;
import io.tenure.peers.Versions;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** SOFAJRaft, with reads by lease or by quorum. */
public final class JRaftPeer implements PeerSystem {
    static final String GROUP = "kv";

    private final boolean byLease;

    /**
     * Describes it.
     *
     * @param byLease whether ReadIndex relies on the leader's lease, or asks a majority each time
     */
    public JRaftPeer(boolean byLease) {
        this.byLease = byLease;
    }

    @Override
    public String title() {
        return byLease ? "SOFAJRaft" : "SOFAJRaft (quorum reads)";
    }

    @Override
    public String version() {
        return Versions.of("jraft");
    }

    @Override
    public List<String> settings() {
        return List.of(
                "RaftOptions sync=true and syncMeta=true",
                "log in RocksDB, its default",
                "reads by readIndex, " + (byLease ? "ReadOnlyLeaseBased" : "ReadOnlySafe"),
                "election timeout 1000 ms, its default",
                "its own transport (Bolt), requests handled on the transport's thread, one connection, pipelined",
                "messages carried as bytes by a serializer of their own");
    }

    @Override
    public List<String> caveats() {
        return List.of(
                "Snapshots are off.",
                byLease
                        ? "Its documentation warns that lease reads rest on clocks; its default is ReadOnlySafe."
                        : "ReadOnlySafe asks a majority for every batch of reads.");
    }

    /** Its transport would set up a logging of its own, which this version of the logging library does not know. */
    @Override
    public List<String> jvmOptions() {
        return List.of("-Dsofa.middleware.log.disable=true");
    }

    @Override
    public void runNode(Layout layout, int id) throws Exception {
        var unused =
                new JRaftNode(layout, id, byLease ? ReadOnlyOption.ReadOnlyLeaseBased : ReadOnlyOption.ReadOnlySafe);
        new CountDownLatch(1).await();
    }

    @Override
    public Contender connect(Layout layout) {
        return new JRaftContender(layout);
    }
}

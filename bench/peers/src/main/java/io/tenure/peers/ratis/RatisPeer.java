package io.tenure.peers.ratis;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import io.tenure.peers.PeerSystem;
import io.tenure.peers.Versions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;

/** Apache Ratis. */
public final class RatisPeer implements PeerSystem {
    @Override
    public String title() {
        return "Apache Ratis";
    }

    @Override
    public String version() {
        return Versions.of("ratis");
    }

    @Override
    public List<String> settings() {
        return List.of(
                "log forced by default (unsafe flush off)",
                "linearizable reads, by leader lease",
                "gRPC, the asynchronous ordered client with up to 2,048 requests under way",
                "up to 16,384 pending requests",
                "no least time between two appends (wait-time.min=0), as its largest users have it",
                "default timeouts");
    }

    @Override
    public List<String> caveats() {
        return List.of("Snapshots are off.", "Its lease assumes clocks that run at one rate.");
    }

    /** The members, the same for nodes and clients. */
    static RaftGroup group(Layout layout) {
        List<RaftPeer> members = new ArrayList<>();
        for (int id = 0; id < Layout.NODES; id++) {
            members.add(RaftPeer.newBuilder()
                    .setId(name(id))
                    .setAddress(layout.address(id, 0))
                    .build());
        }
        UUID name = UUID.nameUUIDFromBytes("kv".getBytes(StandardCharsets.UTF_8));
        return RaftGroup.valueOf(RaftGroupId.valueOf(name), members);
    }

    static String name(int id) {
        return "n" + id;
    }

    @Override
    public void runNode(Layout layout, int id) throws Exception {
        RatisNode.run(layout, id);
    }

    @Override
    public Contender connect(Layout layout) {
        return new RatisContender(layout);
    }
}

package io.tenure.net;

import io.tenure.handoff.KnownPeer;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;

/** Judges who says hello, at either port. A refusal says why, for the logs of both sides. */
final class Doorkeeper {
    private final NodeIdentity self;

    Doorkeeper(NodeIdentity self) {
        this.self = self;
    }

    /** The answer to one who came to the peers' port. */
    HelloReply judgePeer(Hello hello, Membership membership) {
        String wrong = wrongWithPeer(hello, membership);
        return (wrong == null ? accept() : refuse(wrong)).build();
    }

    /** The answer to one who came to the clients' port. */
    HelloReply judgeClient(Hello hello, int keyBytesMax, int valueBytesMax, String objection) {
        String wrong = wrongWithClient(hello, objection);
        return (wrong == null ? accept() : refuse(wrong))
                .setKeyBytesMax(keyBytesMax)
                .setValueBytesMax(valueBytesMax)
                .build();
    }

    /** What is wrong with a peer's accepting answer, or null. */
    String wrongWithReply(HelloReply reply, int target, KnownPeers known) {
        if (!reply.getClusterId().equals(self.clusterId())) {
            return "it belongs to cluster \"" + reply.getClusterId() + "\", this node to \"" + self.clusterId() + "\"";
        }
        if (reply.getNodeId() != target) {
            return "it is node " + reply.getNodeId() + ", not node " + target;
        }
        return known.admit(
                new KnownPeer(target, reply.getIncarnation(), reply.getBootCount(), reply.getBootId()),
                reply.getRejoining());
    }

    private String wrongWithPeer(Hello hello, Membership membership) {
        String wrong = wrongWithVersion(hello);
        if (wrong != null) {
            return wrong;
        }
        if (hello.getRole() != ConnectionRole.PEER) {
            return "this is the peer port of node " + self.nodeId() + "; clients connect to its client port";
        }
        if (!hello.getClusterId().equals(self.clusterId())) {
            return otherCluster(hello);
        }
        int from = hello.getNodeId();
        if (from == self.nodeId()) {
            return "node id " + from + " is this node's own";
        }
        if (!membership.peerAddresses().containsKey(from)) {
            return "node " + from + " is not a member; members are "
                    + membership.peerAddresses().keySet();
        }
        if (hello.getTargetNodeId() != self.nodeId()) {
            return "this is node " + self.nodeId() + ", not node " + hello.getTargetNodeId();
        }
        return membership
                .known()
                .admit(
                        new KnownPeer(from, hello.getIncarnation(), hello.getBootCount(), hello.getBootId()),
                        hello.getRejoining());
    }

    private String wrongWithClient(Hello hello, String objection) {
        String wrong = wrongWithVersion(hello);
        if (wrong != null) {
            return wrong;
        }
        if (hello.getRole() != ConnectionRole.CLIENT) {
            return "this is the client port of node " + self.nodeId() + "; peers connect to its peer port";
        }
        if (!hello.getClusterId().isEmpty() && !hello.getClusterId().equals(self.clusterId())) {
            return otherCluster(hello);
        }
        return objection;
    }

    private static String wrongWithVersion(Hello hello) {
        return hello.getProtocolVersion() == ProtocolVersion.CURRENT
                ? null
                : "protocol version " + Integer.toUnsignedString(hello.getProtocolVersion())
                        + " is not spoken here; this node speaks " + ProtocolVersion.CURRENT;
    }

    private String otherCluster(Hello hello) {
        return "this node belongs to cluster \"" + self.clusterId() + "\", not to \"" + hello.getClusterId() + "\"";
    }

    private HelloReply.Builder accept() {
        return identified().setAccepted(true);
    }

    private HelloReply.Builder refuse(String reason) {
        return identified().setReason(reason);
    }

    private HelloReply.Builder identified() {
        return HelloReply.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setClusterId(self.clusterId())
                .setNodeId(self.nodeId())
                .setIncarnation(self.incarnation())
                .setBootCount(self.bootCount())
                .setBootId(self.bootId())
                .setRejoining(self.rejoining());
    }
}

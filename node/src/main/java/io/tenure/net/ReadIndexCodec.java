package io.tenure.net;

import static io.tenure.net.Checks.atLeast;
import static io.tenure.net.Checks.index;
import static io.tenure.net.Checks.malformed;
import static io.tenure.net.Checks.term;

import io.tenure.protocol.proto.AppendEntry;
import io.tenure.protocol.proto.ReadIndex;
import io.tenure.protocol.proto.ReadIndexReply;
import io.tenure.raft.Message;

/** What lets followers answer reads, as frames and back; as {@link PeerCodec}. */
final class ReadIndexCodec {
    private ReadIndexCodec() {}

    static ReadIndex encode(Message.ReadIndex question) {
        return ReadIndex.newBuilder()
                .setTerm(question.term())
                .setNumber(question.number())
                .build();
    }

    static Message decode(ReadIndex question) throws MalformedFrameException {
        String what = "ReadIndex";
        term(what, question.getTerm());
        atLeast(what, "number", question.getNumber(), 1);
        return new Message.ReadIndex(question.getTerm(), question.getNumber());
    }

    static ReadIndexReply encode(Message.ReadIndexReply reply) {
        return ReadIndexReply.newBuilder()
                .setTerm(reply.term())
                .setNumber(reply.number())
                .setReadIndex(reply.index())
                .build();
    }

    static Message decode(ReadIndexReply reply) throws MalformedFrameException {
        String what = "ReadIndexReply";
        // Who has never seen a term may be asked by mistake.
        term(what, "term", reply.getTerm(), -1);
        atLeast(what, "number", reply.getNumber(), 1);
        if (reply.getReadIndex() == -1) {
            return Message.ReadIndexReply.refusal(reply.getTerm(), reply.getNumber());
        }
        index(what, "read_index", reply.getReadIndex());
        return new Message.ReadIndexReply(reply.getTerm(), reply.getNumber(), reply.getReadIndex());
    }

    /** The echo in a message of a leader, or null. */
    static Message.Echo echoIn(AppendEntry append) throws MalformedFrameException {
        String what = "AppendEntry";
        if (append.getEchoStamp() == 0) {
            return null;
        }
        atLeast(what, "echo_stamp", append.getEchoStamp(), 1);
        index(what, "echo_commit", append.getEchoCommit());
        if (append.getEchoCommit() < append.getLeaderCommit()) {
            throw malformed(
                    what, "echo_commit " + append.getEchoCommit() + " below leader_commit " + append.getLeaderCommit());
        }
        return new Message.Echo(append.getEchoStamp(), append.getEchoCommit());
    }
}

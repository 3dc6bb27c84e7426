package io.tenure.net;

import static io.tenure.net.Checks.atLeast;
import static io.tenure.net.Checks.malformed;
import static io.tenure.net.Checks.term;

import io.tenure.protocol.proto.LeaseRelease;
import io.tenure.protocol.proto.TimeoutNow;
import io.tenure.raft.Message;
import io.tenure.raft.Release;

/** What ends leases before their time, as frames and back; as {@link PeerCodec}. */
final class ReleaseCodec {
    private ReleaseCodec() {}

    static TimeoutNow encode(int self, Message.TimeoutNow timeout) {
        return TimeoutNow.newBuilder()
                .setTerm(timeout.term())
                .setLeaderId(self)
                .setRelease(encode(timeout.release()))
                .build();
    }

    static Message decode(int from, TimeoutNow timeout) throws MalformedFrameException {
        String what = "TimeoutNow";
        term(what, timeout.getTerm());
        if (timeout.getLeaderId() != from) {
            throw malformed(what, "leader_id " + timeout.getLeaderId() + " on the link of node " + from);
        }
        Release release = ofSender(what, from, timeout.getRelease());
        if (release.term() != timeout.getTerm()) {
            throw malformed(what, "a release of term " + release.term() + " in term " + timeout.getTerm());
        }
        return new Message.TimeoutNow(timeout.getTerm(), release);
    }

    static LeaseRelease encode(Message.LeaseRelease released) {
        return LeaseRelease.newBuilder()
                .setTerm(released.term())
                .setRelease(encode(released.release()))
                .build();
    }

    static Message decode(int from, LeaseRelease released) throws MalformedFrameException {
        String what = "LeaseRelease";
        term(what, released.getTerm());
        Release release = ofSender(what, from, released.getRelease());
        if (release.term() > released.getTerm()) {
            throw malformed(what, "a release of term " + release.term() + " in term " + released.getTerm());
        }
        return new Message.LeaseRelease(released.getTerm(), release);
    }

    static io.tenure.protocol.proto.Release encode(Release release) {
        return io.tenure.protocol.proto.Release.newBuilder()
                .setHolder(release.holder())
                .setTerm(release.term())
                .setEpochUpTo(release.epochUpTo())
                .build();
    }

    static Release decode(String what, io.tenure.protocol.proto.Release release) throws MalformedFrameException {
        atLeast(what, "holder", release.getHolder(), 0);
        term(what, release.getTerm());
        atLeast(what, "epoch_up_to", release.getEpochUpTo(), 0);
        return new Release(release.getHolder(), release.getTerm(), release.getEpochUpTo());
    }

    /** Only the holder itself can say so first. */
    private static Release ofSender(String what, int from, io.tenure.protocol.proto.Release release)
            throws MalformedFrameException {
        if (release.getHolder() != from) {
            throw malformed(what, "holder " + release.getHolder() + " on the link of node " + from);
        }
        return decode(what, release);
    }
}

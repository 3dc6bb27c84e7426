package io.tenure.net;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tenure.fuzz.Choices;
import io.tenure.fuzz.CoreUnderFuzz;
import io.tenure.fuzz.PeerFrames;
import io.tenure.fuzz.Spoiler;
import io.tenure.protocol.proto.Batch;
import io.tenure.protocol.proto.PeerFrame;
import java.util.zip.CRC32C;

/**
 * A core in any role, to which the input says what happens: messages of both peers, some with a field or a byte spoilt,
 * time, the disk, writes, broken links, elections. Malformed messages change nothing.
 */
public final class PeerMessagesTarget {
    private static final int EVENTS_MAX = 64;
    private static final int TERM_MAX = 12;

    private PeerMessagesTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Choices choices = Choices.of(input);
        CoreUnderFuzz core = new CoreUnderFuzz();
        PeerCodec codec = new PeerCodec(CoreUnderFuzz.SELF);
        PeerFrames[] peers = {new PeerFrames(choices, 0), new PeerFrames(choices, 2)};
        for (int i = 0; i < EVENTS_MAX && !choices.isEmpty() && !core.isStopped(); i++) {
            switch (choices.below(20)) {
                case 0 -> core.pass(choices.below(1000));
                case 1, 2 -> core.persist();
                case 3 -> core.propose();
                case 4 -> core.lose(2 * choices.below(2));
                case 5 -> core.elect();
                case 6 -> core.answerDisk(choices);
                case 7 -> core.link(2 * choices.below(2));
                case 9 -> core.hint(2 * choices.below(2));
                case 8 -> core.transfer(choices.below(4) - 1);
                default -> {
                    int peer = choices.below(2);
                    receive(core, codec, 2 * peer, spoilt(peers[peer].next(TERM_MAX), choices));
                }
            }
        }
    }

    private static PeerFrame spoilt(PeerFrame frame, Choices choices) {
        return switch (choices.below(4)) {
            case 0 -> sealed((PeerFrame) Spoiler.spoil(frame, choices));
            case 1 -> parsed(Spoiler.bytes(frame.toByteArray(), choices));
            default -> frame;
        };
    }

    /** With the right checksum, so that what is behind it is reached. */
    private static PeerFrame sealed(PeerFrame frame) {
        Batch batch = frame.getAppendEntry().getBatch();
        CRC32C crc = new CRC32C();
        crc.update(batch.getText().asReadOnlyByteBuffer());
        crc.update(batch.getTags().asReadOnlyByteBuffer());
        PeerFrame.Builder sealed = frame.toBuilder();
        if (!batch.getTags().isEmpty()) {
            sealed.getAppendEntryBuilder().getBatchBuilder().setChecksum((int) crc.getValue());
        }
        return sealed.build();
    }

    private static PeerFrame parsed(byte[] bytes) {
        try {
            return PeerFrame.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return PeerFrame.getDefaultInstance();
        }
    }

    private static void receive(CoreUnderFuzz core, PeerCodec codec, int from, PeerFrame frame) {
        String before = core.state();
        try {
            core.receive(from, codec.decode(from, frame));
        } catch (MalformedFrameException e) {
            WatchedChannel.requireReadable(e.getMessage());
            if (!core.state().equals(before)) {
                throw new AssertionError("changed by a malformed frame", e);
            }
        }
    }
}

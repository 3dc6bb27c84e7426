package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tenure.entry.LineEncoder;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import io.tenure.raft.OldLease;
import io.tenure.raft.Release;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PeerCodecTest {
    private static final int SENDER = 3;

    private final PeerCodec sender = new PeerCodec(SENDER);
    private final PeerCodec receiver = new PeerCodec(1);

    @Test
    void votesSurviveTheWire() throws Exception {
        List<Message> messages = List.of(
                new Message.RequestVote(0, true, EntryId.NONE),
                new Message.RequestVote(7, false, new EntryId(9, 6)),
                new Message.RequestVoteReply(-1, true, true, 0, List.of()),
                new Message.RequestVoteReply(
                        8,
                        false,
                        false,
                        7,
                        List.of(new OldLease(2, 6, 1, 1500), new OldLease(OldLease.UNKNOWN, -1, 0, 2500))));

        for (Message message : messages) {
            assertThat(overTheWire(message)).isEqualTo(message);
        }
    }

    @Test
    void releasesSurviveTheWire() throws Exception {
        Release stopped = new Release(SENDER, 7, Release.ALL_EPOCHS);
        List<Message> messages = List.of(
                new Message.RequestVote(8, false, new EntryId(9, 6), new Release(2, 7, 3)),
                new Message.TimeoutNow(7, new Release(SENDER, 7, 3)),
                new Message.LeaseRelease(7, stopped),
                new Message.LeaseRelease(9, stopped));

        for (Message message : messages) {
            assertThat(overTheWire(message)).isEqualTo(message);
        }
    }

    /** A holder speaks for itself, of the term in which it leads or of an earlier one. */
    @Test
    void releasesThatNobodyCanGiveAreRefused() {
        List<Message> messages = List.of(
                new Message.RequestVote(7, false, new EntryId(9, 6), new Release(2, 7, 3)),
                new Message.TimeoutNow(7, new Release(2, 7, 3)),
                new Message.TimeoutNow(7, new Release(SENDER, 6, 3)),
                new Message.LeaseRelease(7, new Release(2, 7, 3)),
                new Message.LeaseRelease(7, new Release(SENDER, 8, 3)),
                new Message.LeaseRelease(7, new Release(SENDER, 7, -1)));

        for (Message message : messages) {
            assertThatThrownBy(() -> overTheWire(message))
                    .as("%s", message)
                    .isInstanceOf(MalformedFrameException.class);
        }
    }

    @Test
    void theLongestOldLeaseIsToldAsOneNumberToo() {
        PeerFrame frame = sender.encode(new Message.RequestVoteReply(
                8, false, false, 7, List.of(new OldLease(2, 6, 1, 1500), new OldLease(0, 5, 0, 2500))));

        assertThat(frame.getRequestVoteReply().getLongestOldLeaseMillis()).isEqualTo(2500);
    }

    @Test
    void repliesSurviveTheWire() throws Exception {
        List<Message> messages = List.of(
                new Message.AppendEntryReply(4, 11, true, true, 5, 9, EntryId.NONE, false),
                new Message.AppendEntryReply(4, 0, false, true, 9, 9, EntryId.NONE, true, 1L << 61),
                new Message.ReadIndex(4, 1L << 61),
                new Message.ReadIndexReply(4, 1L << 61, 9),
                Message.ReadIndexReply.refusal(4, 7),
                new Message.AppendEntryReply(4, 12, true, false, 0, 0, new EntryId(3, 2), false));

        for (Message message : messages) {
            assertThat(overTheWire(message)).isEqualTo(message);
        }
    }

    /** After a crash, or while its disk is full, a node's metadata may lag behind its log. */
    @Test
    void entriesForARepairAreReadThoughTheirTermIsAboveTheSenders() throws Exception {
        List<Entry> entries = List.of(LineEncoder.noOp(3), LineEncoder.noOp(4));
        Message.RepairCopy copy = new Message.RepairCopy(true, false, 0);

        Message read = overTheWire(new Message.RepairReply(2, 8, new Message.RepairEntries(7, 3, entries), null, copy));

        assertThat(((Message.RepairReply) read).log().entries())
                .extracting(Entry::term)
                .containsExactly(3L, 4L);
    }

    @Test
    void aHeartbeatSurvivesTheWire() throws Exception {
        Message heartbeat = new Message.AppendEntry(4, new EntryId(9, 3), List.of(), 8, 350, 2, 77);
        assertThat(overTheWire(heartbeat)).isEqualTo(heartbeat);

        Message.Echo echo = new Message.Echo(1L << 61, 9);
        Message echoing = new Message.AppendEntry(4, new EntryId(9, 3), List.of(), 8, 350, 2, 77, echo);
        assertThat(overTheWire(echoing)).isEqualTo(echoing);
    }

    @Property(tries = 300)
    void entriesSurviveTheWire(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) throws Exception {
        List<Entry> entries = Batches.random(new Random(seed), count);
        long term = entries.get(count - 1).term();

        Message.AppendEntry append = (Message.AppendEntry)
                overTheWire(new Message.AppendEntry(term, new EntryId(5, 0), entries, 5, 350, 0, 1));

        assertThat(append.entries())
                .usingRecursiveFieldByFieldElementComparator(Batches.CONTENT)
                .isEqualTo(entries);
        assertThat(append.entries().stream().map(Entry::bytes).distinct()).hasSize(1);
    }

    @Test
    void neighboursInAnArrayLeaveAsOneSlice() {
        byte[] array = "xxSET a 1 4\nSET b 2 4\nNO-OP 4\nyy".getBytes(StandardCharsets.UTF_8);
        List<Entry> entries = List.of(
                new Entry(Entry.Kind.WRITE, 4, 1, 8, 1, array, 2, 10),
                new Entry(Entry.Kind.WRITE, 4, 2, 8, 2, array, 12, 10),
                new Entry(Entry.Kind.NO_OP, 4, 0, 0, 0, array, 22, 8));

        ByteString text = BatchCodec.encode(entries).getText();

        assertThat(text.toStringUtf8()).isEqualTo("SET a 1 4\nSET b 2 4\nNO-OP 4\n");
        array[6] = 'A';
        assertThat(text.toStringUtf8()).as("the array itself, not a copy").startsWith("SET A 1 4\n");
        assertThat(BatchCodec.encode(entries).getTermsList())
                .as("one term for all")
                .containsExactly(4L);
    }

    @Test
    void whatArrivesIsNotCopiedOnceMore() throws Exception {
        ByteString wire = sender.encode(
                        new Message.AppendEntry(4, EntryId.NONE, List.of(Batches.write(4, "a", "1", 8, 1)), 0, 0, 0, 1))
                .toByteString();
        PeerFrame frame = PeerFrame.parseFrom(wire.asReadOnlyByteBuffer());
        byte[] text = Bytes.of(frame.getAppendEntry().getBatch().getText());

        Message.AppendEntry append = (Message.AppendEntry) receiver.decode(SENDER, frame);

        assertThat(append.entries().get(0).bytes()).isSameAs(text);
    }

    @Test
    void bytesOfARopeAreAllOfIt() {
        List<ByteString> pieces = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pieces.add(ByteString.copyFromUtf8(String.valueOf((char) ('a' + i)).repeat(500)));
        }
        ByteString rope = ByteString.copyFrom(pieces);

        assertThat(Bytes.of(rope)).isEqualTo(rope.toByteArray());
        assertThat(Bytes.of(rope.substring(3, 700)))
                .isEqualTo(rope.substring(3, 700).toByteArray());
        assertThat(Bytes.of(ByteString.EMPTY)).isEmpty();
    }

    private Message overTheWire(Message message) throws Exception {
        return receiver.decode(
                SENDER, PeerFrame.parseFrom(sender.encode(message).toByteArray()));
    }
}

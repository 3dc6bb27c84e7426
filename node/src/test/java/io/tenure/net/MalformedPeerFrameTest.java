package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tenure.protocol.proto.AppendEntry;
import io.tenure.protocol.proto.AppendEntryReply;
import io.tenure.protocol.proto.Batch;
import io.tenure.protocol.proto.OldLease;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.protocol.proto.RequestVote;
import io.tenure.protocol.proto.RequestVoteReply;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that no correct peer sends: each is a good one with one thing wrong, and is refused for that. */
class MalformedPeerFrameTest {
    private static final int SENDER = 3;

    private final PeerCodec codec = new PeerCodec(1);

    @Test
    void theFramesToSpoilAreGood() {
        Stream.of(request(b -> {}), voteReply(b -> {}), append(b -> {}), batch(b -> {}), reply(b -> {}))
                .forEach(frame ->
                        assertThatCode(() -> codec.decode(SENDER, frame)).doesNotThrowAnyException());
    }

    @ParameterizedTest
    @MethodSource({"votes", "appends", "batches"})
    void isRefusedForWhatIsWrong(PeerFrame frame, String message) {
        assertThatThrownBy(() -> codec.decode(SENDER, frame))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessage(message);
        assertThatCode(() -> codec.decode(SENDER, batch(b -> {}))).doesNotThrowAnyException();
    }

    static Stream<Arguments> votes() {
        return Stream.of(
                bad(PeerFrame.getDefaultInstance(), "a peer frame without a message"),
                bad(request(b -> b.setTerm(-1)), "RequestVote: term -1 is below 0"),
                bad(
                        request(b -> b.setTerm(Long.MAX_VALUE)),
                        "RequestVote: term 9223372036854775807 is above 2147483646"),
                bad(request(b -> b.setCandidateId(2)), "RequestVote: candidate_id 2 on the link of node 3"),
                bad(
                        request(b -> b.setLastLogIndex(-1)),
                        "RequestVote: last_log_index -1 is not in 0..4611686018427387903"),
                bad(
                        request(b -> b.setLastLogIndex(Long.MAX_VALUE)),
                        "RequestVote: last_log_index 9223372036854775807 is not in 0..4611686018427387903"),
                bad(request(b -> b.setLastLogTerm(-2)), "RequestVote: last_log_term -2 is below -1"),
                bad(request(b -> b.setLastLogTerm(8)), "RequestVote: last_log_term 8 above term 7"),
                bad(
                        request(b -> b.setLastLogIndex(0)),
                        "RequestVote: last_log_index 0 with last_log_term 6; index 0 and term -1 belong together"),
                bad(
                        request(b -> b.setLastLogTerm(-1)),
                        "RequestVote: last_log_index 9 with last_log_term -1; index 0 and term -1 belong together"),
                bad(voteReply(b -> b.setTerm(-2)), "RequestVoteReply: term -2 is below -1"),
                bad(voteReply(b -> b.setRequestTerm(-1)), "RequestVoteReply: request_term -1 is below 0"),
                bad(
                        voteReply(b -> b.setTerm(Integer.MAX_VALUE)),
                        "RequestVoteReply: term 2147483647 is above 2147483646"),
                bad(
                        voteReply(b -> b.setRequestTerm(Long.MAX_VALUE)),
                        "RequestVoteReply: request_term 9223372036854775807 is above 2147483646"),
                bad(
                        voteReply(b -> b.setLongestOldLeaseMillis(1499)),
                        "RequestVoteReply: longest_old_lease_millis 1499 where the longest is 1500"),
                bad(voteReply(b -> b.getOldLeasesBuilder(0).setHolder(-2)), "RequestVoteReply: holder -2 is below -1"),
                bad(
                        voteReply(b -> b.getOldLeasesBuilder(0).setTerm(-2)),
                        "RequestVoteReply: term of an old lease -2 is below -1"),
                bad(voteReply(b -> b.getOldLeasesBuilder(0).setEpoch(-1)), "RequestVoteReply: epoch -1 is below 0"),
                bad(
                        voteReply(b -> b.getOldLeasesBuilder(0).setRemainingMillis(-1)),
                        "RequestVoteReply: remaining_millis -1 is not in 0..3600000"),
                bad(
                        voteReply(b -> b.getOldLeasesBuilder(0).setRemainingMillis(3_600_001)),
                        "RequestVoteReply: remaining_millis 3600001 is not in 0..3600000"),
                bad(
                        voteReply(b -> {
                            for (int i = 0; i < 64; i++) {
                                b.addOldLeases(OldLease.getDefaultInstance());
                            }
                        }),
                        "RequestVoteReply: 65 old leases; at most 64 are allowed"));
    }

    static Stream<Arguments> appends() {
        return Stream.of(
                bad(append(b -> b.setTerm(-1)), "AppendEntry: term -1 is below 0"),
                bad(append(b -> b.setLeaderId(0)), "AppendEntry: leader_id 0 on the link of node 3"),
                bad(append(b -> b.setPrevLogTerm(8)), "AppendEntry: prev_log_term 8 above term 7"),
                bad(
                        append(b -> b.setPrevLogIndex(-5)),
                        "AppendEntry: prev_log_index -5 is not in 0..4611686018427387903"),
                bad(
                        append(b -> b.setPrevLogIndex(0)),
                        "AppendEntry: prev_log_index 0 with prev_log_term 6; index 0 and term -1 belong together"),
                bad(
                        append(b -> b.setLeaderCommit(-1)),
                        "AppendEntry: leader_commit -1 is not in 0..4611686018427387903"),
                bad(append(b -> b.setLeaseMillis(-1)), "AppendEntry: lease_millis -1 is not in 0..3600000"),
                bad(append(b -> b.setLeaseMillis(3_600_001)), "AppendEntry: lease_millis 3600001 is not in 0..3600000"),
                bad(append(b -> b.setLeaseEpoch(-1)), "AppendEntry: lease_epoch -1 is below 0"),
                bad(append(b -> b.setSeq(0)), "AppendEntry: seq 0 is below 1"),
                bad(reply(b -> b.setTerm(-1)), "AppendEntryReply: term -1 is below 0"),
                bad(reply(b -> b.setSeq(-1)), "AppendEntryReply: seq -1 is below 0"),
                bad(
                        reply(b -> b.setMatchIndex(-1)),
                        "AppendEntryReply: match_index -1 is not in 0..4611686018427387903"),
                bad(reply(b -> b.setMatchIndex(10)), "AppendEntryReply: match_index 10 above received_index 9"),
                bad(
                        reply(b -> b.setReceivedIndex(-1)),
                        "AppendEntryReply: received_index -1 is not in 0..4611686018427387903"),
                bad(
                        reply(b -> b.setHintIndex(4)),
                        "AppendEntryReply: hint_index 4 with hint_term -1; index 0 and term -1 belong together"),
                bad(reply(b -> b.setHintTerm(-3)), "AppendEntryReply: hint_term -3 is below -1"));
    }

    static Stream<Arguments> batches() {
        return Stream.of(
                bad(append(b -> b.setBatch(Batch.getDefaultInstance())), "batch: 0 entries; 1..65536 are allowed"),
                bad(tags(t -> Arrays.copyOf(t, 85)), "batch: tags of 85 bytes; an entry has 28"),
                bad(batch(b -> b.clearTerms().addTerms(6).addTerms(7)), "batch: 2 terms for 3 entries"),
                bad(batch(b -> b.clearTerms()), "batch: 0 terms for 3 entries"),
                bad(batch(b -> b.setTerms(0, 5)), "batch: entry 0: term 5 is not in 6..7"),
                bad(batch(b -> b.setTerms(1, 8)), "batch: entry 1: term 8 is not in 6..7"),
                bad(batch(b -> b.setTerms(2, 6)), "batch: entry 2: term 6 is not in 7..7"),
                bad(tag(0, 0, 101, 10, 1), "batch: entry 0: line end 0 is not in 1..28"),
                bad(tag(1, 10, 0, 0, 0), "batch: entry 1: line end 10 is not in 11..28"),
                bad(tag(2, 29, 102, 10, 2), "batch: entry 2: line end 29 is not in 19..28"),
                bad(tag(2, -1, 102, 10, 2), "batch: entry 2: line end 4294967295 is not in 19..28"),
                bad(
                        batch(b -> b.setText(text("SET a 1 6\nNO-OP 7\nSET b 2 7\nx"))),
                        "batch: the last line ends at 28, the text at 29"),
                bad(
                        batch(b -> b.setText(text("SET a 1 6\nNO-OP 7\nSET b 2 7x"))),
                        "batch: entry 2: the line does not end in a line feed"),
                bad(
                        batch(b -> b.setText(text("SET a 1 6\nNO-OP 7\nSET b 2 8\n"))),
                        "batch: entry 2: the line does not end in term 7"),
                bad(
                        batch(b -> b.setText(text("SET a 1 6\nNO-OP 7\nSET b 217\n"))),
                        "batch: entry 2: the line does not end in term 7"),
                bad(
                        batch(b -> b.setText(text("SET a 1 6\nSET x 7\nSET b 2 7\n"))),
                        "batch: entry 1: a write without a key hash"),
                bad(tag(1, 18, 5, 0, 0), "batch: entry 1: a NO-OP with a key hash"),
                bad(tag(2, 28, 0, 10, 2), "batch: entry 2: a write without a key hash"),
                bad(tag(1, 18, 0, 4, 0), "batch: entry 1: a NO-OP with a session"),
                bad(tag(0, 10, 101, 10, 0), "batch: entry 0: number 0 with session a"),
                bad(tag(0, 10, 101, 10, -1), "batch: entry 0: number 18446744073709551615 with session a"),
                bad(tag(2, 28, 102, 0, 2), "batch: entry 2: number 2 with session 0"),
                bad(batch(b -> b.setText(text("SET a 3 6\nNO-OP 7\nSET b 2 7\n"))), "batch: the checksum is wrong"),
                bad(tag(0, 10, 103, 10, 1), "batch: the checksum is wrong"),
                bad(tag(2, 28, 102, 11, 2), "batch: the checksum is wrong"),
                bad(tag(2, 28, 102, 10, 3), "batch: the checksum is wrong"),
                bad(batch(b -> b.clearChecksum()), "batch: the checksum is wrong"));
    }

    private static Arguments bad(PeerFrame frame, String message) {
        return Arguments.of(frame, message);
    }

    private static PeerFrame request(Consumer<RequestVote.Builder> spoil) {
        RequestVote.Builder request = RequestVote.newBuilder()
                .setTerm(7)
                .setCandidateId(SENDER)
                .setLastLogIndex(9)
                .setLastLogTerm(6);
        spoil.accept(request);
        return PeerFrame.newBuilder().setRequestVote(request).build();
    }

    private static PeerFrame voteReply(Consumer<RequestVoteReply.Builder> spoil) {
        RequestVoteReply.Builder reply = RequestVoteReply.newBuilder()
                .setTerm(7)
                .setRequestTerm(7)
                .addOldLeases(OldLease.newBuilder().setHolder(2).setTerm(6).setRemainingMillis(1500))
                .setLongestOldLeaseMillis(1500);
        spoil.accept(reply);
        return PeerFrame.newBuilder().setRequestVoteReply(reply).build();
    }

    private static PeerFrame append(Consumer<AppendEntry.Builder> spoil) {
        AppendEntry.Builder append = AppendEntry.newBuilder()
                .setTerm(7)
                .setLeaderId(SENDER)
                .setPrevLogIndex(9)
                .setPrevLogTerm(6)
                .setLeaderCommit(8)
                .setLeaseMillis(350)
                .setSeq(1);
        spoil.accept(append);
        return PeerFrame.newBuilder().setAppendEntry(append).build();
    }

    private static PeerFrame tags(UnaryOperator<byte[]> spoil) {
        return batch(b -> b.setTags(ByteString.copyFrom(spoil.apply(b.getTags().toByteArray()))));
    }

    private static PeerFrame tag(int i, int lineEnd, long keyHash, long session, long number) {
        return tags(tags -> {
            BatchCodec.putTag(tags, i, lineEnd, keyHash, session, number);
            return tags;
        });
    }

    private static PeerFrame batch(Consumer<Batch.Builder> spoil) {
        byte[] tags = new byte[3 * BatchCodec.TAG_BYTES];
        BatchCodec.putTag(tags, 0, 10, 101, 10, 1);
        BatchCodec.putTag(tags, 1, 18, 0, 0, 0);
        BatchCodec.putTag(tags, 2, 28, 102, 10, 2);
        Batch.Builder batch = Batch.newBuilder()
                .setText(text("SET a 1 6\nNO-OP 7\nSET b 2 7\n"))
                .setTags(ByteString.copyFrom(tags))
                .addTerms(6)
                .addTerms(7)
                .addTerms(7)
                .setChecksum(-1300801229);
        spoil.accept(batch);
        return append(b -> b.setBatch(batch));
    }

    private static PeerFrame reply(Consumer<AppendEntryReply.Builder> spoil) {
        AppendEntryReply.Builder reply = AppendEntryReply.newBuilder()
                .setTerm(7)
                .setSeq(1)
                .setSuccess(true)
                .setMatchIndex(8)
                .setReceivedIndex(9)
                .setHintTerm(-1);
        spoil.accept(reply);
        return PeerFrame.newBuilder().setAppendEntryReply(reply).build();
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }
}

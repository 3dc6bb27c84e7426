package io.tenure.fuzz;

import io.tenure.entry.IndexRecordTarget;
import io.tenure.entry.LogLineTarget;
import io.tenure.history.HistoryTarget;
import io.tenure.journal.LogFolderTarget;
import io.tenure.journal.MetadataTarget;
import io.tenure.journal.SnapshotTarget;
import io.tenure.net.ClientPortTarget;
import io.tenure.net.HandshakeReplyTarget;
import io.tenure.net.PeerMessagesTarget;
import io.tenure.net.PeerPortTarget;
import io.tenure.node.SettingsTarget;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is fuzzed. A target takes any input; whatever it throws is a bug. */
public enum FuzzTarget {
    /** Bytes on a connection to the peer port, through handshake, frames and codec, into a core. */
    PEER_PORT,
    /** Messages of peers, well formed and spoilt, to a core in every role. */
    PEER_MESSAGES,
    /** Bytes on a connection to the client port, through handshake and frames, into a gateway. */
    CLIENT_PORT,
    /** What the other side answers to a node or client that connects. */
    HANDSHAKE_REPLY,
    /** A line of {@code logs.txt}; keys and values to be written there. */
    LOG_LINE,
    /** A record of {@code logs.idx}. */
    INDEX_RECORD,
    /** {@code metadata.txt}, its checksum set right or not. */
    METADATA,
    /** A node's folder with damage in any of its files. */
    LOG_FOLDER,
    /** A snapshot file, its checksums set right or not. */
    SNAPSHOT,
    /** A settings file. */
    SETTINGS,
    /** A line of a recorded history. */
    HISTORY;

    /** The name on command lines and of the corpus file. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Runs the target once. */
    public void run(byte[] input) {
        switch (this) {
            case PEER_PORT -> PeerPortTarget.run(input);
            case PEER_MESSAGES -> PeerMessagesTarget.run(input);
            case CLIENT_PORT -> ClientPortTarget.run(input);
            case HANDSHAKE_REPLY -> HandshakeReplyTarget.run(input);
            case LOG_LINE -> LogLineTarget.run(input);
            case INDEX_RECORD -> IndexRecordTarget.run(input);
            case METADATA -> MetadataTarget.run(input);
            case LOG_FOLDER -> LogFolderTarget.run(input);
            case SNAPSHOT -> SnapshotTarget.run(input);
            case SETTINGS -> SettingsTarget.run(input);
            case HISTORY -> HistoryTarget.run(input);
        }
    }

    /** The target of this label. */
    public static FuzzTarget of(String label) {
        return Stream.of(values())
                .filter(target -> target.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target \"" + label + "\"; there are "
                        + List.of(values()).stream().map(FuzzTarget::label).toList()));
    }
}

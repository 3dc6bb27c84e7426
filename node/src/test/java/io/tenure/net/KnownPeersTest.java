package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.handoff.KnownPeer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let in: LEASE.md 3.8, "a wiped disk or a restored backup", and 4 #39. */
class KnownPeersTest {
    private static final String WAY_OUT = "run \"java -jar node.jar rejoin --conf FILE\" there";

    private final List<List<KnownPeer>> noted = new ArrayList<>();
    private final List<Integer> shutOut = new ArrayList<>();
    private final KnownPeers known = new KnownPeers(List.of(), noted::add);

    @Test
    void everyNewStartIsNoted() {
        assertThat(admit(7, 1, 11)).isNull();
        assertThat(admit(7, 1, 11)).as("a reconnect").isNull();
        assertThat(admit(7, 3, 13)).isNull();
        assertThat(noted).containsExactly(List.of(new KnownPeer(2, 7, 1, 11)), List.of(new KnownPeer(2, 7, 3, 13)));
    }

    @Test
    void anotherFolderIsLetInOnlyIfItKnowsWhatItHasForgotten() {
        admit(7, 5, 11);
        KnownPeers restarted = new KnownPeers(noted.get(0), noted::add);
        assertThat(restarted.admit(new KnownPeer(2, 8, 1, 12), false))
                .startsWith("node 2 came with another data folder than before (incarnation 8, before 7)")
                .contains(WAY_OUT);
        assertThat(restarted.admit(new KnownPeer(2, 8, 1, 12), true)).isNull();
        assertThat(restarted.admit(new KnownPeer(2, 8, 2, 14), false))
                .as("it has caught up")
                .isNull();
        assertThat(restarted.admit(new KnownPeer(2, 7, 6, 15), false))
                .as("the one before")
                .contains(WAY_OUT);
    }

    @Test
    void anOlderCopyIsRefusedForGood() {
        admit(7, 5, 11);
        assertThat(admit(7, 4, 12)).contains("came with boot count 4 after 5", "old copy", WAY_OUT);
        assertThat(admit(7, 9, 13))
                .as("started until its count is large enough")
                .contains(WAY_OUT);
        assertThat(known.admit(new KnownPeer(2, 8, 1, 14), true)).isNull();
    }

    /** A copy from the boot before the last counts as often as the folder it takes the place of. */
    @Test
    void aCopyWithTheSameBootCountIsRefused() {
        admit(7, 5, 11);
        assertThat(admit(7, 5, 12)).contains("came with boot count 5 after 5", WAY_OUT);
    }

    /** Its start does not count until the files are repaired. */
    @Test
    void whoRepairsItsFilesIsLetInUnlessItsFolderIsOld() {
        admit(7, 5, 11);
        assertThat(admit(7, 5, 0)).isNull();
        assertThat(admit(7, 6, 12)).isNull();
        assertThat(admit(7, 5, 0)).contains("came with boot count 5 after 6");
    }

    @Test
    void whoLostWhatItAcknowledgedIsShutOutUnlessItKnows() {
        known.onShutOut(shutOut::add);
        known.shutOut(2);
        admit(7, 5, 11);
        known.shutOut(2);
        assertThat(shutOut).containsExactly(2);
        assertThat(new KnownPeers(noted.get(noted.size() - 1), noted::add).admit(new KnownPeer(2, 7, 6, 12), false))
                .contains("has lost what it had acknowledged", WAY_OUT);
        known.admit(new KnownPeer(2, 8, 1, 13), true);
        known.shutOut(2);
        assertThat(shutOut).containsExactly(2);
        assertThat(known.admit(new KnownPeer(2, 8, 1, 13), true)).isNull();
    }

    private String admit(long incarnation, long bootCount, long bootId) {
        return known.admit(new KnownPeer(2, incarnation, bootCount, bootId), false);
    }
}

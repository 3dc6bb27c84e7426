package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotVisitor;
import io.tenure.journal.DamagedException;
import io.tenure.journal.FileDisk;
import io.tenure.journal.JournalException;
import io.tenure.journal.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repairs that lead nowhere come to an end; others go on for ever. */
class DamageRecordTest {
    private static final SnapshotVisitor NOBODY = new SnapshotVisitor() {
        @Override
        public void begin(SnapshotHeader header) {}

        @Override
        public void session(SessionRecord session) {}

        @Override
        public void value(byte[] keyValue) {}
    };

    @TempDir
    private Path folder;

    private final DamageRecord record = new DamageRecord();

    @Test
    void thePlaceThatIsDamagedAgainAndAgainEndsIt() throws IOException {
        DamagedException damage = damageOf("a");
        for (int i = 0; i < 3; i++) {
            record.add(damage, false);
        }
        assertThatThrownBy(() -> record.add(damage, false))
                .isInstanceOf(JournalException.class)
                .isNotInstanceOf(DamagedException.class)
                .hasMessageContaining(damage.place())
                .hasMessageContaining("3 times in a row");
    }

    @Test
    void otherPlacesAndCleanPassesInBetweenAreProgress() throws IOException {
        DamagedException one = damageOf("a");
        DamagedException other = damageOf("b");
        assertThatCode(() -> {
                    for (int i = 0; i < 10; i++) {
                        record.add(one, false);
                        record.add(other, false);
                    }
                    for (int i = 0; i < 10; i++) {
                        record.add(one, true);
                    }
                })
                .doesNotThrowAnyException();
    }

    /** As a running node comes upon it, when it loads a snapshot. */
    private DamagedException damageOf(String node) throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve(node)).resolve("snapshot.txt");
        Files.writeString(snapshot, "rotten\n");
        try {
            Snapshots.readInstalled(new FileDisk(), folder.resolve(node).toString(), NOBODY);
            throw new AssertionError("a rotten snapshot was read");
        } catch (DamagedException e) {
            return e;
        }
    }
}

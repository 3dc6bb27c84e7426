package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.journal.FileDisk;
import io.tenure.journal.Scrub;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How passes are counted: a clean one in between is what makes damage a new one. */
final class ScrubStageTest {
    @TempDir
    private Path folder;

    private long nowNanos = 7;

    @Test
    void aPassThatCouldJudgeNothingIsNotCounted() {
        SettingsScrub settings = new SettingsScrub(1_000, 1 << 20);
        Scrub scrub = new Scrub(new FileDisk(), folder.toString(), problems -> {});
        ScrubStage stage = new ScrubStage(scrub, () -> nowNanos, settings);
        for (int pass = 1; pass <= 3; pass++) {
            nowNanos += TimeUnit.SECONDS.toNanos(1);
            assertThat(stage.wakeAtNanos()).isLessThanOrEqualTo(nowNanos);
            stage.doWork();
            assertThat(stage.wakeAtNanos()).as("the next one is due as ever").isGreaterThan(nowNanos);
        }
        assertThat(stage.passes()).isZero();
        stage.onClose();
    }
}

package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SparseLogTest {
    private long nowNanos;

    @Test
    void whatComesTooOftenIsCountedInsteadOfLogged() {
        Logger logger = new LoggerContext().getLogger("strangers");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        SparseLog log = new SparseLog(logger, () -> nowNanos);

        for (int i = 1; i <= 1000; i++) {
            if (i % 2 == 0) {
                log.warn("stranger {}", i);
            } else {
                log.info("stranger {}", i);
            }
        }
        assertThat(lines.list).hasSize(20);

        nowNanos += TimeUnit.SECONDS.toNanos(60);
        log.warn("stranger {}", 1001);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(22)
                .startsWith("stranger 1", "stranger 2")
                .endsWith("980 more lines like those before were left out", "stranger 1001");
    }
}

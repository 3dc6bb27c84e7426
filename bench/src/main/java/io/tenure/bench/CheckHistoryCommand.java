package io.tenure.bench;

import io.tenure.history.CheckHistory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code bench.jar check-history FILE}. */
@Command(
        name = "check-history",
        mixinStandardHelpOptions = true,
        description = "Judges whether a recorded history is linearizable; exit code 1 if it is not, or proves nothing.")
final class CheckHistoryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "what load --history wrote")
    private String file;

    @Override
    public Integer call() {
        return CheckHistory.run(new String[] {file}, System.out, System.err);
    }
}

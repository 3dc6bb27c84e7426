package io.tenure.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command of {@code bench.jar}. */
@Command(name = "bench.jar", mixinStandardHelpOptions = true, version = "tenure 0.1.0")
public final class Bench implements Callable<Integer> {

    private Bench() {}

    /**
     * Parses the arguments and runs what they ask for.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() {
        return CommandLine.ExitCode.OK;
    }
}

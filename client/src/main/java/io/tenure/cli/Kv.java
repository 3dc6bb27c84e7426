package io.tenure.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code kv} command. */
@Command(name = "kv", mixinStandardHelpOptions = true, version = "tenure 0.1.0")
public final class Kv implements Callable<Integer> {

    private Kv() {}

    /**
     * Parses the arguments and runs what they ask for.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Kv()).execute(args));
    }

    @Override
    public Integer call() {
        return CommandLine.ExitCode.OK;
    }
}

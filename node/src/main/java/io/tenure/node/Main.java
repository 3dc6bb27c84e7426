package io.tenure.node;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts a node. */
@Command(name = "node.jar", mixinStandardHelpOptions = true, version = "tenure 0.1.0")
public final class Main implements Callable<Integer> {

    private Main() {}

    /**
     * Parses the arguments and runs what they ask for.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() {
        return CommandLine.ExitCode.OK;
    }
}

package io.tenure.bench;

import io.tenure.bench.compare.CompareCommand;
import io.tenure.bench.geo.GeoClientCommand;
import io.tenure.bench.geo.GeoCommand;
import io.tenure.bench.geo.GeoReportCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command of {@code bench.jar}. Exit codes: 0 done, 1 anything else, where a command says nothing else. */
@Command(
        name = "bench.jar",
        mixinStandardHelpOptions = true,
        version = "tenure 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Loads a cluster, and judges what it did.",
        subcommands = {
            LoadCommand.class,
            CheckHistoryCommand.class,
            BenchmarksCompareCommand.class,
            FailoverCommand.class,
            ChaosCommand.class,
            FlipsCommand.class,
            BigDataCommand.class,
            DeadFollowerCommand.class,
            ScenariosCommand.class,
            IdleCommand.class,
            FuzzPortsCommand.class,
            EchoCommand.class,
            DriveCommand.class,
            CompareCommand.class,
            GeoCommand.class,
            GeoClientCommand.class,
            GeoReportCommand.class
        })
public final class Bench implements Runnable {
    @Spec
    private CommandSpec spec;

    private Bench() {}

    /**
     * Parses the arguments and runs what they ask for.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((error, args) -> {
                    CommandLine failed = error.getCommandLine();
                    failed.getErr().println(failed.getCommandName() + ": " + error.getMessage());
                    failed.getErr().println("Try '" + failed.getCommandSpec().qualifiedName() + " --help'.");
                    return notRun(failed);
                })
                .setExecutionExceptionHandler((error, failed, parsed) -> {
                    String message = error.getMessage() == null ? error.toString() : error.getMessage();
                    failed.getErr().println(failed.getCommandName() + ": " + message);
                    return notRun(failed);
                });
    }

    /** The exit code of a command that did not do what it was asked to. */
    private static int notRun(CommandLine failed) {
        return failed.getCommandSpec().exitCodeOnExecutionException();
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}

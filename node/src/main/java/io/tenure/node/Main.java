package io.tenure.node;

import ch.qos.logback.classic.Level;
import io.tenure.journal.JournalException;
import io.tenure.journal.JournalFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of a node. Whatever goes wrong is told in one message on standard error; the exit code says whether the
 * node was refused before it ran ({@value #REFUSED}) or failed while it ran ({@value #FAILED}).
 */
@Command(
        name = "java -jar node.jar",
        description = "Runs a node of a Tenure cluster until it is told to stop (Ctrl-C or SIGTERM).",
        versionProvider = Main.Version.class,
        subcommands = {VerifyCommand.class, RejoinCommand.class},
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Main implements Callable<Integer> {
    /** Bad usage, settings that are not allowed, data that can't be used, a port that is taken. */
    static final int REFUSED = 1;

    /** The node ran and could not go on. */
    static final int FAILED = 2;

    /** Time that a stop may take; what is not forced by then was not acknowledged. */
    private static final long STOP_MILLIS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private final NodeProcess.Starter starter;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description = "The node's settings, in YAML; deploy/local/node0.yaml explains them all.")
    private Path conf;

    @Option(names = "--check", description = "Validate the settings, print them in short and exit.")
    private boolean check;

    private Main(NodeProcess.Starter starter) {
        this.starter = starter;
    }

    /**
     * Runs a node.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        if (System.getProperty(LEAK_DETECTION) == null) {
            // It takes a stack trace for one in 128 buffers; bench.jar fuzz-ports looks for leaks.
            System.setProperty(LEAK_DETECTION, "disabled");
        }
        int code = commandLine(TenureNode::start).execute(args);
        // Once the shutdown hook runs, the process is on its way out, and a second exit would wait for the first for
        // ever.
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    /** The command line for a way to start nodes. */
    static CommandLine commandLine(NodeProcess.Starter starter) {
        CommandLine line = new CommandLine(new Main(starter));
        line.setParameterExceptionHandler(Main::refuseUsage);
        line.setExecutionExceptionHandler(Main::tell);
        return line;
    }

    @Override
    public Integer call() throws Exception {
        if (conf == null || conf.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--conf FILE is missing");
        }
        Settings settings = Settings.load(conf);
        if (check) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(conf + " is good");
            out.println(settings.summary());
            out.flush();
            return CommandLine.ExitCode.OK;
        }
        run(settings);
        return CommandLine.ExitCode.OK;
    }

    private void run(Settings settings) throws InterruptedException, RanException {
        logFrom(settings.logLevel());
        LOG.info("tenure {} starts with {}, {}", versionText(), conf, settings.timingSummary());
        rehearse(settings);
        NodeProcess node = start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "tenure-stop"));
        Throwable failure = node.awaitStop();
        if (failure != null) {
            throw new RanException(failure);
        }
    }

    /** Beside the start, which mostly waits for disk and peers. */
    private static void rehearse(Settings settings) {
        Thread rehearsing = new Thread(() -> new Rehearsal(settings.toParameters()).play(), "tenure-rehearsal");
        rehearsing.setDaemon(true);
        rehearsing.start();
    }

    private NodeProcess start(Settings settings) {
        try {
            return starter.start(settings);
        } catch (OutOfMemoryError e) {
            throw settings.source()
                    .refuse(
                            "limits",
                            "sum of all",
                            "the JVM has too little memory: " + e.getMessage(),
                            "smaller limits, or a larger -Xmx");
        }
    }

    /** Runs in the shutdown hook, so that SIGTERM and Ctrl-C let writes finish; not for ever, as a disk may hang. */
    private static void stop(NodeProcess node) {
        LOG.info("stopping");
        Thread closing = new Thread(node::close, "tenure-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closing.isAlive()) {
            LOG.error("not stopped within {} ms: the disk may hang; ending all the same", STOP_MILLIS_MAX);
            Runtime.getRuntime().halt(FAILED);
        }
        LOG.info("stopped");
    }

    private static void logFrom(Settings.LogLevel level) {
        Logger root = LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ((ch.qos.logback.classic.Logger) root).setLevel(Level.toLevel(level.name()));
    }

    private static int refuseUsage(ParameterException refused, String[] args) {
        CommandLine line = refused.getCommandLine();
        String message = refused.getMessage();
        if (refused instanceof UnmatchedArgumentException unmatched) {
            String argument = unmatched.getUnmatched().get(0);
            message = (argument.startsWith("-") ? "unknown option " : "unexpected argument ")
                    + SettingsException.quote(argument);
        }
        print(line, message.lines().findFirst().orElse("bad usage") + "; see --help");
        return REFUSED;
    }

    private static int tell(Exception thrown, CommandLine line, CommandLine.ParseResult result) {
        boolean ran = thrown instanceof RanException;
        Throwable failure = ran ? thrown.getCause() : thrown;
        boolean meantForPeople = failure instanceof SettingsException
                || failure instanceof JournalException
                || failure instanceof JournalFailure;
        if (!meantForPeople) {
            LOG.error("internal error", failure);
        }
        print(line, meantForPeople ? failure.getMessage() : "internal error: " + failure);
        return ran ? FAILED : REFUSED;
    }

    private static void print(CommandLine line, String message) {
        PrintWriter err = line.getErr();
        err.println("node.jar: " + message);
        err.flush();
    }

    private static String versionText() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "built from source" : version;
    }

    /** Says that the node had started before something went wrong. */
    private static final class RanException extends Exception {
        private static final long serialVersionUID = 1;

        RanException(Throwable cause) {
            super(cause);
        }
    }

    /** The version, from the manifest of the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tenure " + versionText()};
        }
    }
}

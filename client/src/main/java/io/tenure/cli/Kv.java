package io.tenure.cli;

import io.tenure.client.ClientOptions;
import io.tenure.client.InvalidRequestException;
import io.tenure.client.NotDoneException;
import io.tenure.client.OutcomeUnknownException;
import io.tenure.client.ReadMode;
import io.tenure.client.ReadOptions;
import io.tenure.client.TenureClient;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jline.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code kv} command. */
@Command(
        name = "kv",
        mixinStandardHelpOptions = true,
        versionProvider = Kv.Version.class,
        description = "Reads and writes a Tenure cluster.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:refused, or bad usage", "2:certainly not done", "3:outcome unknown"})
public final class Kv implements Callable<Integer> {
    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int NOT_DONE = 2;
    static final int UNKNOWN = 3;

    /** How answers are printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--cluster",
            scope = ScopeType.INHERIT,
            paramLabel = "HOST:PORT,...",
            defaultValue = "127.0.0.1:7200,127.0.0.1:7201,127.0.0.1:7202",
            description = "Client addresses of the nodes (default: ${DEFAULT-VALUE}).")
    private String cluster;

    @Option(
            names = "--timeout",
            scope = ScopeType.INHERIT,
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Time.class,
            description = "Time a command may take, as in 500ms, 5s, 1m (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How answers are printed (default: ${DEFAULT-VALUE}).")
    private Format format;

    private TenureClient client;
    /** The format with which a shell was started, for each of its lines; null outside. */
    private Format shellFormat;

    private Kv() {}

    /**
     * Parses the arguments and runs what they ask for.
     *
     * @param args as given on the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    /** The command in this process; returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        Kv kv = new Kv();
        try {
            return kv.commandLine(out, err).execute(args);
        } finally {
            kv.close();
        }
    }

    /** A shell on the given terminal, for tests. */
    static int shell(Terminal terminal, Path history, PrintWriter out, PrintWriter err, String... args) {
        Kv kv = new Kv();
        try {
            kv.commandLine(out, err).parseArgs(args);
            kv.shellFormat = kv.format;
            kv.client();
            return new Shell(kv, kv.cluster).run(terminal, history, out, err);
        } finally {
            kv.close();
        }
    }

    /** A parser for one command line, or for each line of a shell. */
    CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(this)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(argument ->
                        shellFormat != null && "--output".equals(nameOf(argument)) ? shellFormat.name() : null)
                .setExecutionExceptionHandler(failures())
                .setParameterExceptionHandler((wrong, args) -> {
                    err.println("kv: " + wrong.getMessage());
                    err.println("Try 'kv --help'.");
                    return REFUSED;
                });
    }

    private static String nameOf(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static IExecutionExceptionHandler failures() {
        return (failure, commandLine, parsed) -> {
            commandLine.getErr().println("kv: " + failure.getMessage());
            if (failure instanceof OutcomeUnknownException) {
                return UNKNOWN;
            }
            if (failure instanceof NotDoneException) {
                return NOT_DONE;
            }
            if (failure instanceof InvalidRequestException) {
                return REFUSED;
            }
            throw failure;
        };
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: set, get, status, transfer or shell");
    }

    @Command(name = "set", description = "Writes VALUE under KEY and waits until a majority has it on disk.")
    int set(
            @Parameters(paramLabel = "KEY", description = "At most 4096 bytes of UTF-8.") String key,
            @Parameters(paramLabel = "VALUE", description = "At most 1 MiB of UTF-8, unless the nodes allow more.")
                    String value) {
        Answers.printWritten(out(), format, key, client().set(key, value));
        return DONE;
    }

    @Command(name = "get", description = "Prints the value of KEY; an empty line if there is none.")
    int get(
            @Parameters(paramLabel = "KEY") String key,
            @Option(
                            names = "--read",
                            paramLabel = "lease|quorum|follower|session",
                            description =
                                    "Who answers (default: lease). The leader by its lease, or confirmed by a majority; the"
                                            + " nearest node, confirmed by the leader; the nearest node, once it has all that this shell has"
                                            + " seen. All but session are linearizable.")
                    ReadMode mode,
            @Option(
                            names = "--max-staleness",
                            paramLabel = "TIME",
                            converter = Time.class,
                            description =
                                    "The nearest node answers if its data are not older than that, as in 500ms, 2s.")
                    Duration maxStaleness) {
        boolean bounded = maxStaleness != null || mode == ReadMode.BOUNDED;
        if (bounded && mode != null && mode != ReadMode.BOUNDED) {
            throw new ParameterException(spec.commandLine(), "--max-staleness goes without --read");
        }
        Answers.printRead(
                out(), format, key, client().read(key, readOptions(mode, maxStaleness)), mode != null || bounded);
        return DONE;
    }

    private ReadOptions readOptions(ReadMode mode, Duration maxStaleness) {
        try {
            return maxStaleness == null
                    ? ReadOptions.of(mode == null ? ReadMode.LEASE : mode)
                    : ReadOptions.notOlderThan(maxStaleness);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    @Command(name = "status", description = "Shows how each node sees itself. Done if one of them answers.")
    int status() {
        return Answers.printStatus(out(), format, client().status()) ? DONE : NOT_DONE;
    }

    @Command(
            name = "transfer",
            description = "Has NODE lead, or the follower that can best take over. Other clients see no error of it.")
    int transfer(
            @Parameters(paramLabel = "NODE", arity = "0..1", description = "Id of the node that is to lead.")
                    Integer node) {
        Answers.printTransfer(out(), format, node == null ? client().transfer() : client().transfer(node));
        return DONE;
    }

    @Command(name = "shell", description = "Reads commands from the terminal, with history and completion.")
    int shell() {
        client();
        shellFormat = format;
        return new Shell(this, cluster).run(out(), spec.commandLine().getErr());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Connected with the options of the first command that needs it. */
    private TenureClient client() {
        if (client == null) {
            try {
                client = TenureClient.connect(
                        ClientOptions.of(cluster).withTimeout(timeout).withNativeTransport(false));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), e.getMessage(), e);
            }
        }
        return client;
    }

    private void close() {
        if (client != null) {
            client.close();
        }
    }

    /** Times with a unit. */
    static final class Time implements ITypeConverter<Duration> {
        private static final List<String> UNITS = List.of("ms", "s", "m");
        private static final long[] MILLIS = {1, 1_000, 60_000};

        @Override
        public Duration convert(String text) {
            for (int i = 0; i < UNITS.size(); i++) {
                String digits = text.endsWith(UNITS.get(i))
                        ? text.substring(0, text.length() - UNITS.get(i).length())
                        : "";
                if (!digits.isEmpty() && digits.length() <= 8 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return Duration.ofMillis(Long.parseLong(digits) * MILLIS[i]);
                }
            }
            throw new CommandLine.TypeConversionException("'" + text + "' is no time; write 500ms, 5s or 1m");
        }
    }

    /** What {@code --version} prints. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Kv.class.getPackage().getImplementationVersion();
            return new String[] {"tenure " + (version == null ? "(not packaged)" : version)};
        }
    }
}

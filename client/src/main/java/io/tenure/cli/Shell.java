package io.tenure.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.reader.SyntaxError;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.AggregateCompleter;
import org.jline.reader.impl.completer.ArgumentCompleter;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Commands one after another over one client, from a terminal or from a pipe. Words are quoted as in a Unix shell. */
final class Shell {
    private static final List<String> COMMANDS = List.of("set", "get", "status");

    private final Kv kv;
    private final String cluster;

    Shell(Kv kv, String cluster) {
        this.kv = kv;
        this.cluster = cluster;
    }

    /** Runs until the end of the input; returns the exit code of the last command. */
    int run(PrintWriter out, PrintWriter err) {
        int exitCode = Kv.DONE;
        Parser parser = new DefaultParser();
        try (Terminal terminal =
                TerminalBuilder.builder().name("kv").system(true).dumb(true).build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("kv")
                    .completer(new AggregateCompleter(
                            new ArgumentCompleter(
                                    new StringsCompleter("get"),
                                    NullCompleter.INSTANCE,
                                    new StringsCompleter("--read=lease", "--read=quorum"),
                                    NullCompleter.INSTANCE),
                            new ArgumentCompleter(
                                    new StringsCompleter("set", "status", "help", "exit"), NullCompleter.INSTANCE)))
                    .variable(LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".kv_history"))
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            boolean isInteractive = !terminal.getType().startsWith(Terminal.TYPE_DUMB);
            while (true) {
                List<String> words;
                try {
                    String line = reader.readLine(isInteractive ? "kv " + cluster + "> " : "");
                    words = parser.parse(line, 0, Parser.ParseContext.ACCEPT_LINE)
                            .words();
                } catch (UserInterruptException e) {
                    continue; // Ctrl-C drops the line.
                } catch (SyntaxError e) {
                    err.println("kv: " + e.getMessage());
                    continue;
                } catch (EndOfFileException e) {
                    return exitCode;
                }
                if (words.isEmpty()) {
                    continue;
                }
                if (words.get(0).equals("exit") || words.get(0).equals("quit")) {
                    return exitCode;
                }
                exitCode = execute(words, out, err);
                out.flush();
            }
        } catch (IOException e) {
            err.println("kv: the terminal failed: " + e.getMessage());
            return Kv.REFUSED;
        }
    }

    private int execute(List<String> words, PrintWriter out, PrintWriter err) {
        if (words.get(0).equals("help")) {
            out.println("set KEY VALUE | get KEY [--read=lease|quorum] | status | exit; quote words that hold spaces");
            return Kv.DONE;
        }
        if (!COMMANDS.contains(words.get(0))) {
            err.println("kv: unknown command '" + words.get(0) + "'; try help");
            return Kv.REFUSED;
        }
        return kv.commandLine(out, err).execute(words.toArray(String[]::new));
    }
}

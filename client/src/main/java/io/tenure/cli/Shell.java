package io.tenure.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Completer;
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
    private static final List<String> COMMANDS = List.of("set", "get", "status", "transfer");

    private final Kv kv;
    private final String cluster;

    Shell(Kv kv, String cluster) {
        this.kv = kv;
        this.cluster = cluster;
    }

    /** Runs on the process's terminal; returns the exit code of the last command. */
    int run(PrintWriter out, PrintWriter err) {
        Path history = Path.of(System.getProperty("user.home"), ".kv_history");
        try (Terminal terminal =
                TerminalBuilder.builder().name("kv").system(true).dumb(true).build()) {
            return run(terminal, history, out, err);
        } catch (IOException e) {
            err.println("kv: the terminal failed: " + e.getMessage());
            return Kv.REFUSED;
        }
    }

    /** Runs until the end of the input. */
    int run(Terminal terminal, Path history, PrintWriter out, PrintWriter err) {
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("kv")
                .completer(completer())
                .variable(LineReader.HISTORY_FILE, history)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        String prompt = terminal.getType().startsWith(Terminal.TYPE_DUMB) ? "" : "kv " + cluster + "> ";
        int exitCode = Kv.DONE;
        while (true) {
            try {
                String line = reader.readLine(prompt);
                List<String> words =
                        parser.parse(line, 0, Parser.ParseContext.ACCEPT_LINE).words();
                if (line.isBlank() || words.isEmpty()) {
                    continue;
                }
                if (words.get(0).equals("exit") || words.get(0).equals("quit")) {
                    return exitCode;
                }
                exitCode = execute(words, out, err);
            } catch (UserInterruptException e) {
                exitCode = Kv.REFUSED; // Ctrl-C drops the line.
            } catch (SyntaxError e) {
                err.println("kv: " + e.getMessage());
                exitCode = Kv.REFUSED;
            } catch (EndOfFileException e) {
                return exitCode;
            }
        }
    }

    private static Completer completer() {
        return new AggregateCompleter(
                new ArgumentCompleter(
                        new StringsCompleter("get"),
                        NullCompleter.INSTANCE,
                        new StringsCompleter(
                                "--read=lease",
                                "--read=quorum",
                                "--read=follower",
                                "--read=session",
                                "--max-staleness=2s"),
                        NullCompleter.INSTANCE),
                new ArgumentCompleter(
                        new StringsCompleter("set", "status", "transfer", "help", "exit"), NullCompleter.INSTANCE));
    }

    private int execute(List<String> words, PrintWriter out, PrintWriter err) {
        if (words.get(0).equals("help")) {
            out.println(
                    "set KEY VALUE | get KEY [--read=lease|quorum|follower|session | --max-staleness=2s] | status | transfer [NODE] | exit; quote words that hold spaces");
            return Kv.DONE;
        }
        if (!COMMANDS.contains(words.get(0))) {
            err.println("kv: unknown command '" + words.get(0) + "'; try help");
            return Kv.REFUSED;
        }
        return kv.commandLine(out, err).execute(words.toArray(String[]::new));
    }
}

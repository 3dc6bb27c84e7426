package io.tenure.bench.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether command lines name files and options that exist. Asks each Java program for its help, once. */
final class CommandLines {
    /** Programs that are not ours. */
    private static final Set<String> FOREIGN = Set.of("mvn", "grep", "cmp", "awk", "tail");

    /** Folders that exist once a cluster has run. */
    private static final String DATA = "assignment/";

    private final Path scratch;
    private final Map<List<String>, String> helps = new HashMap<>();

    /** Prepares; {@code scratch} is a file to write to. */
    CommandLines(Path scratch) {
        this.scratch = scratch;
    }

    /** What is wrong with it; empty if nothing is. */
    String problem(String line) throws IOException, InterruptedException {
        List<String> words = List.of(line.replaceAll("[\\[\\]|]", " ").strip().split("\\s+"));
        if (FOREIGN.contains(words.get(0))) {
            return "";
        }
        boolean isJar = line.startsWith("java -jar ");
        List<String> program = words.subList(0, isJar ? 3 : 1);
        Path file = Readme.ROOT.resolve(program.get(program.size() - 1));
        if (!Files.isRegularFile(file) || (!isJar && !Files.isExecutable(file))) {
            return "there is no program " + file;
        }
        return problem(program, words.subList(program.size(), words.size()));
    }

    private String problem(List<String> program, List<String> arguments) throws IOException, InterruptedException {
        String help = "";
        for (String argument : arguments) {
            if (help.isEmpty()) {
                help = help(program, arguments);
            }
            if (argument.startsWith("-") && !mentions(help, argument)) {
                return "no option " + argument + " in: " + help;
            }
            if (argument.contains("/") && !argument.startsWith(DATA) && !Files.exists(Readme.ROOT.resolve(argument))) {
                return "there is no file " + argument;
            }
        }
        return "";
    }

    /** Of the program, and of its command if the first argument is one. */
    private String help(List<String> program, List<String> arguments) throws IOException, InterruptedException {
        String help = helpOf(program);
        String first = arguments.get(0);
        if (Pattern.compile("(?m)^  " + Pattern.quote(first) + "(\\s|$)")
                .matcher(help)
                .find()) {
            List<String> command = new ArrayList<>(program);
            command.add(first);
            help += helpOf(command);
        }
        return help;
    }

    /** Scripts tell their options at their beginning; some would build first. */
    private String helpOf(List<String> command) throws IOException, InterruptedException {
        if (command.get(0).endsWith(".sh")) {
            return Files.readString(Readme.ROOT.resolve(command.get(0)));
        }
        if (!helps.containsKey(command)) {
            List<String> question = new ArrayList<>(command);
            question.add("--help");
            helps.put(command, Shell.run(Readme.ROOT, scratch, question).output());
        }
        return helps.get(command);
    }

    private static boolean mentions(String help, String option) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(option) + "(?![\\w-])")
                .matcher(help)
                .find();
    }
}

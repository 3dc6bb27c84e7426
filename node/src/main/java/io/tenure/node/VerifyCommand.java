package io.tenure.node;

import io.tenure.journal.Disk;
import io.tenure.journal.FileDisk;
import io.tenure.journal.JournalCheck;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code node.jar verify}: reads all that a stopped node has on disk, reports, changes nothing. */
@Command(
        name = "verify",
        description =
                "Reads everything in the folder of a stopped node, reports, changes nothing. Exits with 1 on damage.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private final Disk disk;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "The node's folder, such as assignment/logs_node_0.")
    private String folder;

    VerifyCommand(Disk disk) {
        this.disk = disk;
    }

    /** As a node's command line has it. */
    VerifyCommand() {
        this(new FileDisk());
    }

    @Override
    public Integer call() {
        JournalCheck.Report report = JournalCheck.check(disk, folder);
        PrintWriter out = spec.commandLine().getOut();
        out.println(folder + ": entries " + report.entries() + ", terms " + report.terms() + ", bytes "
                + report.textBytes() + ", proven to index " + report.mark());
        report.notes().forEach(note -> out.println("note: " + note));
        report.problems().forEach(problem -> out.println("damage: " + problem));
        out.println(report.isDamaged() ? "damaged" : "good");
        out.flush();
        return report.isDamaged() ? Main.REFUSED : CommandLine.ExitCode.OK;
    }
}

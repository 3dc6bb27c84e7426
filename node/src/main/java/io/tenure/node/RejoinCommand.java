package io.tenure.node;

import io.tenure.journal.Disk;
import io.tenure.journal.FileDisk;
import io.tenure.journal.Identity;
import io.tenure.journal.Rejoin;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code node.jar rejoin}: has a stopped node come back as a member that holds nothing, and votes only once it has caught up. */
@Command(
        name = "rejoin",
        description = {
            "Has a stopped node begin anew, after its folder was lost, damaged beyond repair, or replaced by an old copy.",
            "Keeps the old folder under another name. Once started, the node fetches everything from the leader; it votes"
                    + " again when it has caught up and every other member has answered it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class RejoinCommand implements Callable<Integer> {
    /** Without the one that rejoins there must be a majority. */
    private static final int MEMBERS_MIN = 3;

    private final Disk disk;
    private final RandomGenerator random;

    @Spec
    private CommandSpec spec;

    @Option(names = "--conf", paramLabel = "FILE", required = true, description = "The node's settings, in YAML.")
    private String conf;

    RejoinCommand(Disk disk, RandomGenerator random) {
        this.disk = disk;
        this.random = random;
    }

    /** As a node's command line has it. */
    RejoinCommand() {
        this(new FileDisk(), new SecureRandom());
    }

    @Override
    public Integer call() {
        if (conf.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--conf FILE is missing");
        }
        Settings settings = Settings.load(conf);
        if (settings.members().size() < MEMBERS_MIN) {
            throw settings.source()
                    .refuse(
                            "members",
                            settings.members().size() + " of them",
                            "the others are no majority, so no leader could bring this node what it would have lost",
                            MEMBERS_MIN + " members or more");
        }
        String folder = settings.nodeFolder();
        String old = begin(disk, settings, random, SettingsTiming.LEASE_MILLIS_MAX);
        PrintWriter out = spec.commandLine().getOut();
        out.println("node " + settings.nodeId() + " of cluster " + settings.clusterId() + " begins anew in " + folder);
        out.println(old == null ? "there was no folder before" : "the folder that was there is kept as " + old);
        out.println("next: start the node, with all other members running. It votes again once each of them has"
                + " answered it, it has caught up with the leader, and " + SettingsTiming.LEASE_MILLIS_MAX / 1000
                + " s have passed; its log then says \"has rejoined\".");
        out.println("until then let no other member rejoin, unless fewer than half of the members do");
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    /** Does it; returns where the old folder is now, null if there was none. */
    static String begin(Disk disk, Settings settings, RandomGenerator random, long leaseMillisMax) {
        return Rejoin.begin(
                disk,
                settings.nodeFolder(),
                new Identity(settings.clusterId(), settings.nodeId()),
                leaseMillisMax,
                random);
    }
}

package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What deploy/gcp/cluster.sh asks of gcloud, by a stand-in that refuses what it does not know. */
final class GcpScriptsTest {
    private static final String SCRIPT = "deploy/gcp/cluster.sh";

    @TempDir
    Path scratch;

    @Test
    void makingAgainMakesNothing() throws Exception {
        good("make --project p-12345 --regions gcp5");
        List<String> things = things();
        assertThat(things).filteredOn(thing -> thing.startsWith("instances ")).hasSize(5);
        assertThat(things)
                .filteredOn(thing -> thing.startsWith("firewall-rules "))
                .containsExactlyInAnyOrder(
                        "firewall-rules global tenure-cluster network=tenure from=tenure to=tenure"
                                + " rules=tcp:7100-7104,tcp:7200-7204 ranges=",
                        "firewall-rules global tenure-ssh network=tenure from= to=tenure rules=tcp:22"
                                + " ranges=35.235.240.0/20");
        assertThat(calls("instances create")).hasSize(5).allMatch(call -> call.contains(" --no-address "));
        assertThat(Files.readAllLines(scratch.resolve("tenure-gcp/inventory")))
                .last()
                .isEqualTo("4 asia-northeast1 10.70.4.2 tenure-4");

        good("make");
        assertThat(things()).isEqualTo(things);
        assertThat(calls("create")).hasSize(5 * 5 + 3);
    }

    @Test
    void aDryRunPrintsWhatARunDoes() throws Exception {
        String printed = good("make --dry-run --project p-12345 --zones us-east1-c,us-east1-d,europe-west4-a");
        assertThat(scratch.resolve("calls")).doesNotExist();
        assertThat(scratch.resolve("tenure-gcp")).doesNotExist();
        good("make --project p-12345 --zones us-east1-c,us-east1-d,europe-west4-a");
        assertThat(gcloud(printed)).isEqualTo(Files.readAllLines(scratch.resolve("calls")));

        Files.delete(scratch.resolve("calls"));
        List<String> things = things();
        List<String> deletes = gcloud(good("delete --dry-run"));
        assertThat(scratch.resolve("calls")).doesNotExist();
        assertThat(things()).isEqualTo(things);
        good("delete --yes");
        assertThat(Files.readAllLines(scratch.resolve("calls"))).containsExactlyInAnyOrderElementsOf(deletes);
    }

    @Test
    void deployIsShownWithoutMachines() throws Exception {
        Shell shown = run("deploy --dry-run --regions us-east1,europe-west1", "");
        assertThat(shown.exitCode()).as(shown.output()).isZero();
        assertThat(shown.output())
                .contains("tenure-0 'sh -c '", "tenure-1 'bash tenure/node.sh deploy 1 auto'")
                .contains("node.sh status 10.70.0.2:7200,10.70.1.2:7201 90");
        assertThat(scratch.resolve("calls")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compute networks create",
                "compute networks subnets create tenure-europe-west1",
                "compute routers nats create",
                "compute firewall-rules create tenure-ssh",
                "compute disks create tenure-2-data",
                "compute instances create tenure-1"
            })
    void halfOfItIsDeleted(String failing) throws Exception {
        Shell made = run("make --project p-12345", failing);
        assertThat(made.exitCode()).as(made.output()).isEqualTo(1);
        assertThat(made.output()).contains("currently unavailable");
        good("delete --yes");
        assertThat(things()).isEmpty();
        assertThat(scratch.resolve("tenure-gcp")).doesNotExist();
        assertThat(good("delete --yes --project p-12345"))
                .isEqualTo("nothing of cluster tenure is in project p-12345\n");
    }

    @Test
    void whatMakeHasLeftOutIsMadeByTheNext() throws Exception {
        run("make --project p-12345", "compute routers nats create tenure-europe-west1");
        good("make");
        List<String> things = things();
        Files.delete(scratch.resolve("tenure-gcp/id"));
        good("make");
        assertThat(calls("instances add-metadata"))
                .as("a lost key is made anew")
                .hasSize(3);
        assertThat(things()).isEqualTo(things);
        assertThat(things).filteredOn(thing -> thing.startsWith("nats ")).hasSize(3);
    }

    @Test
    void aDeleteThatFailedIsTakenUpAgain() throws Exception {
        good("make --project p-12345");
        good("make --project p-12345 --name other --state other");
        List<String> others =
                things().stream().filter(thing -> thing.contains("other")).toList();
        Shell failed = run("delete --yes", "compute instances delete tenure-1");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.output())
                .contains("some of it is still there; run delete again")
                .contains("\n  gcloud compute instances delete tenure-1 --zone=europe-west1-b\n");
        assertThat(things()).filteredOn(thing -> !thing.contains("other")).isNotEmpty();
        good("delete --yes");
        assertThat(things()).as("another cluster in the project").isEqualTo(others);
    }

    @Test
    void nothingIsDeletedUnasked() throws Exception {
        good("make --project p-12345");
        List<String> things = things();
        Shell asked = run("delete", "");
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.output())
                .contains("In project p-12345, of cluster tenure:", "instances  tenure-0")
                .endsWith(SCRIPT + ": nothing was deleted\n");
        assertThat(things()).isEqualTo(things);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fly: say what to do: make, deploy, check, start, stop or delete, not 'fly'",
                "make --disk-size: --disk-size needs a value",
                "make --disk-size 5: --disk-size must be a number from 10 to 65536, not '5'",
                "make --regions mars: 'mars' is no region such as us-east1, and none of gcp3, gcp3us, gcp5",
                "make --name X: --name takes up to 20 small letters, digits and dashes, not 'X'",
                "make --project 1: '1' is no id of a project",
                "make --regions gcp3 --zones us-east1-b: give --regions or --zones, not both",
                "make --fast: unknown argument: --fast",
                "make: which project? give --project ID, or: gcloud config set project ID",
                "check: there is no tenure-gcp/inventory; run " + SCRIPT + " make first"
            })
    void badInputIsNamed(String inputAndAnswer) throws Exception {
        String[] parts = inputAndAnswer.split(": ", 2);
        Shell shell = run(parts[0], "");
        assertThat(shell.exitCode()).isEqualTo(1);
        assertThat(shell.output()).endsWith(SCRIPT + ": " + parts[1] + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compute instances reboot a --zone=us-east1-b --project=p-12345: 2: Invalid choice",
                "compute networks create a --subnet-mode=custom --fast --project=p-12345: 2: unrecognized arguments: --fast",
                "compute networks create a --subnet-mode=custm --project=p-12345: 2: argument --subnet-mode: invalid value",
                "compute networks create a --subnet-mode=custom: 2: argument --project: must be specified",
                "compute networks create a --project=p-12345: 2: argument --subnet-mode: must be specified",
                "compute networks create A --subnet-mode=custom --project=p-12345: 2: Invalid value for the name",
                "compute networks create a b --subnet-mode=custom --project=p-12345: 2: unrecognized arguments",
                "compute disks create a --zone=us-east1 --type=pd-ssd --size=9GB --project=p-12345: 2: argument --zone",
                "compute networks delete a --project=p-12345: 1: The resource 'networks/global/a' was not found",
                "compute routers create a --network=b --region=us-east1 --project=p-12345: 1: The resource 'networks/global/b'"
            })
    void theStandInRefusesWhatGcloudWould(String callAndAnswer) throws Exception {
        String[] parts = callAndAnswer.split(": ", 3);
        Shell shell = bash(Readme.ROOT.resolve("deploy/gcp/test/gcloud") + " " + parts[0], "");
        assertThat(shell.exitCode()).as(shell.output()).isEqualTo(Integer.parseInt(parts[1]));
        assertThat(shell.output()).startsWith("ERROR: (gcloud stand-in) " + parts[2]);
    }

    @Test
    void theStandInKnowsWhatThereIs() throws Exception {
        String gcloud = Readme.ROOT.resolve("deploy/gcp/test/gcloud") + " compute ";
        String network = "networks create a --subnet-mode=custom --project=p-12345";
        assertThat(bash(gcloud + network, "").exitCode()).isZero();
        assertThat(bash(gcloud + network, "").output()).contains("'networks/global/a' already exists");
        String router = "routers create b --network=a --region=us-east1 --project=p-12345";
        assertThat(bash(gcloud + router, "").exitCode()).isZero();
        Shell inUse = bash(gcloud + "networks delete a --project=p-12345", "");
        assertThat(inUse.exitCode()).isEqualTo(1);
        assertThat(inUse.output()).contains("The resource is in use by: routers/b");
    }

    private String good(String arguments) throws Exception {
        Shell shell = run(arguments, "");
        assertThat(shell.exitCode()).as(arguments + "\n" + shell.output()).isZero();
        return shell.output();
    }

    private Shell run(String arguments, String failing) throws Exception {
        return bash(Readme.ROOT.resolve(SCRIPT) + " " + arguments, failing);
    }

    private Shell bash(String line, String failing) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("GCLOUD_STANDIN", scratch.toString());
        environment.put("GCLOUD_STANDIN_FAIL", failing);
        environment.put("PATH", Readme.ROOT.resolve("deploy/gcp/test").toString());
        return Shell.run(scratch, scratch.resolve("out"), environment, List.of("bash", "-c", line));
    }

    private List<String> things() throws IOException {
        return Files.readAllLines(scratch.resolve("things"));
    }

    private List<String> calls(String part) throws IOException {
        try (Stream<String> calls = Files.lines(scratch.resolve("calls"))) {
            return calls.filter(call -> call.contains(part)).toList();
        }
    }

    /** The commands of a dry run, as the stand-in notes them. */
    private static List<String> gcloud(String printed) {
        return printed.lines()
                .filter(line -> line.startsWith("gcloud "))
                .map(line -> line.substring("gcloud ".length()).replace("'", ""))
                .toList();
    }
}

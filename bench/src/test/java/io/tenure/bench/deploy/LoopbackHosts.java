package io.tenure.bench.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three hosts for one test, and the scripts run against them. */
final class LoopbackHosts implements AutoCloseable {
    static final int COUNT = 3;

    private final Path scratch;
    private final List<LoopbackHost> hosts = new ArrayList<>();
    private final int basePort = findBasePort();
    private int runs;

    /** Starts them, below {@code scratch}. */
    LoopbackHosts(Path scratch) throws IOException, InterruptedException {
        this.scratch = scratch;
        List<Integer> ports = FreePorts.find(COUNT);
        for (int i = 0; i < COUNT; i++) {
            hosts.add(new LoopbackHost(folder().resolve(Integer.toString(i)), ports.get(i)));
            hosts.get(i).start();
        }
    }

    /** Below which node i has ports P+100+i and P+200+i. */
    int basePort() {
        return basePort;
    }

    List<LoopbackHost> all() {
        return hosts;
    }

    Path folder() {
        return scratch.resolve("hosts");
    }

    String user() {
        return System.getProperty("user.name");
    }

    List<Integer> clientPorts() {
        return IntStream.range(basePort + 200, basePort + 200 + COUNT).boxed().toList();
    }

    /** For clients. */
    String addresses() {
        return String.join(
                ",", clientPorts().stream().map(port -> "127.0.0.1:" + port).toList());
    }

    /** The files inventory and ssh_config in {@code scratch}, and a key that lets their reader in. */
    void writeInventory() throws IOException, InterruptedException {
        good("ssh-keygen -q -t ed25519 -N '' -f id", Map.of());
        StringBuilder inventory =
                new StringBuilder("# Three hosts; the last one is known to ssh under another name.\n\n");
        for (int i = 0; i < COUNT; i++) {
            LoopbackHost host = hosts.get(i);
            Files.copy(scratch.resolve("id.pub"), host.authorizedKeys(), StandardCopyOption.REPLACE_EXISTING);
            inventory.append(i).append(" region-").append(i).append(" 127.0.0.1 ");
            inventory.append(i == 2 ? "third # port and user: see ssh_config" : user() + "@127.0.0.1 " + host.port());
            inventory.append('\n');
        }
        Files.writeString(scratch.resolve("inventory"), inventory);
        Files.writeString(
                scratch.resolve("ssh_config"),
                String.join(
                        "\n",
                        "Host third",
                        "  HostName 127.0.0.1",
                        "  Port " + hosts.get(2).port(),
                        "  User " + user(),
                        "Host *",
                        "  IdentityFile " + scratch.resolve("id"),
                        "  IdentitiesOnly yes",
                        "  UserKnownHostsFile " + scratch.resolve("known_hosts"),
                        "  StrictHostKeyChecking accept-new",
                        ""));
    }

    /** Runs a line of shell in {@code scratch}, where the repository is $repo. */
    Shell run(String line, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("repo", Readme.ROOT.toString());
        environment.put("SSH_AUTH_SOCK", ""); // the agent of whoever runs this test has no part in it
        Path out = scratch.resolve("out-" + runs++);
        return Shell.run(scratch, out, environment, List.of("bash", "-c", line));
    }

    /** As {@link #run}, and expects success. */
    String good(String line, Map<String, String> more) throws IOException, InterruptedException {
        Shell shell = run(line, more);
        assertThat(shell.exitCode()).as(line + "\n" + shell.output()).isZero();
        return shell.output();
    }

    private static int findBasePort() throws IOException {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int base = ThreadLocalRandom.current().nextInt(10_000, 31_000);
            if (IntStream.range(0, COUNT).allMatch(i -> isFree(base + 100 + i) && isFree(base + 200 + i))) {
                return base;
            }
        }
        throw new IOException("no free ports");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false; // taken
        }
    }

    /** Ends the hosts, and nodes that a failed test has left. */
    @Override
    public void close() throws IOException {
        for (LoopbackHost host : hosts) {
            host.close();
        }
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(scratch.toString()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}

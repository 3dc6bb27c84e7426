package io.tenure.bench.deploy;

import io.tenure.bench.process.Await;
import io.tenure.bench.readme.Readme;
import io.tenure.bench.readme.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A host as ssh sees it: an sshd of its own, on a port of the loopback address, with keys of its own, run by the user of this
 * test. What lies outside of the user's folders is below {@link #root}; commands that would change this machine are stand-ins.
 */
final class LoopbackHost implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where systems keep it; few have the folder in the PATH of a user. */
    private static final List<String> SSHD = List.of("/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd");

    private final Path folder;
    private final int port;
    private Process sshd;

    /** Prepares; {@code folder} is made. */
    LoopbackHost(Path folder, int port) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.port = port;
        Files.createDirectories(root());
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("port"), port + "\n");
        Files.writeString(folder.resolve("address"), "127.0.0.1\n");
        Files.writeString(authorizedKeys(), "");
    }

    /** Whether this machine has what it takes. */
    static boolean isPossible() {
        return SSHD.stream().anyMatch(path -> Files.isExecutable(Path.of(path)));
    }

    int port() {
        return port;
    }

    /** What is / to the scripts on this host. */
    Path root() {
        return folder.resolve("root");
    }

    /** Who may come in. */
    Path authorizedKeys() {
        return folder.resolve("authorized_keys");
    }

    /** A command of this host, in bash. */
    void provide(String name, String body) throws IOException {
        Path file = folder.resolve("bin").resolve(name);
        Files.writeString(file, "#!/usr/bin/env bash\nset -euo pipefail\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Makes it one that systemd runs: with a systemctl that runs what units say. */
    void provideSystemd() throws IOException {
        Files.createDirectories(root().resolve("run/systemd/system"));
        provide("systemctl", "exec " + Readme.ROOT.resolve("deploy/ssh/test/systemctl") + " \"$@\"");
        provide("journalctl", "cat \"$TENURE_PREFIX/run/systemd/system/$2.journal\"");
        provide("useradd", "printf '%s\\n' \"$*\" >> \"$TENURE_PREFIX/users\"");
        provide("sudo", "[ \"$1\" = -n ]\nshift\nexec \"$@\"");
    }

    /** Starts its sshd and waits until it listens. */
    LoopbackHost start() throws IOException, InterruptedException {
        if (Files.notExists(Path.of("/run/sshd"))
                && System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // as its service does; a root's sshd asks for it
        }
        Path key = folder.resolve("host_key");
        Shell made = Shell.run(
                folder,
                folder.resolve("out"),
                List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()));
        if (made.exitCode() != 0) {
            throw new IOException(made.output());
        }
        String path = folder.resolve("bin") + ":" + Path.of(System.getProperty("java.home"), "bin") + ":"
                + System.getenv("PATH");
        Path config = Files.writeString(
                folder.resolve("sshd_config"),
                String.join(
                        "\n",
                        "Port " + port,
                        "ListenAddress 127.0.0.1",
                        "HostKey " + key,
                        "PidFile none",
                        "AuthorizedKeysFile " + authorizedKeys(),
                        "StrictModes no",
                        "UsePAM no",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "SetEnv PATH=" + path + " TENURE_PREFIX=" + root(),
                        ""));
        String program = SSHD.stream()
                .filter(each -> Files.isExecutable(Path.of(each)))
                .findFirst()
                .orElseThrow();
        sshd = new ProcessBuilder(program, "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.out").toFile())
                .start();
        Await.await(PATIENCE, () -> (!sshd.isAlive() || isTaken(port)) ? true : null, () -> "no sshd on port " + port);
        if (!sshd.isAlive()) {
            throw new IOException("sshd ended: " + Files.readString(folder.resolve("sshd.out")));
        }
        return this;
    }

    static boolean isTaken(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // refused: nobody listens
        }
    }

    @Override
    public void close() {
        if (sshd != null) {
            sshd.destroy();
            sshd.onExit().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
        }
    }
}

package io.tenure.peers.etcd;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import io.tenure.peers.PeerSystem;
import io.tenure.peers.Versions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** etcd. */
public final class EtcdPeer implements PeerSystem {
    private static final String PROGRAM = "etcd";

    @Override
    public String title() {
        return "etcd";
    }

    @Override
    public String version() {
        return programVersion().orElse("unknown") + " (client jetcd " + Versions.of("jetcd") + ")";
    }

    @Override
    public Optional<String> unavailable() {
        return programVersion().isPresent()
                ? Optional.empty()
                : Optional.of("there is no program etcd here; the package etcd-server of a distribution has it");
    }

    private static Optional<String> programVersion() {
        try {
            Process process = new ProcessBuilder(PROGRAM, "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return said.lines()
                    .filter(line -> line.startsWith("etcd Version: "))
                    .map(line -> line.substring("etcd Version: ".length()).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // There is none.
        }
    }

    @Override
    public List<String> settings() {
        return List.of(
                "default settings: fsync on, heartbeat 100 ms, election 1000 ms, a snapshot every 100,000 entries",
                "linearizable range, its default",
                EtcdContender.CLIENTS + " clients, each connected to all nodes");
    }

    @Override
    public List<String> caveats() {
        return List.of(
                "Written in Go: the JVM options are those of its client alone.",
                "It keeps every version of a key until it is told to compact, which nobody does here.");
    }

    @Override
    public Optional<List<String>> foreignCommand(Layout layout, int id) {
        String members = IntStream.range(0, Layout.NODES)
                .mapToObj(member -> "n" + member + "=http://" + layout.address(member, 1))
                .collect(Collectors.joining(","));
        String client = "http://" + layout.address(id, 0);
        String peer = "http://" + layout.address(id, 1);
        return Optional.of(List.of(
                PROGRAM,
                "--name=n" + id,
                "--data-dir=" + layout.nodeFolder(id),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + members,
                "--initial-cluster-state=new",
                "--logger=zap",
                "--log-level=error"));
    }

    @Override
    public void runNode(Layout layout, int id) {
        throw new IllegalArgumentException("etcd is a program of its own");
    }

    @Override
    public Contender connect(Layout layout) {
        return new EtcdContender(layout);
    }
}

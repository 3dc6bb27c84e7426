package io.tenure.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.compare.Contender;
import io.tenure.bench.compare.Driver;
import io.tenure.peers.aeron.AeronPeer;
import io.tenure.peers.etcd.EtcdPeer;
import io.tenure.peers.jraft.JRaftPeer;
import io.tenure.peers.ratis.RatisPeer;
import io.tenure.peers.zookeeper.ZooKeeperPeer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The program that {@code bench.jar compare} starts for systems that are not Tenure. {@code plan NAME FOLDER PORTS
 * JVM-OPTION...} tells in one line of JSON how its nodes and its client are started; {@code node NAME FOLDER PORTS ID} is
 * a node, {@code drive NAME FOLDER PORTS} a client that takes orders on standard input. PORTS are separated by commas.
 */
public final class Peers {
    private static final Map<String, Supplier<PeerSystem>> ALL = new LinkedHashMap<>();

    static {
        ALL.put("aeron", AeronPeer::new);
        ALL.put("jraft", () -> new JRaftPeer(true));
        ALL.put("jraft-quorum", () -> new JRaftPeer(false));
        ALL.put("etcd", EtcdPeer::new);
        ALL.put("ratis", RatisPeer::new);
        ALL.put("zookeeper", ZooKeeperPeer::new);
    }

    private Peers() {}

    /**
     * Does what the arguments say. Exit code 1 if that can't be done.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        try {
            run(args);
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (Exception e) {
            e.printStackTrace(); // A node's or a client's last words; whoever started it reads them.
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        if (args.length < 4) {
            throw new IllegalArgumentException(
                    "usage: plan NAME FOLDER PORTS JVM-OPTION... | node NAME FOLDER PORTS ID | drive NAME FOLDER PORTS");
        }
        PeerSystem peer = find(args[1]);
        Layout layout = new Layout(
                Path.of(args[2]).toAbsolutePath(),
                Arrays.stream(args[3].split(",")).map(Integer::valueOf).toList());
        switch (args[0]) {
            case "plan" ->
                System.out.println(
                        plan(args[1], peer, layout, args[3], List.of(args).subList(4, args.length)));
            case "node" -> peer.runNode(layout, Integer.parseInt(args[4]));
            case "drive" -> drive(peer, layout);
            default -> throw new IllegalArgumentException("no such command: " + args[0]);
        }
    }

    /** The system of that name. */
    static PeerSystem find(String name) {
        Supplier<PeerSystem> peer = ALL.get(name);
        if (peer == null) {
            throw new IllegalArgumentException("no system is called " + name + "; known are " + ALL.keySet());
        }
        return peer.get();
    }

    private static void drive(PeerSystem peer, Layout layout) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err); // Libraries that print must not be taken for answers.
        try (Contender contender = peer.connect(layout);
                BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            new Driver(contender, orders, answers).serve();
        }
    }

    static ObjectNode plan(String name, PeerSystem peer, Layout layout, String ports, List<String> jvmOptions) {
        ObjectNode plan = new ObjectMapper().createObjectNode();
        if (peer.unavailable().isPresent()) {
            return plan.put("unavailable", peer.unavailable().get());
        }
        plan.put("title", peer.title()).put("version", peer.version());
        plan.put("restart_seconds", peer.restartSeconds());
        addAll(plan.putArray("settings"), peer.settings());
        addAll(plan.putArray("caveats"), peer.caveats());
        ArrayNode elsewhere = plan.putArray("folders_elsewhere");
        peer.foldersElsewhere(layout).forEach(folder -> elsewhere.add(folder.toString()));
        ArrayNode nodes = plan.putArray("nodes");
        List<String> program = program(peer, jvmOptions);
        for (int id = 0; id < Layout.NODES; id++) {
            List<String> own = with(program, "node", name, layout.folder().toString(), ports, Integer.toString(id));
            addAll(nodes.addArray(), peer.foreignCommand(layout, id).orElse(own));
        }
        addAll(
                plan.putArray("driver"),
                with(program, "drive", name, layout.folder().toString(), ports));
        return plan;
    }

    private static void addAll(ArrayNode array, List<String> strings) {
        strings.forEach(array::add);
    }

    private static List<String> with(List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> program(PeerSystem peer, List<String> jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(peer.jvmOptions());
        command.add("-jar");
        command.add(Path.of(URI.create(Peers.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString());
        return command;
    }
}

package io.tenure.bench;

import io.tenure.bench.floor.EchoServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench.jar echo}: the floor that figures are held against. */
@Command(
        name = "echo",
        mixinStandardHelpOptions = true,
        description = "Answers clients at once, without any store, until it is ended.")
final class EchoCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "P", description = "port of the loopback address (${DEFAULT-VALUE})")
    private int port = 7200;

    @Override
    public Integer call() throws InterruptedException {
        try (EchoServer server = EchoServer.open(port)) {
            System.out.println("echoes on 127.0.0.1:" + server.port());
            server.await();
        }
        return 0;
    }
}

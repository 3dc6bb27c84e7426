package io.tenure.bench.ports;

import io.tenure.fuzz.Choices;
import io.tenure.fuzz.FramedBytes;
import io.tenure.fuzz.Spoiler;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/** One thread that connects to one port again and again, and sends until there have been enough frames. */
abstract class Assault implements Callable<List<String>> {
    private static final int MILLIS_MAX = 20_000;
    private static final int PROBLEMS_MAX = 5;
    private static final int STRANGERS_FRAMES_MAX = 4;
    private static final int STRANGER_ONCE_IN = 4;

    final Choices choices;
    private final int port;
    private final AtomicLong framesLeft;
    private final List<String> problems = new ArrayList<>();

    /** A node takes who comes first for the right one. */
    private boolean known;

    /**
     * Prepares it.
     *
     * @param framesLeft shared by all that send to this kind of port
     */
    Assault(int port, AtomicLong framesLeft, long seed) {
        this.port = port;
        this.framesLeft = framesLeft;
        this.choices = Choices.by(new SplittableRandom(seed));
    }

    /** Sends all; returns what the node did that it must not do. */
    @Override
    public List<String> call() {
        while (framesLeft.get() > 0 && problems.size() < PROBLEMS_MAX) {
            try (Line line = new Line(port)) {
                if (known && choices.onceIn(STRANGER_ONCE_IN)) {
                    visitAsStranger(line);
                } else {
                    visit(line);
                    known = true;
                }
            } catch (IOException e) {
                problem("port " + port + ": " + e);
            }
        }
        return problems;
    }

    /** Shakes hands, and goes on from there until the connection ends. */
    abstract void visit(Line line) throws IOException;

    /** A greeting to be spoilt, of somebody else than who visits. */
    abstract byte[] strangersGreeting();

    final void count(int frames) {
        framesLeft.addAndGet(-frames);
    }

    final void problem(String text) {
        problems.add(text);
    }

    /** Does not get past the handshake, and must be shown the door. */
    private void visitAsStranger(Line line) throws IOException {
        byte[] hello = strangersGreeting();
        byte[] body = java.util.Arrays.copyOfRange(hello, 4, hello.length);
        byte[] spoilt = switch (choices.below(4)) {
            case 0 -> framed(choices.bytes(200));
            case 1 -> choices.bytes(200);
            case 2 ->
                ByteBuffer.allocate(8)
                        .putInt((int) choices.number() | 0x40_0000)
                        .putInt(7)
                        .array();
            default -> framed(Spoiler.bytes(body, choices));
        };
        byte[][] parts = new byte[1 + choices.below(STRANGERS_FRAMES_MAX)][];
        java.util.Arrays.setAll(parts, i -> i == 0 ? spoilt : framed(choices.bytes(60)));
        count(parts.length);
        line.send(FramedBytes.join(parts));
        // It may wait for the rest of a frame: then this side ends it.
        line.sendEnd();
        line.drain();
    }

    static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(4 + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** A connection to a node on this machine. */
    static final class Line implements AutoCloseable {
        private final Socket socket = new Socket();
        private final DataInputStream in;
        private final OutputStream out;

        Line(int port) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(MILLIS_MAX);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS_MAX);
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
        }

        void send(byte[] bytes) throws IOException {
            try {
                out.write(bytes);
            } catch (SocketException e) {
                // Closed by the node before it had read all of it, as it may.
                return;
            }
        }

        void sendEnd() throws IOException {
            try {
                socket.shutdownOutput();
            } catch (SocketException e) {
                return;
            }
        }

        /** The next frame's message, or null at the end. */
        byte[] receive() throws IOException {
            try {
                int first = in.read();
                if (first < 0) {
                    return null;
                }
                int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
                byte[] message = new byte[length];
                in.readFully(message);
                return message;
            } catch (SocketException e) {
                return null;
            }
        }

        /** Reads up to the end; a node that does not close is an error. */
        void drain() throws IOException {
            byte[] message;
            do {
                message = receive();
            } while (message != null);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

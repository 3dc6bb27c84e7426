package io.tenure.bench.process;

import com.google.protobuf.MessageLite;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A client's connection to one node and no other, which the SDK does not offer: it follows the leader, and its status
 * waits for every node. One thread may send while another receives.
 */
public final class NodeConnection implements Closeable {
    private static final int REPLY_BYTES_MAX = Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_HIGHEST);

    private final Socket socket = new Socket();
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Connects to a node on this machine; see {@link #NodeConnection(HostPort, Duration)}. */
    public NodeConnection(int port, Duration timeout) throws IOException {
        this(new HostPort(InetAddress.getLoopbackAddress().getHostAddress(), port), timeout);
    }

    /**
     * Connects to a node and shakes hands.
     *
     * @param timeout of connecting, and of the wait for each answer
     * @throws IOException if there is no node, or it refuses, naming its reason
     */
    public NodeConnection(HostPort address, Duration timeout) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(address.resolve(), (int) timeout.toMillis());
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(socket.getOutputStream());
            write(Hello.newBuilder()
                    .setProtocolVersion(ProtocolVersion.CURRENT)
                    .setRole(ConnectionRole.CLIENT)
                    .build());
            HelloReply hello = HelloReply.parseFrom(read());
            if (!hello.getAccepted()) {
                throw new IOException("refused: " + hello.getReason());
            }
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a request without waiting for its answer. */
    public void send(ClientRequest request) throws IOException {
        write(request);
    }

    /** The next answer, to whichever request. */
    public ClientReply receive() throws IOException {
        return ClientReply.parseFrom(read());
    }

    private void write(MessageLite message) throws IOException {
        byte[] bytes = message.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    private byte[] read() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > REPLY_BYTES_MAX) {
            throw new IOException("a frame of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("closed inside a frame");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

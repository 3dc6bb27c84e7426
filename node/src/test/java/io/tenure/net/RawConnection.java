package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;

/** A plain socket that says whatever a test wants it to. */
final class RawConnection implements AutoCloseable {
    private static final int ANSWER_MILLIS_MAX = 10_000;

    private final Socket socket;
    private final DataInputStream input;
    private final DataOutputStream output;

    RawConnection(InetSocketAddress server) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setSoTimeout(ANSWER_MILLIS_MAX);
        input = new DataInputStream(socket.getInputStream());
        output = new DataOutputStream(socket.getOutputStream());
    }

    static Hello.Builder clientHello() {
        return Hello.newBuilder().setProtocolVersion(ProtocolVersion.CURRENT).setRole(ConnectionRole.CLIENT);
    }

    void bytes(byte[] bytes) throws IOException {
        output.write(bytes);
    }

    void send(MessageLite message) throws IOException {
        output.writeInt(message.getSerializedSize());
        message.writeTo(output);
    }

    <M> M receive(Parser<M> parser) throws IOException {
        byte[] message = new byte[input.readInt()];
        input.readFully(message);
        return parser.parseFrom(message);
    }

    /** Ids of the next {@code count} answers, all of which say that their request is done. */
    Set<Long> doneIds(int count) {
        Set<Long> ids = new HashSet<>();
        try {
            for (int i = 0; i < count; i++) {
                ClientReply reply = receive(ClientReply.parser());
                assertThat(reply.getOutcome()).isEqualTo(Outcome.DONE);
                ids.add(reply.getId());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return ids;
    }

    HelloReply hello(Hello hello) throws IOException {
        send(hello);
        return receive(HelloReply.parser());
    }

    /** Whether the other side closes, whatever it sends before. */
    boolean isClosedByOtherSide() throws IOException {
        try {
            while (input.read() >= 0) {
                // What it had to say.
            }
            return true;
        } catch (SocketException e) {
            // Closed, with bytes of ours unread.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

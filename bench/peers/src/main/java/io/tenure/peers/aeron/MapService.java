package io.tenure.peers.aeron;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.Header;
import io.tenure.peers.KeyValue;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.IdleStrategy;

/** The map. A request is eight bytes of number and a {@link KeyValue}; an answer the same number and the result. */
final class MapService implements ClusteredService {
    private final Map<String, String> map = new HashMap<>();
    private final ExpandableArrayBuffer answer = new ExpandableArrayBuffer();
    private IdleStrategy idle;

    @Override
    public void onStart(Cluster cluster, Image snapshot) {
        idle = cluster.idleStrategy();
    }

    @Override
    public void onSessionMessage(
            ClientSession session, long timestamp, DirectBuffer buffer, int offset, int length, Header header) {
        byte[] request = new byte[length - Long.BYTES];
        buffer.getBytes(offset + Long.BYTES, request);
        byte[] result = KeyValue.decode(ByteBuffer.wrap(request)).applyTo(map);
        if (session == null) {
            return;
        }
        answer.putLong(0, buffer.getLong(offset));
        answer.putBytes(Long.BYTES, result);
        send(session, Long.BYTES + result.length);
    }

    /** Waits while the client is slower than we are; not for one that is gone. */
    private void send(ClientSession session, int length) {
        idle.reset();
        while (true) {
            long sent = session.offer(answer, 0, length);
            if (sent != Publication.BACK_PRESSURED && sent != Publication.ADMIN_ACTION) {
                return;
            }
            idle.idle();
        }
    }

    @Override
    public void onSessionOpen(ClientSession session, long timestamp) {}

    @Override
    public void onSessionClose(ClientSession session, long timestamp, CloseReason reason) {}

    @Override
    public void onTimerEvent(long correlationId, long timestamp) {}

    @Override
    public void onTakeSnapshot(ExclusivePublication snapshot) {}

    @Override
    public void onRoleChange(Cluster.Role role) {}

    @Override
    public void onTerminate(Cluster cluster) {}
}

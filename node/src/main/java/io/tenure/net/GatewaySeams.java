package io.tenure.net;

import io.tenure.handoff.ClientRing;
import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.Reply;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Freshness;
import io.tenure.raft.Input;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What connects the {@link ClientGateway} to the rest of its node.
 *
 * @param ring where requests go that the core decides
 * @param coreBell wakes whoever empties {@code ring}
 * @param transfers takes requests to transfer leadership to the core, past the ring: false if there is no room
 * @param replies answers to tickets, for the gateway to take
 * @param status as last published; null before the first time
 * @param freshness how new the data are, as last published; null if that is not known
 * @param clockDriftMax how far the clock's rate may be off, as a fraction
 */
public record GatewaySeams(
        ClientRing ring,
        Doorbell coreBell,
        Predicate<Input.Transfer> transfers,
        Inbox<Reply> replies,
        Supplier<NodeStatus> status,
        Supplier<Freshness> freshness,
        double clockDriftMax,
        StoreReader store,
        Clock clock) {}

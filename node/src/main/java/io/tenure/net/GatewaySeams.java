package io.tenure.net;

import io.tenure.handoff.ClientRing;
import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.Reply;
import io.tenure.handoff.StoreReader;
import java.util.function.Supplier;

/**
 * What connects the {@link ClientGateway} to the rest of its node.
 *
 * @param ring where requests go that the core decides
 * @param coreBell wakes whoever empties {@code ring}
 * @param replies answers to tickets, for the gateway to take
 * @param status as last published; null before the first time
 */
public record GatewaySeams(
        ClientRing ring,
        Doorbell coreBell,
        Inbox<Reply> replies,
        Supplier<NodeStatus> status,
        StoreReader store,
        Clock clock) {}

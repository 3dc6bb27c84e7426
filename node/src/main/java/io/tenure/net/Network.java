package io.tenure.net;

import io.netty.channel.EventLoop;
import io.tenure.handoff.Clock;
import io.tenure.protocol.Transport;
import java.util.concurrent.Executor;

/**
 * What all of a node's network stands on.
 *
 * @param loop the one event loop for servers, links and gateway
 * @param transport of {@code loop}
 * @param resolver looks up host names, which blocks: never the event loop
 */
public record Network(EventLoop loop, Transport transport, Clock clock, Executor resolver) {}

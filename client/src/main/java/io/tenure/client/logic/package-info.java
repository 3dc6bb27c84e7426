/**
 * What the client does with its requests, as a pure machine: where they go, when they are sent again, and which of the
 * three outcomes a caller is told (DESIGN.md, D6).
 *
 * <p>Sees no clock, no thread, no network and no randomness of its own: time and random numbers are arguments, every
 * effect is an {@link io.tenure.client.logic.Action}. The same inputs give the same actions, bit for bit, so the
 * simulator drives this very code. Imports the wire messages and {@code java.base} only. Not an interface for users of
 * the SDK, who find {@code TenureClient} one package up.
 */
package io.tenure.client.logic;

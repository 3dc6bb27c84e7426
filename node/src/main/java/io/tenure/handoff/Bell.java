package io.tenure.handoff;

/** A doorbell that can be handed out before it is known who will answer it. Rings before that are remembered. */
public final class Bell implements Doorbell {
    private volatile Doorbell target;
    private volatile boolean rung;

    @Override
    public void ring() {
        Doorbell known = target;
        if (known != null) {
            known.ring();
            return;
        }
        rung = true;
        known = target;
        if (known != null) {
            known.ring();
        }
    }

    /** From now on {@code consumer} answers; it is rung at once if somebody has rung already. */
    public void connect(Doorbell consumer) {
        target = consumer;
        if (rung) {
            consumer.ring();
        }
    }
}

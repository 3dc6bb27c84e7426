package io.tenure.protocol;

import io.netty.handler.codec.DecoderException;

/** What arrived is not a frame of this protocol; the connection is of no more use. The message says why. */
public final class FrameException extends DecoderException {
    private static final long serialVersionUID = 1L;

    /** Makes one with a sentence for the log. */
    public FrameException(String message) {
        super(message);
    }

    /** Makes one with a sentence for the log and what led to it. */
    public FrameException(String message, Throwable cause) {
        super(message, cause);
    }
}

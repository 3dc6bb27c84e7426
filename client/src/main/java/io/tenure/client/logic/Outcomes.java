package io.tenure.client.logic;

import io.tenure.client.logic.Operation.Kind;
import io.tenure.client.logic.Result.Failed;
import io.tenure.client.logic.Result.Failure;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.OpenSessionRequest;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.protocol.proto.StatusRequest;
import io.tenure.protocol.proto.TransferRequest;

/** The words on the wire and for the caller: requests from operations, results from answers. */
final class Outcomes {
    private Outcomes() {}

    static ClientRequest request(Operation operation, long requestId) {
        ClientRequest.Builder request = ClientRequest.newBuilder().setId(requestId);
        switch (operation.kind) {
            case SET, ASK ->
                request.setSet(SetRequest.newBuilder()
                        .setSession(operation.writeId.session())
                        .setBirthIndex(operation.writeId.birthIndex())
                        .setNumber(operation.writeId.number())
                        .setKey(operation.key)
                        .setValue(operation.value));
            case GET ->
                request.setGet(GetRequest.newBuilder()
                        .setKey(operation.key)
                        .setMode(operation.mode)
                        .setLeastIndex(operation.leastIndex)
                        .setStalenessMillisMax(operation.stalenessMillisMax));
            case OPEN_SESSION -> request.setOpenSession(OpenSessionRequest.getDefaultInstance());
            case STATUS -> request.setStatus(StatusRequest.getDefaultInstance());
            case TRANSFER -> {
                TransferRequest.Builder transfer = TransferRequest.newBuilder();
                request.setTransfer(
                        operation.target == Operation.ANY ? transfer : transfer.setTarget(operation.target));
            }
        }
        return request.build();
    }

    static Result success(Operation operation, ClientReply reply) {
        return switch (operation.kind) {
            case SET, ASK -> new Result.Written(reply.getNodeId(), reply.getTerm(), reply.getIndex());
            case GET ->
                new Result.Found(
                        reply.getNodeId(),
                        reply.getTerm(),
                        reply.getIndex(),
                        reply.getFound() ? reply.getValue() : null,
                        reply.getAgeMillis());
            case STATUS -> new Result.Status(reply.getStatus());
            case TRANSFER -> new Result.Transferred(reply.getLeaderId(), reply.getTerm());
            case OPEN_SESSION -> throw new IllegalStateException("nobody is told of a session");
        };
    }

    /**
     * No more attempts will be made: unknown if one may have reached a log, else certainly not done.
     *
     * @param because what ended it
     * @param trouble what is known of the nodes, for an operation that none has answered
     */
    static Failed failed(Operation operation, String because, String trouble) {
        if (operation.kind == Kind.STATUS) {
            String why = operation.lastCause == null ? "no answer: " + because : operation.lastCause;
            return new Failed(Failure.NOT_DONE, operation.lastNode, operation.lastTerm, why, null);
        }
        boolean unknown = isUnknown(operation);
        String text = (unknown ? "outcome unknown: " : "not done: ")
                + because
                + (operation.sends == 0 ? ", never sent" : ", sent " + times(operation.sends))
                + "; "
                + (operation.lastCause == null ? trouble : operation.lastCause);
        return new Failed(
                unknown ? Failure.UNKNOWN : Failure.NOT_DONE,
                operation.lastNode,
                operation.lastTerm,
                text,
                unknown ? operation.writeId : null);
    }

    private static boolean isUnknown(Operation operation) {
        return (operation.kind.isWrite() || operation.kind == Operation.Kind.TRANSFER) && operation.uncertain > 0;
    }

    /** The leader says why leadership stays where it is; an earlier attempt may have moved it nevertheless. */
    static Failed notTransferred(Operation operation, String reason) {
        return isUnknown(operation)
                ? failed(operation, reason, "")
                : new Failed(Failure.NOT_DONE, operation.lastNode, operation.lastTerm, "not done: " + reason, null);
    }

    /** Refused before anything was sent. */
    static Failed refused(Failure failure, String reason) {
        return new Failed(failure, -1, -1, reason, null);
    }

    /** No node would take it. An earlier attempt, at a node with other limits perhaps, may still be under way. */
    static Failed invalid(Operation operation, String reason) {
        if (operation.kind.isWrite() && operation.uncertain > 0) {
            return failed(operation, reason, "");
        }
        return new Failed(Failure.INVALID, operation.lastNode, operation.lastTerm, reason, null);
    }

    /** What is too long, or null. A limit of 0 is not known. */
    static String tooLong(Operation operation, int keyBytesMax, int valueBytesMax) {
        if (keyBytesMax > 0 && operation.key.size() > keyBytesMax) {
            return "key of " + operation.key.size() + " bytes: the limit is " + keyBytesMax;
        }
        if (valueBytesMax > 0 && operation.value.size() > valueBytesMax) {
            return "value of " + operation.value.size() + " bytes: the limit is " + valueBytesMax;
        }
        return null;
    }

    /** An answer other than DONE, in a sentence. */
    static String explain(Node node, ClientReply reply) {
        String who = node.name() + " (term " + reply.getTerm() + ") ";
        String more = reply.getReason().isEmpty() ? "" : ": " + reply.getReason();
        return switch (reply.getOutcome()) {
            case NOT_LEADER ->
                who
                        + (reply.getLeaderId() < 0
                                ? "does not lead and knows no leader"
                                : "does not lead, but knows node " + reply.getLeaderId() + " as leader")
                        + more;
            case NO_LEASE -> who + "leads without a lease" + more;
            case BUSY -> who + "is busy" + more;
            case DISK_FULL -> who + "takes no writes now" + more;
            case NOT_CURRENT -> who + "is not as current as asked" + more;
            case NOT_TRANSFERRED -> who + "did not hand over" + more;
            case INVALID -> who + "calls the request invalid" + more;
            case UNKNOWN -> who + "lost the leadership before the write was committed" + more;
            case SESSION_EXPIRED -> who + "no longer knows the session" + more;
            case NUMBER_TOO_OLD -> who + "no longer keeps so old a request number" + more;
            default -> who + "answered " + reply.getOutcome() + more;
        };
    }

    static String millis(long nanos) {
        return nanos / 1_000_000 + " ms";
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}

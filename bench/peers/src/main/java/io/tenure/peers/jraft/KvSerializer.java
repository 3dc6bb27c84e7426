package io.tenure.peers.jraft;

import com.alipay.remoting.CustomSerializerManager;
import com.alipay.remoting.DefaultCustomSerializer;
import com.alipay.remoting.InvokeContext;
import com.alipay.remoting.rpc.RequestCommand;
import com.alipay.remoting.rpc.ResponseCommand;
import com.alipay.remoting.rpc.protocol.RpcRequestCommand;
import com.alipay.remoting.rpc.protocol.RpcResponseCommand;

/** Carries {@link KvMessage}s as the bytes that they are, instead of by the transport's general serialization. */
final class KvSerializer extends DefaultCustomSerializer {
    private KvSerializer() {}

    /** Has the transport of this JVM use it. */
    static synchronized void register() {
        String name = KvMessage.class.getName();
        if (CustomSerializerManager.getCustomSerializer(name) == null) {
            CustomSerializerManager.registerCustomSerializer(name, new KvSerializer());
        }
    }

    @Override
    public <T extends RequestCommand> boolean serializeContent(T request, InvokeContext context) {
        request.setContent(((KvMessage) ((RpcRequestCommand) request).getRequestObject()).bytes);
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean serializeContent(T response) {
        response.setContent(((KvMessage) ((RpcResponseCommand) response).getResponseObject()).bytes);
        return true;
    }

    @Override
    public <T extends RequestCommand> boolean deserializeContent(T request) {
        ((RpcRequestCommand) request).setRequestObject(new KvMessage(request.getContent()));
        return true;
    }

    @Override
    public <T extends ResponseCommand> boolean deserializeContent(T response, InvokeContext context) {
        ((RpcResponseCommand) response).setResponseObject(new KvMessage(response.getContent()));
        return true;
    }
}

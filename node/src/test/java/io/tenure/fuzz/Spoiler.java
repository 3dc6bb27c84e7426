package io.tenure.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.List;

/** Makes good messages bad, knowing what they are made of, or not. */
public final class Spoiler {
    private static final int BYTES_MAX = 40;

    private Spoiler() {}

    /** The message with one of its fields, at any depth, changed, added or taken away. */
    public static Message spoil(Message message, Choices choices) {
        Message.Builder spoilt = message.toBuilder();
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return message;
        }
        // A field that is set is more rewarding than one that is not.
        List<FieldDescriptor> set = List.copyOf(message.getAllFields().keySet());
        FieldDescriptor field = set.isEmpty() || choices.onceIn(4)
                ? fields.get(choices.below(fields.size()))
                : set.get(choices.below(set.size()));
        if (choices.onceIn(8)) {
            spoilt.clearField(field);
        } else if (field.isRepeated()) {
            spoilRepeated(spoilt, field, choices);
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            spoilt.setField(field, spoil((Message) spoilt.getField(field), choices));
        } else {
            spoilt.setField(field, value(field, spoilt.getField(field), choices));
        }
        return spoilt.buildPartial();
    }

    private static void spoilRepeated(Message.Builder spoilt, FieldDescriptor field, Choices choices) {
        int count = spoilt.getRepeatedFieldCount(field);
        boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        if (count == 0 || choices.onceIn(3)) {
            Object added = isMessage
                    ? spoilt.newBuilderForField(field).buildPartial()
                    : value(field, field.getJavaType() == FieldDescriptor.JavaType.LONG ? (Object) 0L : 0, choices);
            spoilt.addRepeatedField(field, added);
            return;
        }
        int at = choices.below(count);
        Object before = spoilt.getRepeatedField(field, at);
        spoilt.setRepeatedField(
                field, at, isMessage ? spoil((Message) before, choices) : value(field, before, choices));
    }

    private static Object value(FieldDescriptor field, Object before, Choices choices) {
        return switch (field.getJavaType()) {
            case INT -> choices.flip() ? (int) choices.number() : (Integer) before + choices.below(5) - 2;
            case LONG -> choices.flip() ? choices.number() : (Long) before + choices.below(5) - 2;
            case BOOLEAN -> !(Boolean) before;
            case STRING -> new String(choices.bytes(BYTES_MAX), java.nio.charset.StandardCharsets.ISO_8859_1);
            case BYTE_STRING -> ByteString.copyFrom(bytes(((ByteString) before).toByteArray(), choices));
            case ENUM -> any(field.getEnumType(), choices);
            case FLOAT, DOUBLE, MESSAGE -> before;
        };
    }

    private static Object any(EnumDescriptor type, Choices choices) {
        return choices.onceIn(4)
                ? type.findValueByNumberCreatingIfUnknown((int) choices.number())
                : type.getValues().get(choices.below(type.getValues().size()));
    }

    /** The bytes with something done to them. */
    public static byte[] bytes(byte[] good, Choices choices) {
        if (good.length == 0) {
            return choices.bytes(BYTES_MAX);
        }
        byte[] spoilt = good.clone();
        int at = choices.below(good.length);
        switch (choices.below(6)) {
            case 0 -> spoilt[at] ^= (byte) (1 << choices.below(8));
            case 1 -> spoilt[at] = (byte) choices.below(256);
            case 2 -> spoilt = Arrays.copyOf(good, at);
            case 3 -> spoilt = join(Arrays.copyOf(good, at), choices.bytes(BYTES_MAX), good, at);
            case 4 -> {
                byte[] over = choices.bytes(Math.min(BYTES_MAX, good.length - at));
                System.arraycopy(over, 0, spoilt, at, over.length);
            }
            default -> spoilt = join(Arrays.copyOf(good, at), new byte[0], good, at + choices.below(good.length - at));
        }
        return spoilt;
    }

    private static byte[] join(byte[] head, byte[] middle, byte[] tailOf, int tailAt) {
        byte[] joined = Arrays.copyOf(head, head.length + middle.length + tailOf.length - tailAt);
        System.arraycopy(middle, 0, joined, head.length, middle.length);
        System.arraycopy(tailOf, tailAt, joined, head.length + middle.length, tailOf.length - tailAt);
        return joined;
    }
}

package io.tenure.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A {@link History} as text. One JSON object a line:
 * {@code {"key":"k1","op":"write|read","value":"c1-7" or null,"invoke":10,"return":25 or null,
 * "outcome":"ok|fail|unknown","client":"c1"}}.
 */
public final class HistoryFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS =
            new TreeSet<>(List.of("key", "op", "value", "invoke", "return", "outcome", "client"));

    private HistoryFile() {}

    /**
     * Reads a history.
     *
     * @param name of the source, for errors
     * @throws IllegalArgumentException if a line is not an operation, naming line and reason
     */
    public static History read(BufferedReader lines, String name) throws IOException {
        History history = new History();
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                history.add(parse(line));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + ":" + number + ": " + e.getMessage(), e);
            }
        }
        return history;
    }

    /** Writes it in the form that {@link #read} reads. */
    public static void write(History history, Writer out) throws IOException {
        for (Operation operation : history.operations()) {
            out.write(format(operation));
            out.write('\n');
        }
    }

    static String format(Operation operation) {
        ObjectNode line = JSON.createObjectNode()
                .put("key", operation.key())
                .put("op", lower(operation.kind()))
                .put("value", operation.value())
                .put("invoke", operation.invoke());
        if (operation.returned() == Operation.NEVER) {
            line.putNull("return");
        } else {
            line.put("return", operation.returned());
        }
        return line.put("outcome", lower(operation.outcome()))
                .put("client", operation.client())
                .toString();
    }

    static Operation parse(String line) {
        JsonNode object;
        try {
            object = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
        }
        if (!object.isObject()) {
            throw new IllegalArgumentException("not a JSON object");
        }
        object.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("unknown field " + field + "; known are " + FIELDS);
            }
        });
        Long returned = time(object, "return");
        Long invoke = time(object, "invoke");
        if (invoke == null) {
            throw new IllegalArgumentException("invoke is null");
        }
        return new Operation(
                text(object, "key"),
                oneOf(Operation.Kind.values(), object, "op"),
                object.path("value").isNull() ? null : text(object, "value"),
                invoke,
                returned == null ? Operation.NEVER : returned,
                oneOf(Operation.Outcome.values(), object, "outcome"),
                text(object, "client"));
    }

    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException(field + " is not a string");
        }
        return value.textValue();
    }

    private static Long time(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + " is not a whole number of nanoseconds");
        }
        return value.longValue();
    }

    private static <E extends Enum<E>> E oneOf(E[] allowed, JsonNode object, String field) {
        String word = text(object, field);
        List<String> words = new ArrayList<>();
        for (E candidate : allowed) {
            if (lower(candidate).equals(word)) {
                return candidate;
            }
            words.add(lower(candidate));
        }
        throw new IllegalArgumentException(field + " is " + word + "; allowed are " + words);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

package io.tenure.node;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A settings file as nodes that know their lines. Built from the parser's events rather than by its loader, which
 * forgets lines, and with less of YAML: no anchors, tags, second documents or deep nesting.
 */
final class SettingsTree {
    /** Anything that stands in the file. */
    sealed interface Node permits Scalar, Mapping, Sequence {
        /** Where it starts, from 1. */
        int line();
    }

    /** A single value; {@code plain} if not in quotes. */
    record Scalar(int line, String text, boolean plain) implements Node {}

    /** Keys with their values, in the order of the file. */
    record Mapping(int line, Map<String, Field> fields) implements Node {}

    /** The value of a key, and the line of that key. */
    record Field(int line, Node value) {}

    /** A list. */
    record Sequence(int line, List<Node> items) implements Node {}

    private static final int DEPTH_MAX = 8;

    private static final String ALLOWED_TEXT = "lines of \"key: value\", nested by spaces";

    private final String fileName;
    private final String text;
    private final Iterator<Event> events;

    private SettingsTree(String fileName, String text) {
        this.fileName = fileName;
        this.text = text;
        LoadSettings yaml = LoadSettings.builder().setLabel(fileName).build();
        this.events = new Parse(yaml).parseString(text).iterator();
    }

    /**
     * Parses the text.
     *
     * @throws SettingsException if it is not YAML, or more of YAML than settings may use
     */
    static Mapping parse(String fileName, String text) {
        SettingsTree tree = new SettingsTree(fileName, text);
        try {
            return tree.document();
        } catch (MarkedYamlEngineException e) {
            throw tree.notYaml(e);
        } catch (ReaderException e) {
            throw tree.at(
                    tree.lineOf(e.getPosition()),
                    String.format(Locale.ROOT, "character U+%04X", e.getCodePoint()),
                    "printable text");
        } catch (YamlEngineException e) {
            throw tree.at(1, "not YAML: " + SettingsException.quote(String.valueOf(e.getMessage())), ALLOWED_TEXT);
        }
    }

    private Mapping document() {
        next(); // start of the stream
        Event event = next();
        if (event.getEventId() == Event.ID.StreamEnd) {
            throw empty();
        }
        Node root = node(next(), 0);
        next(); // end of the document
        event = next();
        if (event.getEventId() != Event.ID.StreamEnd) {
            throw at(line(event), "a second document", "one");
        }
        if (root instanceof Mapping mapping) {
            return mapping;
        }
        if (root instanceof Scalar scalar && scalar.text.isEmpty()) {
            throw empty();
        }
        throw at(root.line(), "not a list of settings", ALLOWED_TEXT);
    }

    private Node node(Event event, int depth) {
        int line = line(event);
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent named && named.getAnchor().isPresent())) {
            throw at(line, "an anchor or alias", "values written out");
        }
        if (event instanceof ScalarEvent scalar) {
            refuseTag(line, scalar.getTag().orElse(null));
            return new Scalar(line, scalar.getValue(), scalar.isPlain());
        }
        refuseTag(line, ((CollectionStartEvent) event).getTag().orElse(null));
        if (depth == DEPTH_MAX) {
            throw at(line, "nested too deeply", "up to " + DEPTH_MAX + " levels");
        }
        return event.getEventId() == Event.ID.MappingStart ? mapping(line, depth) : sequence(line, depth);
    }

    private Mapping mapping(int line, int depth) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Event event = next(); event.getEventId() != Event.ID.MappingEnd; event = next()) {
            Node key = node(event, depth + 1);
            if (!(key instanceof Scalar scalar)) {
                throw at(key.line(), "a list or group in place of a key", ALLOWED_TEXT);
            }
            Field field = new Field(key.line(), node(next(), depth + 1));
            Field first = fields.putIfAbsent(scalar.text, field);
            if (first != null) {
                String name = SettingsException.quote(scalar.text);
                throw at(key.line(), name + " is set twice, first on line " + first.line, "once");
            }
        }
        return new Mapping(line, fields);
    }

    private Sequence sequence(int line, int depth) {
        List<Node> items = new ArrayList<>();
        for (Event event = next(); event.getEventId() != Event.ID.SequenceEnd; event = next()) {
            items.add(node(event, depth + 1));
        }
        return new Sequence(line, items);
    }

    private void refuseTag(int line, String tag) {
        if (tag != null) {
            throw at(line, "the tag " + SettingsException.quote(tag), "values without tags");
        }
    }

    private Event next() {
        return events.next();
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private SettingsException empty() {
        return at(1, "the file is empty", "settings, of which nodeId, clusterId and members are needed");
    }

    private SettingsException notYaml(MarkedYamlEngineException e) {
        int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
        String[] lines = text.split("\n", -1);
        String indent = line <= lines.length ? lines[line - 1].replaceAll("\\S.*", "") : "";
        if (indent.indexOf('\t') >= 0) {
            return at(line, "a tab in the indentation", "spaces");
        }
        // Something that was left open is noticed later than where the operator has to look.
        String context = String.valueOf(e.getContext());
        if (context.startsWith("while scanning") || context.startsWith("while parsing a flow")) {
            line = e.getContextMark().map(Mark::getLine).orElse(line - 1) + 1;
        }
        String problem = String.valueOf(e.getProblem()).replaceAll("\\. \\(Do not use .*", "");
        return at(line, "not YAML: " + SettingsException.quote(problem), ALLOWED_TEXT);
    }

    /** Line of a character, which the parser counts in code points. */
    private int lineOf(int codePoint) {
        return 1
                + (int) text.codePoints()
                        .limit(codePoint)
                        .filter(c -> c == '\n')
                        .count();
    }

    private SettingsException at(int line, String what, String allowed) {
        return SettingsException.at(fileName, line, what, allowed);
    }
}

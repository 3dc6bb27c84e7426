package io.tenure.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tenure.cli.Kv.Format;
import io.tenure.client.ClusterStatus;
import io.tenure.client.ReadResult;
import io.tenure.client.TransferResult;
import io.tenure.client.WriteResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Prints answers, for people or for programs: JSON is one object on one line. */
final class Answers {
    private static final List<String> COLUMNS = List.of(
            "NODE", "ADDRESS", "ROLE", "TERM", "LEADER", "LEASE LEFT", "BEAT/LEASE/ELECTION MS", "LAST", "COMMIT", "");

    private Answers() {}

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static void printWritten(PrintWriter out, Format format, String key, WriteResult result) {
        if (format == Format.TEXT) {
            out.println("OK");
            return;
        }
        printJson(out, json -> {
            json.writeStringField("key", key);
            json.writeStringField("outcome", "done");
            json.writeNumberField("node", result.node());
            json.writeNumberField("term", result.term());
            json.writeNumberField("index", result.index());
        });
    }

    /** Prints a value; and if somebody said how to read, who answered and how old the data were. */
    static void printRead(PrintWriter out, Format format, String key, ReadResult result, boolean withSource) {
        String value = result.value().orElse(null);
        if (format == Format.TEXT) {
            out.println(value == null ? "" : value);
            return;
        }
        printJson(out, json -> {
            json.writeStringField("key", key);
            json.writeBooleanField("found", value != null);
            json.writeStringField("value", value);
            if (withSource) {
                json.writeNumberField("node", result.node());
                json.writeNumberField("index", result.index());
                writeNumber(json, "ageMillis", result.age().map(Duration::toMillis));
            }
        });
    }

    static void printTransfer(PrintWriter out, Format format, TransferResult result) {
        if (format == Format.TEXT) {
            out.println("node " + result.leader() + " leads");
            return;
        }
        printJson(out, json -> {
            json.writeStringField("outcome", "done");
            json.writeNumberField("leader", result.leader());
            json.writeNumberField("term", result.term());
        });
    }

    /** Prints all nodes; false if none answered. */
    static boolean printStatus(PrintWriter out, Format format, ClusterStatus status) {
        if (format == Format.TEXT) {
            printTable(out, status);
        } else {
            printJson(out, json -> writeStatus(json, status));
        }
        return status.nodes().stream().anyMatch(node -> node.report().isPresent());
    }

    private static void writeStatus(JsonGenerator json, ClusterStatus status) throws IOException {
        json.writeStringField("cluster", status.cluster());
        writeId(json, "leader", status.leader());
        json.writeArrayFieldStart("nodes");
        for (ClusterStatus.Node node : status.nodes()) {
            Optional<ClusterStatus.Report> report = node.report();
            json.writeStartObject();
            writeId(json, "id", node.id());
            json.writeStringField("address", node.address());
            json.writeStringField("role", report.map(ClusterStatus.Report::role).orElse("UNREACHABLE"));
            writeNumber(json, "term", report.map(ClusterStatus.Report::term));
            writeNumber(
                    json,
                    "leader",
                    report.map(ClusterStatus.Report::leader)
                            .filter(id -> id >= 0)
                            .map(Integer::longValue));
            writeNumber(json, "leaseLeftMillis", report.flatMap(Answers::lease));
            writeNumber(json, "lastIndex", report.map(ClusterStatus.Report::lastIndex));
            writeNumber(json, "commitIndex", report.map(ClusterStatus.Report::commitIndex));
            writeTiming(json, report.flatMap(ClusterStatus.Report::timing));
            String error = report.map(ClusterStatus.Report::trouble).orElse(node.error());
            json.writeStringField("error", error.isEmpty() ? null : error);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeTiming(JsonGenerator json, Optional<ClusterStatus.Timing> timing) throws IOException {
        if (timing.isEmpty()) {
            json.writeNullField("timing");
            return;
        }
        json.writeObjectFieldStart("timing");
        json.writeNumberField("heartbeatMillis", timing.get().heartbeatMillis());
        json.writeNumberField("leaseMillis", timing.get().leaseMillis());
        json.writeNumberField("electionTimeoutMinMillis", timing.get().electionTimeoutMinMillis());
        json.writeNumberField("electionTimeoutMaxMillis", timing.get().electionTimeoutMaxMillis());
        json.writeEndObject();
    }

    private static String timing(ClusterStatus.Timing timing) {
        return timing.heartbeatMillis() + " / " + timing.leaseMillis() + " / " + timing.electionTimeoutMinMillis()
                + ".." + timing.electionTimeoutMaxMillis();
    }

    private static Optional<Long> lease(ClusterStatus.Report report) {
        return report.leaseLeftMillis() < 0 ? Optional.empty() : Optional.of(report.leaseLeftMillis());
    }

    private static void writeId(JsonGenerator json, String name, OptionalInt id) throws IOException {
        writeNumber(json, name, id.isPresent() ? Optional.of((long) id.getAsInt()) : Optional.empty());
    }

    private static void writeNumber(JsonGenerator json, String name, Optional<Long> number) throws IOException {
        if (number.isPresent()) {
            json.writeNumberField(name, number.get());
        } else {
            json.writeNullField(name);
        }
    }

    private static void printJson(PrintWriter out, Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string can't be written to", e);
        }
        out.println(text);
    }

    private static void printTable(PrintWriter out, ClusterStatus status) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        for (ClusterStatus.Node node : status.nodes()) {
            String id = node.id().isPresent() ? String.valueOf(node.id().getAsInt()) : "?";
            rows.add(node.report()
                    .map(report -> List.of(
                            id,
                            node.address(),
                            report.role(),
                            String.valueOf(report.term()),
                            report.leader() < 0 ? "-" : String.valueOf(report.leader()),
                            lease(report).map(millis -> millis + " ms").orElse("-"),
                            report.timing().map(Answers::timing).orElse("-"),
                            String.valueOf(report.lastIndex()),
                            String.valueOf(report.commitIndex()),
                            report.trouble()))
                    .orElseGet(() ->
                            List.of(id, node.address(), "UNREACHABLE", "-", "-", "-", "-", "-", "-", node.error())));
        }
        if (!status.cluster().isEmpty()) {
            out.println("cluster " + status.cluster());
        }
        int[] widths = new int[COLUMNS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}

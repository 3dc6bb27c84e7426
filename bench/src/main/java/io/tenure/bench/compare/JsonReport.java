package io.tenure.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.floor.Forces;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;

/** What programs read of a comparison: everything, sample by sample. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    /** The whole file. */
    static String of(Results results, ComparisonPlan plan, Map<String, String> machine) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.set("machine", JSON.valueToTree(machine));
        root.putObject("plan")
                .put("rounds", plan.rounds())
                .put("warmup_s", plan.warmupSeconds())
                .put("window_s", plan.seconds())
                .put("preload", plan.preload())
                .put("kills", plan.kills())
                .put("keys", Driver.KEYS)
                .put("key_bytes", Driver.KEY_BYTES)
                .put("value_bytes", Driver.VALUE_BYTES);
        root.set("systems", JSON.valueToTree(results.systems()));
        rows(root.putArray("rows"), results);
        ArrayNode samples = root.putArray("samples");
        for (Results.Sample sample : results.samples()) {
            samples.addObject()
                    .put("system", sample.system())
                    .put("round", sample.round())
                    .put("line", sample.line().name())
                    .set("figures", JSON.valueToTree(sample.figures()));
        }
        ArrayNode forces = root.putArray("forces");
        for (Forces force : results.forces()) {
            forces.addObject()
                    .put("writers", force.writers())
                    .put("per_s", force.perSecond())
                    .put("p50_us", force.p50Micros())
                    .put("p99_us", force.p99Micros());
        }
        ArrayNode troubles = root.putArray("troubles");
        for (Results.Trouble trouble : results.troubles()) {
            troubles.addObject()
                    .put("system", trouble.system())
                    .put("round", trouble.round())
                    .put("line", trouble.line() == null ? null : trouble.line().name())
                    .put("reason", trouble.reason());
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static void rows(ArrayNode rows, Results results) {
        for (Row row : Row.ALL) {
            ObjectNode node = rows.addObject()
                    .put("label", row.label())
                    .put("line", row.line().name())
                    .put("figure", row.figure())
                    .put("better", row.larger() ? "more" : "less");
            ObjectNode medians = node.putObject("medians");
            results.systems().forEach(system -> put(medians, system.name(), row.of(results, system.name())));
            Row.Best best = row.best(results);
            if (best != null) {
                node.put("best_other", best.system().name());
            }
            put(node, "tenure_by_best", row.ratio(results));
            put(node, "floor", row.floorValue(results));
            put(node, "tenure_by_floor", row.byFloor(results, Systems.TENURE));
        }
    }

    private static void put(ObjectNode node, String name, OptionalDouble value) {
        if (value.isPresent()) {
            node.put(name, value.getAsDouble());
        }
    }
}

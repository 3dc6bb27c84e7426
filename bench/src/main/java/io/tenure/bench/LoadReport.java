package io.tenure.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a load run measured.
 *
 * @param seconds length of the measured window
 * @param latencies of the operations that count, in nanoseconds
 * @param opsPerSecond operations that ended inside the window, per second of it
 * @param errors operations that are certainly not done, warm-up included
 * @param unknown operations that may or may not be done, warm-up included
 */
public record LoadReport(
        LoadPlan plan, double seconds, Histogram latencies, double opsPerSecond, long errors, long unknown) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One line, as DESIGN.md section 4 has it. */
    String toJson() {
        ObjectNode line = JSON.createObjectNode()
                .put("workload", plan.workload().name().toLowerCase(Locale.ROOT))
                .put("outstanding", plan.outstanding())
                .put("seconds", round(seconds, 3))
                .put("ops", latencies.getTotalCount())
                .put("ops_s", round(opsPerSecond, 1));
        return line.put("p50_us", micros(50))
                .put("p90_us", micros(90))
                .put("p99_us", micros(99))
                .put("p999_us", micros(99.9))
                .put("max_us", round(latencies.getMaxValue() / 1e3, 1))
                .put("errors", errors)
                .put("unknown", unknown)
                .toString();
    }

    /** The same for a person. */
    String toText() {
        return String.format(
                Locale.ROOT,
                "%s, %s: %,d operations in %.1f s, %,.0f/s; latency in us: p50 %,.0f  p90 %,.0f  p99 %,.0f  p99.9 %,.0f"
                        + "  max %,.0f; %d errors, %d unknown",
                plan.workload().name().toLowerCase(Locale.ROOT),
                plan.isOpenLoop()
                        ? String.format(Locale.ROOT, "open loop of %,.0f/s", plan.opsPerSecond())
                        : plan.outstanding() + " outstanding",
                latencies.getTotalCount(),
                seconds,
                opsPerSecond,
                micros(50),
                micros(90),
                micros(99),
                micros(99.9),
                latencies.getMaxValue() / 1e3,
                errors,
                unknown);
    }

    private double micros(double percentile) {
        return round(latencies.getValueAtPercentile(percentile) / 1e3, 1);
    }

    private static double round(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}

package io.tenure.node;

import io.tenure.node.SettingsTree.Field;
import io.tenure.node.SettingsTree.Mapping;
import io.tenure.node.SettingsTree.Scalar;
import io.tenure.node.SettingsTree.Sequence;
import io.tenure.protocol.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One group of settings: the whole file, or what is nested under a key. Reads values by type and range, and remembers
 * the line of each in the {@link SettingsSource}.
 */
final class SettingsSection {
    private static final Pattern WHOLE = Pattern.compile("-?(?:0|[1-9][0-9]*)");
    private static final Pattern FRACTION = Pattern.compile("-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");
    private static final Pattern BYTES = Pattern.compile("(-?(?:0|[1-9][0-9]*)) ?(KiB|MiB|GiB)?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
    private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
    private static final Pattern IP4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\\.|$)){4}");
    private static final Pattern IP6 = Pattern.compile("([0-9A-Fa-f:.]{2,45})(?:%[A-Za-z0-9._-]{1,15})?");

    /** Digits of the longest number looked at; longer ones are out of every range. */
    private static final int DIGITS_MAX = 18;

    private static final String ADDRESS = "host:port with a port in 1..65535";

    private final SettingsSource source;
    private final String prefix;
    private final Mapping mapping;

    /**
     * Looks into a group.
     *
     * @param prefix what stands before the keys in messages: empty, or ending in a dot
     * @param known every key that may be there
     * @throws SettingsException if another one is
     */
    SettingsSection(SettingsSource source, String prefix, Mapping mapping, List<String> known) {
        this.source = source;
        this.prefix = prefix;
        this.mapping = mapping;
        for (var entry : mapping.fields().entrySet()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                String advice = SettingsKeys.advice(prefix, key, known);
                throw new SettingsException(
                        source.fileName() + ":" + entry.getValue().line() + ": " + prefix + SettingsException.quote(key)
                                + " is not a setting; " + advice);
            }
            source.note(prefix + key, entry.getValue().line());
        }
    }

    SettingsSource source() {
        return source;
    }

    /** What messages call this key. */
    String path(String key) {
        return prefix + key;
    }

    /** Whether the file sets this key. */
    boolean has(String key) {
        return mapping.fields().containsKey(key);
    }

    /** A group nested under {@code key}; an empty one if there is none. */
    SettingsSection section(String key, List<String> known) {
        Field field = mapping.fields().get(key);
        String inner = prefix + key + ".";
        if (field == null) {
            return new SettingsSection(source, inner, new Mapping(mapping.line(), Map.of()), known);
        }
        if (field.value() instanceof Mapping group) {
            return new SettingsSection(source, inner, group, known);
        }
        throw refuse(key, shown(field), "not a group of settings", String.join(", ", known));
    }

    /** The groups listed under {@code key}, which must be there. */
    List<SettingsSection> list(String key, int countMax, List<String> known) {
        String allowed = "a list of 1.." + countMax + " groups of " + String.join(", ", known);
        Field field = need(key, allowed);
        if (!(field.value() instanceof Sequence sequence)) {
            throw refuse(key, shown(field), "not a list", allowed);
        }
        if (sequence.items().isEmpty() || sequence.items().size() > countMax) {
            throw refuse(key, "a list of " + sequence.items().size(), null, allowed);
        }
        List<SettingsSection> sections = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            String item = key + "[" + i + "]";
            source.note(prefix + item, sequence.items().get(i).line());
            if (!(sequence.items().get(i) instanceof Mapping group)) {
                String value = shown(new Field(0, sequence.items().get(i)));
                throw refuse(item, value, "not a group of settings", String.join(", ", known));
            }
            sections.add(new SettingsSection(source, prefix + item + ".", group, known));
        }
        return sections;
    }

    /** A whole number that must be there. */
    int whole(String key, int min, int max) {
        need(key, min + ".." + max);
        return whole(key, 0, min, max);
    }

    /** A whole number. */
    int whole(String key, int fallback, int min, int max) {
        if (!has(key)) {
            return fallback;
        }
        String allowed = min + ".." + max;
        String text = plain(key, "a whole number", allowed);
        if (!WHOLE.matcher(text).matches()) {
            throw refuse(key, text, "not a whole number", allowed);
        }
        return (int) inRange(key, text, number(text), min, max, allowed);
    }

    /** A number of bytes, which may be written with a unit: {@code 64 MiB}. */
    long bytes(String key, long fallback, long min, long max) {
        if (!has(key)) {
            return fallback;
        }
        String allowed = inBytes(min) + ".." + inBytes(max);
        String text = plain(key, "a number of bytes", allowed);
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            throw refuse(key, text, "not a number of bytes such as 65536 or 64 KiB", allowed);
        }
        long count = number(matcher.group(1));
        long unit = matcher.group(2) == null
                ? 1
                : 1L << (10 * (1 + "KMG".indexOf(matcher.group(2).charAt(0))));
        boolean huge = Math.abs(count) > Long.MAX_VALUE / unit;
        return inRange(key, text, huge ? Long.signum(count) * Long.MAX_VALUE : count * unit, min, max, allowed);
    }

    /** {@link #bytes(String, long, long, long)} that fit an int. */
    int bytes(String key, int fallback, int min, int max) {
        return (int) bytes(key, (long) fallback, (long) min, (long) max);
    }

    /** A fraction such as {@code 0.01}. */
    double fraction(String key, double fallback, String min, String max) {
        if (!has(key)) {
            return fallback;
        }
        String allowed = min + ".." + max;
        String text = plain(key, "a number", allowed);
        if (!FRACTION.matcher(text).matches()) {
            throw refuse(key, text, "not a number", allowed);
        }
        double value = Double.parseDouble(text);
        if (value < Double.parseDouble(min) || value > Double.parseDouble(max)) {
            throw refuse(key, text, value < Double.parseDouble(min) ? "too small" : "too large", allowed);
        }
        return value;
    }

    /** True or false. */
    boolean bool(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        String text = plain(key, "true or false", "true, false");
        if (!text.equals("true") && !text.equals("false")) {
            throw refuse(key, text, "neither true nor false", "true, false");
        }
        return text.equals("true");
    }

    /** One of the constants of an enum, in small letters. */
    <E extends Enum<E>> E choice(String key, E fallback) {
        if (!has(key)) {
            return fallback;
        }
        List<String> names = new ArrayList<>();
        for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
            names.add(constant.name().toLowerCase(Locale.ROOT));
        }
        String allowed = String.join(", ", names);
        String text = text(key, allowed);
        if (!names.contains(text)) {
            throw refuse(key, text, null, allowed);
        }
        return Enum.valueOf(fallback.getDeclaringClass(), text.toUpperCase(Locale.ROOT));
    }

    /** Text of a pattern; null if the key is not there and {@code needed} is not set. */
    String matching(String key, boolean needed, Pattern pattern, String allowed) {
        if (!has(key) && !needed) {
            return null;
        }
        need(key, allowed);
        String text = text(key, allowed);
        if (!pattern.matcher(text).matches()) {
            throw refuse(key, text, null, allowed);
        }
        return text;
    }

    /** An address that others can connect to, which must be there. */
    HostPort address(String key) {
        need(key, ADDRESS);
        String text = text(key, ADDRESS);
        HostPort address;
        try {
            address = HostPort.parse(text);
        } catch (IllegalArgumentException e) {
            throw refuse(key, text, "not an address", ADDRESS);
        }
        if (address.port() == 0 || !isHost(address.host())) {
            throw refuse(key, text, "not an address", ADDRESS);
        }
        if (address.host().equals("0.0.0.0") || address.host().matches("[0:]+")) {
            throw refuse(
                    key, text, "nobody can connect to it", "an address that the others can reach; see bindAddress");
        }
        return address;
    }

    /** A host without a port; null if it is not there. */
    String host(String key) {
        String allowed = "a host name or IP address of this machine, without port";
        if (!has(key)) {
            return null;
        }
        String text = text(key, allowed);
        String host = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (!isHost(host)) {
            throw refuse(key, text, "not a host", allowed);
        }
        return host;
    }

    /** Complains of the value of a key. */
    SettingsException refuse(String key, String value, String why, String allowed) {
        return source.refuse(prefix + key, value, why, allowed);
    }

    private static boolean isHost(String host) {
        if (host.indexOf(':') < 0) {
            return HOST.matcher(host).matches()
                    && (!DIGITS_AND_DOTS.matcher(host).matches()
                            || IP4.matcher(host).matches());
        }
        Matcher address = IP6.matcher(host);
        if (!address.matches()) {
            return false;
        }
        try {
            // With a colon in it, it can only be an address, so no name service is asked.
            return InetAddress.getByName(address.group(1)) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Field need(String key, String allowed) {
        Field field = mapping.fields().get(key);
        if (field == null) {
            throw SettingsException.at(source.fileName(), mapping.line(), prefix + key + " is missing", allowed);
        }
        return field;
    }

    private String text(String key, String allowed) {
        Field field = mapping.fields().get(key);
        if (!(field.value() instanceof Scalar scalar)) {
            throw refuse(key, shown(field), "not a single value", allowed);
        }
        if (scalar.plain()
                && (scalar.text().isEmpty()
                        || scalar.text().equals("null")
                        || scalar.text().equals("~"))) {
            throw SettingsException.at(source.fileName(), field.line(), prefix + key + " has no value", allowed);
        }
        return scalar.text();
    }

    private String plain(String key, String what, String allowed) {
        String text = text(key, allowed);
        if (!((Scalar) mapping.fields().get(key).value()).plain()) {
            throw refuse(key, '"' + text + '"', "text, not " + what, allowed);
        }
        return text;
    }

    private long inRange(String key, String text, long value, long min, long max, String allowed) {
        if (value < min || value > max) {
            throw refuse(key, text, value < min ? "too small" : "too large", allowed);
        }
        return value;
    }

    private static long number(String text) {
        if (text.length() > DIGITS_MAX) {
            return text.startsWith("-") ? -Long.MAX_VALUE : Long.MAX_VALUE;
        }
        return Long.parseLong(text);
    }

    /** Bytes with the largest unit that leaves a whole number. */
    static String inBytes(long bytes) {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes >= 1L << shift && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + " " + " KMG".charAt(shift / 10) + "iB";
            }
        }
        return Long.toString(bytes);
    }

    private static String shown(Field field) {
        if (field.value() instanceof Scalar scalar) {
            return scalar.text();
        }
        return field.value() instanceof Mapping ? "a group of settings" : "a list";
    }
}

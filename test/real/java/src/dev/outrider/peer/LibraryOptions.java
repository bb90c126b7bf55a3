package dev.outrider.peer;

import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.util.TimeUtils;

/** The options that this version of the library really has: read from its own class, so nothing can be misspelt. */
final class LibraryOptions {
    private LibraryOptions() {}

    /** All keys, in alphabetical order. */
    static Set<String> keys() {
        return all().stream().map(ConfigOption::key).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The value in force for every key: what was set, else the library's default; null where it has none. */
    static Map<String, Object> effective(Configuration configuration) {
        Map<String, Object> values = new TreeMap<>();
        for (ConfigOption<?> option : all()) {
            try {
                values.put(option.key(), printable(configuration.get(option)));
            } catch (IllegalArgumentException unreadable) {
                throw new Refused(
                        "cannot start the peer: an option has no sense; got " + option.key() + "="
                                + configuration.getString(option.key(), "") + " (" + unreadable.getMessage() + ")");
            }
        }
        return values;
    }

    private static List<ConfigOption<?>> all() {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (var field : AutoScalerOptions.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == ConfigOption.class) {
                try {
                    options.add((ConfigOption<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("cannot read the option " + field.getName(), e);
                }
            }
        }
        return options;
    }

    private static Object printable(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer) {
            return value;
        }
        if (value instanceof Double) {
            // JSON has no infinity.
            return Double.isFinite((Double) value) ? value : value.toString();
        }
        if (value instanceof Duration) {
            return TimeUtils.formatWithHighestUnit((Duration) value);
        }
        if (value instanceof Collection) {
            return ((Collection<?>) value).stream().map(String::valueOf).collect(Collectors.toList());
        }
        return value.toString();
    }
}

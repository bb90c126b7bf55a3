package dev.outrider.oracle;

import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object: names and values in the order given. */
final class Row {
    /** From here on a number in JSON is no longer exact for its reader. */
    private static final long LARGEST_EXACT = 1L << 53;

    private Row() {}

    static Map<String, Object> of(Object... fields) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            row.put((String) fields[i], fields[i + 1]);
        }
        return row;
    }

    /** The number itself, or its digits as text where a double would round it. */
    static Object whole(long value) {
        return Math.abs(value) >= LARGEST_EXACT || value == Long.MIN_VALUE ? Long.toString(value) : (Object) value;
    }
}

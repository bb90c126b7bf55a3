package dev.outrider.peer;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/** What the peer tells: one JSON object a line on standard output. Everything else goes to standard error. */
final class Output {
    private static final int LONGEST_TEXT = 4_000;

    private final ObjectMapper mapper = new ObjectMapper();
    private final PrintStream stream;

    Output(PrintStream stream) {
        this.stream = stream;
    }

    /** Prints a line of this type; fields are name, value, name, value ... in the order of printing. */
    synchronized void print(String type, Object... fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("type", type);
        for (int i = 0; i < fields.length; i += 2) {
            line.put((String) fields[i], fields[i + 1]);
        }
        try {
            stream.println(mapper.writeValueAsString(line));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot print a line of type " + type, e);
        }
        stream.flush();
    }

    void error(long at, String reason, String message) {
        print("error", "at", at, "reason", reason, "message", shorten(message));
    }

    static String shorten(String text) {
        String known = text == null ? "no message" : text;
        return known.length() <= LONGEST_TEXT ? known : known.substring(0, LONGEST_TEXT) + "...";
    }
}

package dev.outrider.loadjob;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The job's command line, {@code --key value} pairs only. Flink has a class for this, but it lives in another
 * package in 2.x than in 1.x, and one jar must run on both.
 */
final class Arguments {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final TreeSet<String> unread = new TreeSet<>();

    Arguments(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException("expected --key value, got " + args[i]);
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
        unread.addAll(values.keySet());
    }

    /** The text of an argument, or the fallback (which may be null) when it is absent. */
    String text(String key, String fallback) {
        unread.remove(key);
        return values.getOrDefault(key, fallback);
    }

    double number(String key, double fallback) {
        String text = text(key, null);
        return text == null ? fallback : Double.parseDouble(text);
    }

    int whole(String key, int fallback) {
        String text = text(key, null);
        return text == null ? fallback : Integer.parseInt(text);
    }

    boolean flag(String key) {
        return Boolean.parseBoolean(text(key, "false"));
    }

    /** Fails when an argument was given that nothing has asked for: a misspelt key must not pass in silence. */
    void refuseUnread() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("unknown arguments: " + String.join(", ", unread));
        }
    }
}

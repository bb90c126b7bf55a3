package dev.outrider.loadjob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How many records the imagined broker has received up to a moment: the integral of a rate that is constant from
 * one line of the rate file to the next. It does not depend on the job, so while the job is down the backlog grows.
 */
final class RateCurve {
    private static final long RELOAD_EVERY_MS = 250;

    private final Path file;
    private long nextReloadMs;
    private long seenLength = -1;
    private long[] startMs = {};
    private double[] rate = {};
    /** Records received before the segment with the same index began. */
    private double[] before = {};

    private RateCurve(Path file) {
        this.file = file;
    }

    /** The same rate for ever, from {@code originMs} on. */
    static RateCurve constant(double recordsPerSecond, long originMs) {
        RateCurve curve = new RateCurve(null);
        curve.startMs = new long[] {originMs};
        curve.rate = new double[] {recordsPerSecond};
        curve.before = new double[] {0};
        return curve;
    }

    /** Lines {@code epochMs recordsPerSecond} in order of time; the file may grow, and may not exist yet. */
    static RateCurve following(String path) {
        return new RateCurve(Path.of(path));
    }

    synchronized long producedBy(long nowMs) {
        reload(nowMs);
        int segment = lastAtOrBefore(nowMs);
        return segment < 0 ? 0 : (long) (before[segment] + rate[segment] * (nowMs - startMs[segment]) / 1000);
    }

    /** The moment at which the record with this number (over all partitions, from 0) was received. */
    synchronized long receivedAt(long number) {
        int segment = Arrays.binarySearch(before, number);
        segment = segment < 0 ? -segment - 2 : segment;
        while (segment > 0 && rate[segment] <= 0) {
            segment--;
        }
        if (segment < 0 || rate[segment] <= 0) {
            return System.currentTimeMillis();
        }
        return startMs[segment] + (long) ((number - before[segment]) / rate[segment] * 1000);
    }

    private int lastAtOrBefore(long nowMs) {
        int segment = startMs.length - 1;
        while (segment >= 0 && startMs[segment] > nowMs) {
            segment--;
        }
        return segment;
    }

    private void reload(long nowMs) {
        if (file == null || nowMs < nextReloadMs) {
            return;
        }
        nextReloadMs = nowMs + RELOAD_EVERY_MS;
        try {
            if (Files.exists(file) && Files.size(file) != seenLength) {
                String text = Files.readString(file);
                // A last line without its line break may still be in the middle of being written.
                parse(text.substring(0, text.lastIndexOf('\n') + 1).split("\n"));
                seenLength = text.length();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the rate file " + file, e);
        }
    }

    private void parse(String[] lines) {
        String[][] rows =
                Arrays.stream(lines).map(line -> line.trim().split("\\s+")).filter(r -> r.length == 2).toArray(String[][]::new);
        startMs = Arrays.stream(rows).mapToLong(row -> Long.parseLong(row[0])).toArray();
        rate = Arrays.stream(rows).mapToDouble(row -> Double.parseDouble(row[1])).toArray();
        before = new double[rows.length];
        for (int i = 1; i < rows.length; i++) {
            before[i] = before[i - 1] + rate[i - 1] * (startMs[i] - startMs[i - 1]) / 1000;
        }
    }
}

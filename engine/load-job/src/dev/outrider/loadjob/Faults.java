package dev.outrider.loadjob;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.flink.api.common.functions.RuntimeContext;

/**
 * What goes wrong on request in vertex "work": an exception some seconds after every start, one at given instants, or
 * one at a certain record whenever it comes by. And a witness: which life of the job processed records, and when.
 */
final class Faults implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long LOOK_EVERY_MS = 250;
    private static final long WITNESS_EVERY_MS = 50;

    private final double failAfterSeconds;
    private final String failAtFile;
    private final int poisonPartition;
    private final long poisonPosition;
    private final String witnessDir;

    private transient long openedMs;
    private transient long nextLookMs;
    private transient long nextWitnessMs;
    private transient long failAtMs;
    private transient Path witness;

    private Faults(double failAfterSeconds, String failAtFile, String poison, String witnessDir) {
        this.failAfterSeconds = failAfterSeconds;
        this.failAtFile = failAtFile;
        this.witnessDir = witnessDir;
        String[] parts = poison == null ? new String[] {"-1", "-1"} : poison.split(":");
        if (parts.length != 2) {
            throw new IllegalArgumentException("--poison must be PARTITION:POSITION, got " + poison);
        }
        this.poisonPartition = Integer.parseInt(parts[0]);
        this.poisonPosition = Long.parseLong(parts[1]);
    }

    static Faults from(Arguments args) {
        return new Faults(
                args.number("fail-after-s", 0),
                args.text("fail-at-file", null),
                args.text("poison", null),
                args.text("witness-dir", null));
    }

    static Faults none() {
        return new Faults(0, null, null, null);
    }

    void open(RuntimeContext context) {
        openedMs = System.currentTimeMillis();
        failAtMs = failAfterSeconds > 0 ? openedMs + (long) (failAfterSeconds * 1000) : Long.MAX_VALUE;
        if (witnessDir != null) {
            String life = context.getJobInfo().getJobId().toString();
            int subtask = context.getTaskInfo().getIndexOfThisSubtask();
            witness = Path.of(witnessDir, life + "-" + subtask + "-" + openedMs);
        }
    }

    /** Called for every record, before any time is spent on it. */
    void meet(Event event) {
        if (event.partition == poisonPartition && event.position == poisonPosition) {
            throw new PoisonRecordException(event.partition, event.position);
        }
        long now = System.currentTimeMillis();
        if (now >= nextLookMs && failAtFile != null) {
            nextLookMs = now + LOOK_EVERY_MS;
            failAtMs = Math.min(failAtMs, nextFailure());
        }
        if (now >= failAtMs) {
            throw new IllegalStateException("asked to fail, " + (now - openedMs) + " ms after the start");
        }
        if (witness != null && now >= nextWitnessMs) {
            nextWitnessMs = now + WITNESS_EVERY_MS;
            append(witness, now + "\n");
        }
    }

    /** The first instant in the file after this start; those before it have been served by an earlier one. */
    private long nextFailure() {
        Path file = Path.of(failAtFile);
        try {
            return !Files.exists(file)
                    ? Long.MAX_VALUE
                    : Files.readAllLines(file).stream()
                            .filter(line -> !line.isBlank())
                            .mapToLong(line -> Long.parseLong(line.trim()))
                            .filter(at -> at > openedMs)
                            .min()
                            .orElse(Long.MAX_VALUE);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}

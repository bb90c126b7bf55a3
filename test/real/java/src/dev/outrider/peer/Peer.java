package dev.outrider.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The published Flink autoscaler, driving one Flink over REST. Live it makes a pass every {@code loop}; stepped it
 * makes one per line {@code pass EPOCH_MS} of standard input, at that time. Both end when standard input ends, so it
 * never outlives the process that started it.
 */
public final class Peer {
    private static final Pattern PASS = Pattern.compile("pass ([0-9]{1,15})");

    private Peer() {}

    public static void main(String[] args) throws Exception {
        // The library logs through standard streams; ours must hold nothing but JSON lines.
        Output output = new Output(new PrintStream(System.out, false, StandardCharsets.UTF_8));
        System.setOut(System.err);
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            Arguments arguments = new Arguments(args);
            var options = LibraryOptions.effective(arguments.autoscalerOptions);
            PeerClock clock = new PeerClock();
            Autoscaler autoscaler = new Autoscaler(arguments, clock, output);
            output.print("options", "mode", arguments.stepped ? "stepped" : "live",
                    "loopMs", arguments.loop.toMillis(), "options", options);
            if (arguments.stepped) {
                runStepped(autoscaler, clock, output, input);
            } else {
                endWith(input);
                runLive(autoscaler, clock, output, arguments.loop.toMillis());
            }
            System.exit(0);
        } catch (Refused e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void runStepped(Autoscaler autoscaler, PeerClock clock, Output output, BufferedReader input)
            throws IOException {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Matcher pass = PASS.matcher(line);
            if (!pass.matches()) {
                throw new Refused("cannot make a pass: not a command; got " + line + ", expected pass EPOCH_MS");
            }
            clock.set(Long.parseLong(pass.group(1)));
            int jobs = autoscaler.pass();
            output.print("done", "at", clock.millis(), "jobs", jobs);
        }
    }

    private static void runLive(Autoscaler autoscaler, PeerClock clock, Output output, long loopMs)
            throws InterruptedException {
        long next = System.nanoTime();
        while (true) {
            long at = clock.millis();
            int jobs = autoscaler.pass();
            output.print("done", "at", at, "jobs", jobs);
            next += loopMs * 1_000_000;
            long wait = (next - System.nanoTime()) / 1_000_000;
            if (wait > 0) {
                Thread.sleep(wait);
            } else {
                // A pass that took longer than the loop is not followed by a burst of others.
                next = System.nanoTime();
            }
        }
    }

    private static void endWith(BufferedReader input) {
        Thread watcher = new Thread(() -> {
            try {
                while (input.readLine() != null) {
                    // Live, nothing is asked of the peer; only the end of the input means something.
                }
            } catch (IOException closed) {
                // Closed is ended.
            }
            System.exit(0);
        }, "input");
        watcher.setDaemon(true);
        watcher.start();
    }
}

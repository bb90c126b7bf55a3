package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Vertex "work": costs time per record and, on request, fails some seconds after every start. */
final class WorkFunction extends RichMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final double costMs;
    private final double failAfterSeconds;
    private final Pacer pacer;
    private transient long failAtNanos;

    /** {@code failAfterSeconds} of 0 or less: never fail. */
    WorkFunction(double costMs, boolean burnCpu, double failAfterSeconds) {
        this.costMs = costMs;
        this.failAfterSeconds = failAfterSeconds;
        this.pacer = new Pacer(burnCpu);
    }

    @Override
    public void open(OpenContext context) {
        failAtNanos = System.nanoTime() + (long) (failAfterSeconds * 1e9);
    }

    @Override
    public Event map(Event event) {
        if (failAfterSeconds > 0 && System.nanoTime() - failAtNanos >= 0) {
            throw new IllegalStateException("asked to fail " + failAfterSeconds + " s after the start");
        }
        pacer.spend(costMs);
        return event;
    }
}

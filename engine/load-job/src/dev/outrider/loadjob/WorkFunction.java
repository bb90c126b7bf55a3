package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Vertex "work": waits and computes for a given time per record and, on request, fails. */
class WorkFunction extends RichMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final double waitMs;
    private final double coreMs;
    private final Faults faults;
    private final Pacer pacer = new Pacer();
    private final CoreTime core = new CoreTime();

    WorkFunction(double waitMs, double coreMs, Faults faults) {
        this.waitMs = waitMs;
        this.coreMs = coreMs;
        this.faults = faults;
    }

    @Override
    public void open(OpenContext context) {
        faults.open(getRuntimeContext());
    }

    @Override
    public Event map(Event event) {
        faults.meet(event);
        core.spend(coreMs);
        pacer.spend(waitMs);
        return event;
    }
}

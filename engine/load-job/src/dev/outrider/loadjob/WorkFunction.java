package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Vertex "work": costs time per record and, on request, fails. */
class WorkFunction extends RichMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final double costMs;
    private final Faults faults;
    private final Pacer pacer;

    WorkFunction(double costMs, boolean burnCpu, Faults faults) {
        this.costMs = costMs;
        this.faults = faults;
        this.pacer = new Pacer(burnCpu);
    }

    @Override
    public void open(OpenContext context) {
        faults.open(getRuntimeContext());
    }

    @Override
    public Event map(Event event) {
        faults.meet(event);
        pacer.spend(costMs);
        return event;
    }
}

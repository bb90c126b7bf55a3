package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * A vertex whose busy share follows a sine and has nothing to do with the rate of records, which is constant. Every tick
 * makes each subtask busy for its share of the time until the next one. Where subtasks are too few they are busy all of
 * the time, and ticks wait.
 */
final class SimulatedLoad extends RichFlatMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final double maxLoad;
    private final double periodMs;
    private final double tickMs;
    private final long originMs;
    private final Pacer pacer = new Pacer();

    SimulatedLoad(double maxLoad, double periodMs, double tickMs, long originMs) {
        this.maxLoad = maxLoad;
        this.periodMs = periodMs;
        this.tickMs = tickMs;
        this.originMs = originMs;
    }

    @Override
    public void flatMap(Event event, Collector<Event> out) {
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        // Every subtask hears every tick, and one of them passes it on: the rate does not depend on the parallelism.
        // It goes on first, so that the next vertex does not wait for this one's work.
        if (event.position % parallelism == getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()) {
            out.collect(event);
        }
        pacer.spend(tickMs * maxLoad / parallelism * amplitude(System.currentTimeMillis()));
    }

    /** Half at the start, 1 after a quarter of the period, 0 after three quarters. */
    private double amplitude(long nowMs) {
        return 0.5 + 0.5 * Math.sin(2 * Math.PI * (nowMs - originMs) / periodMs);
    }
}

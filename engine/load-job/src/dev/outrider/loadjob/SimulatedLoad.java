package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * A vertex whose busy share follows a sine and has nothing to do with the rate of records. In every sampling
 * interval the first record makes the subtask busy for its share; all other records of the interval cost nothing. Even
 * with too few subtasks it lets them pass at the end of the interval: that it is short shows in its busy time only.
 */
final class SimulatedLoad extends RichFlatMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;
    /** Of every interval, left for the other records. */
    private static final double LEFT_FREE = 0.03;

    private final double maxLoad;
    private final double periodMs;
    private final long samplingMs;
    private final long originMs;
    private final Pacer pacer = new Pacer();
    private transient long seenInterval;

    SimulatedLoad(double maxLoad, double periodMs, long samplingMs, long originMs) {
        this.maxLoad = maxLoad;
        this.periodMs = periodMs;
        this.samplingMs = samplingMs;
        this.originMs = originMs;
    }

    @Override
    public void flatMap(Event event, Collector<Event> out) {
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        // Every subtask hears every tick, and one of them passes it on: the rate does not depend on the parallelism.
        // It goes on first, so that the next vertex does not hear of the interval only near its end.
        if (event.position % parallelism == getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()) {
            out.collect(event);
        }
        long nowMs = System.currentTimeMillis();
        long interval = nowMs / samplingMs;
        if (interval == seenInterval) {
            return;
        }
        seenInterval = interval;
        double busyMs = samplingMs * maxLoad / parallelism * amplitude(nowMs);
        double leftMs = (interval + 1) * samplingMs - nowMs - LEFT_FREE * samplingMs;
        pacer.spend(Math.max(0, Math.min(busyMs, leftMs)));
    }

    /** Half at the start, 1 after a quarter of the period, 0 after three quarters. */
    private double amplitude(long nowMs) {
        return 0.5 + 0.5 * Math.sin(2 * Math.PI * (nowMs - originMs) / periodMs);
    }
}

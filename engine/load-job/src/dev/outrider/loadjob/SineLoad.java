package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * A vertex whose busy share follows a sine and has nothing to do with the rate of records. In every sampling
 * interval the first record makes the subtask busy for its share; all other records of the interval cost nothing.
 */
final class SineLoad extends RichFlatMapFunction<Event, Event> {
    private static final long serialVersionUID = 1L;

    private final double maxLoad;
    private final double periodMs;
    private final long samplingMs;
    private final long originMs;
    private final Pacer pacer = new Pacer(false);
    private transient long seenInterval;

    SineLoad(double maxLoad, double periodMs, long samplingMs, long originMs) {
        this.maxLoad = maxLoad;
        this.periodMs = periodMs;
        this.samplingMs = samplingMs;
        this.originMs = originMs;
    }

    @Override
    public void flatMap(Event event, Collector<Event> out) {
        long nowMs = System.currentTimeMillis();
        long interval = nowMs / samplingMs;
        if (interval == seenInterval) {
            return;
        }
        seenInterval = interval;
        int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        // The tick goes on first, so that the next vertex does not hear of the interval only near its end.
        out.collect(event);
        pacer.spend(samplingMs * Math.min(1, maxLoad / parallelism * amplitude(nowMs)));
    }

    /** Half at the start, 1 after a quarter of the period, 0 after three quarters. */
    private double amplitude(long nowMs) {
        return 0.5 + 0.5 * Math.sin(2 * Math.PI * (nowMs - originMs) / periodMs);
    }
}

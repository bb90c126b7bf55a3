package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.AggregateFunction;

/** Vertex "count" with windows: counts the records of one key in one window; Flink drops and counts late ones. */
final class CountAggregate implements AggregateFunction<Event, Long, Long> {
    private static final long serialVersionUID = 1L;

    private final double costMs;
    private final Pacer pacer = new Pacer();

    CountAggregate(double costMs) {
        this.costMs = costMs;
    }

    @Override
    public Long createAccumulator() {
        return 0L;
    }

    @Override
    public Long add(Event event, Long count) {
        pacer.spend(costMs);
        return count + 1;
    }

    @Override
    public Long getResult(Long count) {
        return count;
    }

    @Override
    public Long merge(Long left, Long right) {
        return left + right;
    }
}

package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Vertex "count": counts records per key in keyed state, and emits the count so far with every record. */
final class CountFunction extends KeyedProcessFunction<Long, Event, Long> {
    private static final long serialVersionUID = 1L;

    private final double costMs;
    private final Pacer pacer = new Pacer();
    private transient ValueState<Long> count;

    CountFunction(double costMs) {
        this.costMs = costMs;
    }

    @Override
    public void open(OpenContext context) {
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
    }

    @Override
    public void processElement(Event event, Context context, Collector<Long> out) throws Exception {
        Long before = count.value();
        long now = before == null ? 1 : before + 1;
        count.update(now);
        pacer.spend(costMs);
        out.collect(now);
    }
}

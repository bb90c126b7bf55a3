package dev.outrider.loadjob;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Mode "sine": branches of vertices with rising and falling load, after the LoadSimulationPipeline example of the
 * Flink Kubernetes operator. Records are only a tick here: each one is broadcast, so every subtask hears it.
 */
final class SinePipeline {
    private static final String DEFAULT_BRANCHES = "1;2;4;8;16;|16;8;4;2;1|8;4;16;1;2";
    private static final int TICKS_PER_INTERVAL = 10;

    private SinePipeline() {}

    static void build(StreamExecutionEnvironment env, Arguments args) {
        long samplingMs = args.whole("sampling-interval-ms", 1000);
        double periodMs = args.number("repeats-after-minutes", 60) * 60_000;
        String[] branches = args.text("max-load-per-task", DEFAULT_BRANCHES).split("[|\n]");
        long originMs = System.currentTimeMillis();
        EventPlan plan = new EventPlan(1, 0, 0, 0);
        LoadSource source = new LoadSource(1, 0, null, TICKS_PER_INTERVAL * 1000.0 / samplingMs, plan);
        DataStream<Event> ticks = env.fromSource(source, WatermarkStrategy.noWatermarks(), "gen").uid("gen");
        for (int branch = 0; branch < branches.length; branch++) {
            DataStream<Event> stream = ticks;
            String[] loads = branches[branch].split(";");
            for (int step = 0; step < loads.length; step++) {
                double maxLoad = Double.parseDouble(loads[step]);
                String name = "load-" + (branch + 1) + "-" + (step + 1);
                stream = stream.broadcast()
                        .flatMap(new SineLoad(maxLoad, periodMs, samplingMs, originMs))
                        .name(name + " (max " + maxLoad + ")")
                        .uid(name);
            }
            String sink = "drop-" + (branch + 1);
            stream.broadcast().sinkTo(new DiscardingSink<>()).name(sink).uid(sink);
        }
    }
}

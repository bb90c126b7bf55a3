package dev.outrider.loadjob;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Mode "load-simulation": branches of vertices with rising and falling load, as the LoadSimulationPipeline example of
 * the Flink Kubernetes operator has them, with its arguments and vertex names. Records are only a tick: each is
 * broadcast, so that every subtask hears of every interval (the example deals ticks out, and of many subtasks most
 * hear of none and stay idle).
 */
final class LoadSimulationPipeline {
    private static final String DEFAULT_BRANCHES = "1;2;4;8;16;\n16;8;4;2;1\n8;4;16;1;2";
    private static final int TICKS_PER_INTERVAL = 10;

    private LoadSimulationPipeline() {}

    static void build(StreamExecutionEnvironment env, Arguments args) {
        double tickMs = (double) args.whole("samplingIntervalMs", 1000) / TICKS_PER_INTERVAL;
        double periodMs = args.number("repeatsAfterMinutes", 60) * 60_000;
        String[] branches = args.text("maxLoadPerTask", DEFAULT_BRANCHES).split("[|\n]");
        long originMs = System.currentTimeMillis();
        for (int branch = 1; branch <= branches.length; branch++) {
            DataStream<Event> stream = ticks(env, tickMs, branch);
            String[] loads = branches[branch - 1].split(";");
            for (int step = 1; step <= loads.length; step++) {
                double maxLoad = Double.parseDouble(loads[step - 1].trim());
                stream = stream.broadcast()
                        .flatMap(new SimulatedLoad(maxLoad, periodMs, tickMs, originMs))
                        .name("MaxLoad: " + maxLoad)
                        .uid("load-" + branch + "-" + step);
            }
            String sink = "drop-" + branch;
            stream.broadcast().sinkTo(new DiscardingSink<>()).name(sink).uid(sink);
        }
    }

    /** Each branch has a source of its own, so that a branch that cannot keep up holds no other back. */
    private static DataStream<Event> ticks(StreamExecutionEnvironment env, double tickMs, int branch) {
        EventPlan plan = new EventPlan(1, 0, 0, 0);
        LoadSource source = new LoadSource(1, 0, null, 1000 / tickMs, plan);
        String name = "gen-" + branch;
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), name).uid(name);
    }
}

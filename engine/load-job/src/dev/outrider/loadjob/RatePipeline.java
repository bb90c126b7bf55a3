package dev.outrider.loadjob;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/** Mode "rate": gen, work, count, drop, each a vertex of its own with a known cost per record. */
final class RatePipeline {
    private RatePipeline() {}

    static void build(StreamExecutionEnvironment env, Arguments args) {
        DataStream<Event> events = env.fromSource(source(args), watermarks(args), "gen").uid("gen");
        double workMs = args.number("work-ms", 2);
        double coreMs = args.number("cpu-ms", 0);
        Faults faults = Faults.from(args);
        WorkFunction work = args.flag("operator-state")
                ? new RememberingWork(workMs, coreMs, faults)
                : new WorkFunction(workMs, coreMs, faults);
        KeyedStream<Event, Long> keyed =
                events.rebalance().map(work).name("work").uid("work").keyBy(event -> event.key, Types.LONG);
        DataStream<Long> counts = counts(keyed, args.number("count-ms", 1), args.whole("window-ms", 0));
        double cap = args.number("sink-cap", 0);
        counts.sinkTo(cap > 0 ? new CappedSink<>(cap) : new DiscardingSink<>()).name("drop").uid("drop");
        buildTwin(events, args.number("twin-ms", 0));
        if (args.flag("finite-branch")) {
            buildFiniteBranch(env);
        }
    }

    /** A second reader of the same records, with a sink that takes all it gets: what bounds the first does not bound it. */
    private static void buildTwin(DataStream<Event> events, double costMs) {
        if (costMs <= 0) {
            return;
        }
        events.rebalance()
                .map(new WorkFunction(costMs, 0, Faults.none()))
                .name("twin")
                .uid("twin")
                .sinkTo(new DiscardingSink<>())
                .name("twin-drop")
                .uid("twin-drop");
    }

    /** A second source that ends at once: from then on its operators are finished in every checkpoint. */
    private static void buildFiniteBranch(StreamExecutionEnvironment env) {
        NumberSequenceSource few = new NumberSequenceSource(1, 10);
        env.fromSource(few, WatermarkStrategy.noWatermarks(), "few")
                .uid("few")
                .sinkTo(new DiscardingSink<>())
                .name("few-drop")
                .uid("few-drop");
    }

    private static LoadSource source(Arguments args) {
        EventPlan plan = new EventPlan(
                args.whole("keys", 1000),
                args.number("hot-key-share", 0),
                args.number("late-share", 0),
                args.whole("late-by-ms", 60_000));
        return new LoadSource(
                args.whole("partitions", 24),
                args.whole("idle-partitions", 0),
                args.text("rate-file", null),
                args.number("rate", 100),
                plan,
                args.whole("finish-subtask", -1));
    }

    private static WatermarkStrategy<Event> watermarks(Arguments args) {
        Duration disorder = Duration.ofMillis(args.whole("out-of-order-ms", 1000));
        int idleMs = args.whole("idle-timeout-ms", 10_000);
        WatermarkStrategy<Event> bounded = WatermarkStrategy.forBoundedOutOfOrderness(disorder);
        return idleMs > 0 ? bounded.withIdleness(Duration.ofMillis(idleMs)) : bounded;
    }

    private static DataStream<Long> counts(KeyedStream<Event, Long> keyed, double costMs, int windowMs) {
        if (windowMs == 0) {
            return keyed.process(new CountFunction(costMs)).name("count").uid("count");
        }
        return keyed.window(TumblingEventTimeWindows.of(Duration.ofMillis(windowMs)))
                .aggregate(new CountAggregate(costMs))
                .name("count")
                .uid("count");
    }
}

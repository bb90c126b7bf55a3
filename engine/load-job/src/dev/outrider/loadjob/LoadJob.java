package dev.outrider.loadjob;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Entry point of the load job; the arguments are in the README beside the sources. */
public final class LoadJob {
    private LoadJob() {}

    public static void main(String[] argv) throws Exception {
        Arguments args = new Arguments(argv);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.disableOperatorChaining();
        env.setMaxParallelism(args.whole("max-parallelism", 128));
        configureCheckpoints(env, args);
        String mode = args.text("mode", "rate");
        String name = args.text("job-name", "outrider-load");
        switch (mode) {
            case "rate":
                RatePipeline.build(env, args);
                break;
            case "load-simulation":
                LoadSimulationPipeline.build(env, args);
                break;
            default:
                throw new IllegalArgumentException("--mode must be rate or load-simulation, got " + mode);
        }
        args.refuseUnread();
        env.execute(name);
    }

    private static void configureCheckpoints(StreamExecutionEnvironment env, Arguments args) {
        int intervalMs = args.whole("checkpoint-interval-ms", 0);
        if ("off".equals(args.text("checkpoint", "on"))) {
            env.getCheckpointConfig().disableCheckpointing();
        } else if (intervalMs > 0) {
            env.enableCheckpointing(intervalMs);
        }
    }
}

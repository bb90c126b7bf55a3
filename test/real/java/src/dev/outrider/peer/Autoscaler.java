package dev.outrider.peer;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.autoscaler.JobAutoScalerImpl;
import org.apache.flink.autoscaler.PeerClocks;
import org.apache.flink.autoscaler.RestApiMetricsCollector;
import org.apache.flink.autoscaler.ScalingExecutor;
import org.apache.flink.autoscaler.ScalingMetricEvaluator;
import org.apache.flink.autoscaler.config.AutoScalerOptions;
import org.apache.flink.autoscaler.state.InMemoryAutoScalerStateStore;
import org.apache.flink.autoscaler.utils.JobStatusUtils;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobsOverviewHeaders;

/** The library's autoscaler, put together as its standalone module does it, for the jobs of one Flink. */
final class Autoscaler {
    private final PeerClock clock;
    private final Output output;
    private final Configuration configuration;
    private final FlinkClient client;
    private final JobAutoScalerImpl<JobID, JobAutoScalerContext<JobID>> library;
    private Set<JobID> known = new HashSet<>();

    Autoscaler(Arguments arguments, PeerClock clock, Output output) throws Exception {
        this.clock = clock;
        this.output = output;
        this.configuration = arguments.autoscalerOptions;
        var timeout = configuration.get(AutoScalerOptions.FLINK_CLIENT_TIMEOUT);
        this.client = new FlinkClient(arguments.url, configuration, timeout);
        var events = new Events(clock, output);
        var state = new InMemoryAutoScalerStateStore<JobID, JobAutoScalerContext<JobID>>();
        var collector = new RestApiMetricsCollector<JobID, JobAutoScalerContext<JobID>>();
        var executor = new ScalingExecutor<JobID, JobAutoScalerContext<JobID>>(events, state);
        library = new JobAutoScalerImpl<>(
                collector, new ScalingMetricEvaluator(), executor, events, new Realizer(clock, output), state);
        PeerClocks.set(clock, library, collector, executor);
    }

    /** One pass over all running jobs; returns how many there were. What fails is printed and ends nothing. */
    int pass() {
        Iterable<JobStatusMessage> jobs;
        try {
            jobs = JobStatusUtils.toJobStatusMessage(client.sendRequest(
                            JobsOverviewHeaders.getInstance(),
                            EmptyMessageParameters.getInstance(),
                            EmptyRequestBody.getInstance())
                    .get());
        } catch (Exception e) {
            output.error(clock.millis(), "JobListFailed", String.valueOf(e.getMessage()));
            return 0;
        }
        Set<JobID> seen = new HashSet<>();
        int running = 0;
        for (JobStatusMessage job : jobs) {
            if (job.getJobState().isGloballyTerminalState()) {
                continue;
            }
            seen.add(job.getJobId());
            // RUNNING here means that all tasks run: the library must not judge a job that restarts.
            if (job.getJobState() == JobStatus.RUNNING) {
                running++;
                scale(job);
            }
        }
        known.removeAll(seen);
        known.forEach(library::cleanup);
        known = seen;
        return running;
    }

    private void scale(JobStatusMessage job) {
        try {
            library.scale(new JobAutoScalerContext<>(
                    job.getJobId(),
                    job.getJobId(),
                    job.getJobState(),
                    configuration,
                    new UnregisteredMetricsGroup(),
                    () -> client));
        } catch (Exception e) {
            output.error(clock.millis(), "PassFailed", job.getJobId() + ": " + e);
        }
    }
}

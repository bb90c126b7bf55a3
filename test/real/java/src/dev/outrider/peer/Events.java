package dev.outrider.peer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.autoscaler.ScalingSummary;
import org.apache.flink.autoscaler.event.AutoScalerEventHandler;
import org.apache.flink.runtime.jobgraph.JobVertexID;

/**
 * Prints what the library says. It says the same thing on every pass and leaves it to the handler to tell it once per
 * interval, as the published handlers for Kubernetes and databases do.
 */
final class Events implements AutoScalerEventHandler<JobID, JobAutoScalerContext<JobID>> {
    private static final int MOST_KEYS = 1_000;

    private final PeerClock clock;
    private final Output output;
    private final Map<String, Long> toldAt = new HashMap<>();

    Events(PeerClock clock, Output output) {
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void handleEvent(
            JobAutoScalerContext<JobID> context,
            Type type,
            String reason,
            String message,
            String messageKey,
            Duration interval) {
        long now = clock.millis();
        if (interval != null) {
            String key = context.getJobKey() + " " + reason + " " + (messageKey == null ? message : messageKey);
            Long told = toldAt.get(key);
            if (told != null && now < told + interval.toMillis()) {
                return;
            }
            if (toldAt.size() >= MOST_KEYS) {
                toldAt.clear();
            }
            toldAt.put(key, now);
        }
        if (reason.equals("AutoscalerError")) {
            output.error(now, reason, message);
        } else {
            output.print("event", "at", now, "job", context.getJobKey().toString(), "level", type.toString(),
                    "reason", reason, "message", Output.shorten(message));
        }
    }

    /** A report of a rescale is always told; of one that is switched off, once per interval and proposal. */
    @Override
    public void handleScalingEvent(
            JobAutoScalerContext<JobID> context,
            Map<JobVertexID, ScalingSummary> summaries,
            String message,
            Duration interval) {
        boolean off = !message.equals(SCALING_SUMMARY_HEADER_SCALING_EXECUTION_ENABLED);
        String key = off ? AutoScalerEventHandler.getParallelismHashCode(summaries) : null;
        String report = AutoScalerEventHandler.scalingReport(summaries, message);
        handleEvent(context, Type.Normal, SCALING_REPORT_REASON, report, key, off ? interval : null);
    }
}

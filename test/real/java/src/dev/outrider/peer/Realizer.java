package dev.outrider.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.autoscaler.JobAutoScalerContext;
import org.apache.flink.autoscaler.realizer.ScalingRealizer;
import org.apache.flink.autoscaler.tuning.ConfigChanges;
import org.apache.flink.runtime.jobgraph.JobResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements;
import org.apache.flink.runtime.jobgraph.JobVertexResourceRequirements.Parallelism;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.job.JobResourceRequirementsBody;
import org.apache.flink.runtime.rest.messages.job.JobResourceRequirementsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobResourcesRequirementsUpdateHeaders;

/**
 * Carries out what the library wants, in the way of its standalone module: lower bound 1, upper bound the wanted
 * parallelism, and a PUT only where something differs. The library calls it on every pass once it has decided.
 */
final class Realizer implements ScalingRealizer<JobID, JobAutoScalerContext<JobID>> {
    private final PeerClock clock;
    private final Output output;

    Realizer(PeerClock clock, Output output) {
        this.clock = clock;
        this.output = output;
    }

    @Override
    public void realizeParallelismOverrides(JobAutoScalerContext<JobID> context, Map<String, String> overrides)
            throws Exception {
        var client = context.getRestClusterClient();
        var job = new JobMessageParameters();
        job.jobPathParameter.resolve(context.getJobID());
        var current = client.sendRequest(JobResourceRequirementsHeaders.INSTANCE, job, EmptyRequestBody.getInstance())
                .get()
                .asJobResourceRequirements()
                .orElseThrow(() -> new IllegalStateException("Flink told no resource requirements"))
                .getJobVertexParallelisms();
        Map<JobVertexID, JobVertexResourceRequirements> wanted = new HashMap<>(current);
        for (JobVertexID vertex : current.keySet()) {
            String override = overrides.get(vertex.toHexString());
            if (override != null) {
                wanted.put(vertex, new JobVertexResourceRequirements(new Parallelism(1, Integer.parseInt(override))));
            }
        }
        if (wanted.equals(current)) {
            return;
        }
        client.sendRequest(
                        JobResourcesRequirementsUpdateHeaders.INSTANCE,
                        job,
                        new JobResourceRequirementsBody(new JobResourceRequirements(wanted)))
                .get();
        Map<String, Integer> parallelism = new TreeMap<>();
        wanted.forEach((vertex, need) -> parallelism.put(vertex.toHexString(), need.getParallelism().getUpperBound()));
        output.print("put", "at", clock.millis(), "job", context.getJobID().toString(), "parallelism", parallelism);
    }

    /** Memory cannot be changed over REST; the standalone module does not try either. */
    @Override
    public void realizeConfigOverrides(JobAutoScalerContext<JobID> context, ConfigChanges changes) {}
}

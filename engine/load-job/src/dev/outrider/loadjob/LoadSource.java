package dev.outrider.loadjob;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A source that behaves like a topic in a broker: a fixed number of partitions that fill at a given rate whether
 * the job runs or not, read from a position that is the job's state.
 */
final class LoadSource implements Source<Event, LoadSplit, List<LoadSplit>> {
    private static final long serialVersionUID = 1L;

    private final int partitions;
    private final int activePartitions;
    private final String rateFile;
    private final double rate;
    private final EventPlan plan;
    private final int finishingSubtask;
    private final long originMs = System.currentTimeMillis();

    LoadSource(int partitions, int idlePartitions, String rateFile, double rate, EventPlan plan) {
        this(partitions, idlePartitions, rateFile, rate, plan, -1);
    }

    /**
     * Either {@code rateFile} is the path of a rate file or, when it is null, {@code rate} holds for ever. The reader
     * with the index {@code finishingSubtask} ends at once (-1: none does), and nobody reads its partitions.
     */
    LoadSource(
            int partitions, int idlePartitions, String rateFile, double rate, EventPlan plan, int finishingSubtask) {
        if (partitions < 1 || idlePartitions < 0 || idlePartitions >= partitions) {
            throw new IllegalArgumentException("at least one of the partitions must be active");
        }
        this.partitions = partitions;
        this.activePartitions = partitions - idlePartitions;
        this.rateFile = rateFile;
        this.rate = rate;
        this.plan = plan;
        this.finishingSubtask = finishingSubtask;
    }

    boolean finishes(int subtask) {
        return subtask == finishingSubtask;
    }

    /** A constant rate begins at the origin, which a restored split brings along. */
    RateCurve curve(long splitOriginMs) {
        return rateFile == null ? RateCurve.constant(rate, splitOriginMs) : RateCurve.following(rateFile);
    }

    /** How many of {@code total} records fell to this partition: they are dealt out in turn, the last K get none. */
    long availableIn(int partition, long total) {
        return partition >= activePartitions ? 0 : (total - partition + activePartitions - 1) / activePartitions;
    }

    /** Number over all partitions of the record at a position of one partition. */
    long numberOf(int partition, long position) {
        return position * activePartitions + partition;
    }

    Event event(int partition, long position, long receivedMs) {
        return plan.event(partition, position, receivedMs);
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<Event, LoadSplit> createReader(SourceReaderContext context) {
        return new LoadReader(this, context);
    }

    @Override
    public SplitEnumerator<LoadSplit, List<LoadSplit>> createEnumerator(SplitEnumeratorContext<LoadSplit> context) {
        List<LoadSplit> all = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            all.add(new LoadSplit(partition, 0, originMs));
        }
        return new LoadEnumerator(context, all);
    }

    @Override
    public SplitEnumerator<LoadSplit, List<LoadSplit>> restoreEnumerator(
            SplitEnumeratorContext<LoadSplit> context, List<LoadSplit> unassigned) {
        return new LoadEnumerator(context, unassigned);
    }

    @Override
    public SimpleVersionedSerializer<LoadSplit> getSplitSerializer() {
        return new LoadSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<List<LoadSplit>> getEnumeratorCheckpointSerializer() {
        return new LoadSplit.ListSerializer();
    }
}

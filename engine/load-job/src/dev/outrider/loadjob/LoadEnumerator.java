package dev.outrider.loadjob;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Hands partition {@code i} to reader {@code i mod parallelism}; after a rescale Flink spreads reader state itself. */
final class LoadEnumerator implements SplitEnumerator<LoadSplit, List<LoadSplit>> {
    private final SplitEnumeratorContext<LoadSplit> context;
    private final List<LoadSplit> unassigned;

    LoadEnumerator(SplitEnumeratorContext<LoadSplit> context, List<LoadSplit> unassigned) {
        this.context = context;
        this.unassigned = new ArrayList<>(unassigned);
    }

    @Override
    public void start() {}

    @Override
    public void addReader(int subtask) {
        for (Iterator<LoadSplit> left = unassigned.iterator(); left.hasNext(); ) {
            LoadSplit split = left.next();
            if (split.partition % context.currentParallelism() == subtask) {
                context.assignSplit(split, subtask);
                left.remove();
            }
        }
    }

    @Override
    public void addSplitsBack(List<LoadSplit> splits, int subtask) {
        unassigned.addAll(splits);
        context.registeredReaders().keySet().forEach(this::addReader);
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {}

    @Override
    public List<LoadSplit> snapshotState(long checkpointId) {
        return new ArrayList<>(unassigned);
    }

    @Override
    public void close() {}
}

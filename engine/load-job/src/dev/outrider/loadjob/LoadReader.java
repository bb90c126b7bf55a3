package dev.outrider.loadjob;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.Counter;

/** Reads its partitions in turn, one record per poll, and reports what it has not read yet as pendingRecords. */
final class LoadReader implements SourceReader<Event, LoadSplit> {
    private static final long LOOK_EVERY_MS = 2;
    private static final long SLEEP_MS = 10;

    private final LoadSource source;
    private final SourceReaderContext context;
    private final Counter recordsIn;
    /** Read by the metrics thread too. */
    private final List<Assigned> splits = new CopyOnWriteArrayList<>();

    private volatile RateCurve curve;
    private long produced;
    private long nextLookMs;
    private int turn;

    LoadReader(LoadSource source, SourceReaderContext context) {
        this.source = source;
        this.context = context;
        this.recordsIn = context.metricGroup().getIOMetricGroup().getNumRecordsInCounter();
    }

    @Override
    public void start() {
        context.metricGroup().setPendingRecordsGauge(this::pending);
    }

    @Override
    public void addSplits(List<LoadSplit> added) {
        if (curve == null && !added.isEmpty()) {
            curve = source.curve(added.get(0).originMs);
        }
        added.forEach(split -> splits.add(new Assigned(split)));
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Event> output) {
        if (source.finishes(context.getIndexOfSubtask())) {
            return InputStatus.END_OF_INPUT;
        }
        long nowMs = System.currentTimeMillis();
        if (nowMs >= nextLookMs && curve != null) {
            produced = curve.producedBy(nowMs);
            nextLookMs = nowMs + LOOK_EVERY_MS;
        }
        for (int tried = 0; tried < splits.size(); tried++) {
            turn = (turn + 1) % splits.size();
            Assigned split = splits.get(turn);
            if (split.position < source.availableIn(split.partition, produced)) {
                split.emit(output);
                recordsIn.inc();
                return InputStatus.MORE_AVAILABLE;
            }
        }
        return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return new CompletableFuture<Void>().completeOnTimeout(null, SLEEP_MS, TimeUnit.MILLISECONDS);
    }

    private long pending() {
        if (curve == null) {
            return 0;
        }
        long total = curve.producedBy(System.currentTimeMillis());
        long pending = 0;
        for (Assigned split : splits) {
            pending += Math.max(0, source.availableIn(split.partition, total) - split.position);
        }
        return pending;
    }

    @Override
    public List<LoadSplit> snapshotState(long checkpointId) {
        List<LoadSplit> state = new ArrayList<>();
        for (Assigned split : splits) {
            state.add(new LoadSplit(split.partition, split.position, split.originMs));
        }
        return state;
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}

    /** A split while it is being read, with its own output so that each partition has its own watermark. */
    private final class Assigned {
        final int partition;
        final long originMs;
        volatile long position;
        private SourceOutput<Event> output;

        Assigned(LoadSplit split) {
            this.partition = split.partition;
            this.originMs = split.originMs;
            this.position = split.position;
        }

        void emit(ReaderOutput<Event> reader) {
            if (output == null) {
                output = reader.createOutputForSplit("part-" + partition);
            }
            long receivedMs = curve.receivedAt(source.numberOf(partition, position));
            Event event = source.event(partition, position, receivedMs);
            position++;
            output.collect(event, event.timestampMs);
        }
    }
}

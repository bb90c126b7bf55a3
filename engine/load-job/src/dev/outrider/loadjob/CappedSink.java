package dev.outrider.loadjob;

import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Vertex "drop": a sink into a system that takes a fixed number of records per second in all, however many subtasks
 * write to it. More parallelism does not help here. It extends a sink of Flink because the abstract method of the
 * Sink interface is not the same one in 1.20 and 2.x.
 */
final class CappedSink<T> extends DiscardingSink<T> {
    private static final long serialVersionUID = 1L;

    private final double recordsPerSecond;

    CappedSink(double recordsPerSecond) {
        this.recordsPerSecond = recordsPerSecond;
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        double costMs = 1000.0 * context.getTaskInfo().getNumberOfParallelSubtasks() / recordsPerSecond;
        return new Writer<>(costMs);
    }

    private static final class Writer<T> implements SinkWriter<T> {
        private final double costMs;
        private final Pacer pacer = new Pacer();

        Writer(double costMs) {
            this.costMs = costMs;
        }

        @Override
        public void write(T element, Context context) {
            pacer.spend(costMs);
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}

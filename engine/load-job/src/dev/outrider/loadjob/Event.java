package dev.outrider.loadjob;

/** One record. A plain object with public fields, so that Flink serializes it without reflection on each field. */
public class Event {
    public long key;
    public int partition;
    public long position;
    public long timestampMs;

    public Event() {}

    Event(long key, int partition, long position, long timestampMs) {
        this.key = key;
        this.partition = partition;
        this.position = position;
        this.timestampMs = timestampMs;
    }
}

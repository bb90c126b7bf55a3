package dev.outrider.loadjob;

import java.io.Serializable;

/**
 * Decides what record number {@code position} of a partition looks like. It depends on nothing but these two
 * numbers, so a replay after a restart produces the same records again.
 */
final class EventPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int keys;
    private final double hotKeyShare;
    private final double lateShare;
    private final long lateByMs;

    EventPlan(int keys, double hotKeyShare, double lateShare, long lateByMs) {
        this.keys = Math.max(1, keys);
        this.hotKeyShare = hotKeyShare;
        this.lateShare = lateShare;
        this.lateByMs = lateByMs;
    }

    Event event(int partition, long position, long producedMs) {
        long seed = partition * 0x9E3779B97F4A7C15L + position;
        boolean hot = unit(mix(seed ^ 1)) < hotKeyShare;
        boolean late = unit(mix(seed ^ 2)) < lateShare;
        long key = hot ? 0 : Long.remainderUnsigned(mix(seed), keys);
        return new Event(key, partition, position, late ? producedMs - lateByMs : producedMs);
    }

    /** The finalizer of splitmix64: neighbouring inputs give unrelated outputs. */
    private static long mix(long value) {
        long z = value * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }
}

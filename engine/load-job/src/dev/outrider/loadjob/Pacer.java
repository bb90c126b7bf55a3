package dev.outrider.loadjob;

import java.io.Serializable;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a subtask wait for a given time per record, which Flink counts as busy. Waiting is exact only from about a
 * millisecond on, so the time owed is collected and paid in pieces; what a wait overshoots is taken off the next one.
 */
final class Pacer implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final long SMALLEST_WAIT_NANOS = 1_000_000;
    /** After a long stall (a paused machine) at most this much time counts as already paid. */
    private static final long MOST_CREDIT_NANOS = 50_000_000;

    private long owedNanos;

    /** Spends this many milliseconds, now or, when they are few, together with those of the next records. */
    void spend(double milliseconds) {
        owedNanos += (long) (milliseconds * 1e6);
        if (owedNanos < SMALLEST_WAIT_NANOS) {
            return;
        }
        long start = System.nanoTime();
        LockSupport.parkNanos(owedNanos);
        owedNanos = Math.max(-MOST_CREDIT_NANOS, owedNanos - (System.nanoTime() - start));
    }
}

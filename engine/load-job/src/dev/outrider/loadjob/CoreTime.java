package dev.outrider.loadjob;

import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Computes for a given core time per record. It is measured on the thread's own CPU clock, so a subtask that gets only
 * half a core takes twice as long, as real code does; a loop that watched the wall clock would not.
 */
final class CoreTime implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Reading the thread's clock is a system call: less than this is not worth one. */
    private static final long SMALLEST_PIECE_NANOS = 200_000;

    private static final int ROUNDS_PER_LOOK = 2_000;

    private long owedNanos;
    /** Kept so that the computation cannot be optimised away. */
    private long hash = 1;

    /** Spends this many core milliseconds, now or, when they are few, together with those of the next records. */
    void spend(double milliseconds) {
        owedNanos += (long) (milliseconds * 1e6);
        if (owedNanos < SMALLEST_PIECE_NANOS) {
            return;
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long spent = 0;
        while (spent < owedNanos) {
            for (int round = 0; round < ROUNDS_PER_LOOK; round++) {
                hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L + round;
            }
            spent = threads.getCurrentThreadCpuTime() - start;
        }
        owedNanos -= spent;
    }
}

package org.apache.flink.autoscaler;

import java.time.Clock;

/**
 * Gives the library's three clocks to the harness. It lives in the library's package because two setters are visible
 * only there. A clock that is forgotten raises no error, the library just never decides: all three are set here.
 */
public final class PeerClocks {
    private PeerClocks() {}

    public static <K, C extends JobAutoScalerContext<K>> void set(
            Clock clock,
            JobAutoScalerImpl<K, C> autoscaler,
            ScalingMetricCollector<K, C> collector,
            ScalingExecutor<K, C> executor)
            throws ReflectiveOperationException {
        autoscaler.setClock(clock);
        collector.setClock(clock);
        // The vertex scaler (its clock times the delay of scaling down) is a private field without a getter.
        var field = ScalingExecutor.class.getDeclaredField("jobVertexScaler");
        field.setAccessible(true);
        ((JobVertexScaler<?, ?>) field.get(executor)).setClock(clock);
    }
}

package dev.outrider.loadjob;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Vertex "work" with every kind of operator state: how many records this subtask has seen through all restores
 * (split on a rescale), who has seen how many (every subtask gets all on a restore), and one broadcast entry. The
 * gauge {@code recordsEver} tells the first of them.
 */
final class RememberingWork extends WorkFunction implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    private transient ListState<Long> seenState;
    private transient ListState<String> everybodyState;
    private transient BroadcastState<String, Long> agreedState;
    private transient volatile long seen;

    RememberingWork(double waitMs, double coreMs, Faults faults) {
        super(waitMs, coreMs, faults);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        seenState = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("seen", Long.class));
        everybodyState =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("everybody", String.class));
        agreedState = context.getOperatorStateStore()
                .getBroadcastState(new MapStateDescriptor<>("agreed", String.class, Long.class));
        for (long before : seenState.get()) {
            seen += before;
        }
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        getRuntimeContext().getMetricGroup().gauge("recordsEver", (Gauge<Long>) () -> seen);
    }

    @Override
    public Event map(Event event) {
        seen++;
        return super.map(event);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        seenState.clear();
        seenState.add(seen);
        everybodyState.clear();
        everybodyState.add(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() + ":" + seen);
        agreedState.put("version", 1L);
    }
}

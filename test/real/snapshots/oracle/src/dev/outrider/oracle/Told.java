package dev.outrider.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.CheckpointProperties;
import org.apache.flink.runtime.checkpoint.MasterState;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.state.StateObject;

/** What Flink loaded, as maps and lists: operators in Flink's order, subtasks by index, the handles of each in a row. */
final class Told {
    private Told() {}

    static Map<String, Object> metadata(CheckpointMetadata metadata) throws ReflectiveOperationException {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("checkpointId", Row.whole(metadata.getCheckpointId()));
        List<Object> masters = new ArrayList<>();
        for (MasterState master : metadata.getMasterStates()) {
            masters.add(Row.of("name", master.name(), "version", master.version(), "bytes", master.bytes().length));
        }
        told.put("masters", masters);
        List<Object> operators = new ArrayList<>();
        for (OperatorState operator : metadata.getOperatorStates()) {
            operators.add(operator(operator));
        }
        told.put("operators", operators);
        told.put("properties", properties(metadata.getCheckpointProperties()));
        return told;
    }

    private static Map<String, Object> properties(CheckpointProperties properties) {
        if (properties == null) {
            return null;
        }
        SnapshotType type = properties.getCheckpointType();
        return Row.of(
                "savepoint", properties.isSavepoint(),
                "unclaimed", properties.isUnclaimed(),
                "type", type.getName(),
                "format", type instanceof SavepointType ? ((SavepointType) type).getFormatType().name() : null);
    }

    private static Map<String, Object> operator(OperatorState operator) throws ReflectiveOperationException {
        List<Map<String, Object>> coordinator = new ArrayList<>();
        StreamRows.add(coordinator, "coordinator", operator.getCoordinatorState());
        List<Object> subtasks = new ArrayList<>();
        for (Map.Entry<Integer, OperatorSubtaskState> entry : new TreeMap<>(operator.getSubtaskStates()).entrySet()) {
            OperatorSubtaskState state = entry.getValue();
            subtasks.add(Row.of("index", entry.getKey(), "finished", state.isFinished(), "handles", handles(state)));
        }
        return Row.of(
                "id", operator.getOperatorID().toHexString(),
                "name", Since.operatorName(operator),
                "uid", Since.operatorUid(operator),
                "parallelism", operator.getParallelism(),
                "maxParallelism", operator.getMaxParallelism(),
                "finished", operator.isFullyFinished(),
                "coordinator", coordinator,
                "subtasks", subtasks);
    }

    private static List<Map<String, Object>> handles(OperatorSubtaskState state) throws ReflectiveOperationException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (StateObject handle : state.getManagedOperatorState()) {
            OperatorRows.add(rows, "managed-operator", handle);
        }
        for (StateObject handle : state.getRawOperatorState()) {
            OperatorRows.add(rows, "raw-operator", handle);
        }
        for (StateObject handle : state.getManagedKeyedState()) {
            KeyedRows.add(rows, "managed-keyed", handle);
        }
        for (StateObject handle : state.getRawKeyedState()) {
            KeyedRows.add(rows, "raw-keyed", handle);
        }
        for (StateObject handle : state.getInputChannelState()) {
            ChannelRows.add(rows, "input", handle);
        }
        for (StateObject handle : state.getResultSubpartitionState()) {
            ChannelRows.add(rows, "output", handle);
        }
        return rows;
    }
}

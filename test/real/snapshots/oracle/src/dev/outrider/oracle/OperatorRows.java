package dev.outrider.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.filemerging.FileMergingOperatorStreamStateHandle;

/** Rows of operator state: its names in order, then the file that holds them all. */
final class OperatorRows {
    private OperatorRows() {}

    static void add(List<Map<String, Object>> rows, String role, StateObject handle) {
        if (!(handle instanceof OperatorStreamStateHandle)) {
            throw StreamRows.unknown(handle);
        }
        OperatorStreamStateHandle state = (OperatorStreamStateHandle) handle;
        List<Object> names = new ArrayList<>();
        for (Map.Entry<String, OperatorStateHandle.StateMetaInfo> entry :
                new TreeMap<>(state.getStateNameToPartitionOffsets()).entrySet()) {
            OperatorStateHandle.StateMetaInfo info = entry.getValue();
            String mode = info.getDistributionMode().name();
            names.add(Row.of("name", entry.getKey(), "mode", mode, "offsets", info.getOffsets().length));
        }
        Map<String, Object> row = Row.of("role", role, "kind", "operator", "names", names);
        if (handle instanceof FileMergingOperatorStreamStateHandle) {
            FileMergingOperatorStreamStateHandle merged = (FileMergingOperatorStreamStateHandle) handle;
            row.put("taskOwned", merged.getTaskOwnedDirHandle().getDirectory().toString());
            row.put("shared", merged.getSharedDirHandle().getDirectory().toString());
        }
        rows.add(row);
        StreamRows.add(rows, role, state.getDelegateStateHandle());
    }
}

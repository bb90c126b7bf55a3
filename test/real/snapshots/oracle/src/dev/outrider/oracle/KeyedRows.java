package dev.outrider.oracle;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupsSavepointStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateBackendHandle;
import org.apache.flink.runtime.state.changelog.ChangelogStateHandleStreamImpl;
import org.apache.flink.runtime.state.changelog.StateChange;
import org.apache.flink.runtime.state.changelog.inmemory.InMemoryChangelogStateHandle;

/** Rows of keyed state: a container, then what it holds in the order of the file; a changelog holds keyed state again. */
final class KeyedRows {
    private KeyedRows() {}

    static void add(List<Map<String, Object>> rows, String role, StateObject handle) {
        if (handle instanceof KeyGroupsStateHandle) {
            keyGroups(rows, role, (KeyGroupsStateHandle) handle);
        } else if (handle instanceof IncrementalRemoteKeyedStateHandle) {
            incremental(rows, role, (IncrementalRemoteKeyedStateHandle) handle);
        } else if (handle instanceof ChangelogStateBackendHandle) {
            changelog(rows, role, (ChangelogStateBackendHandle) handle);
        } else if (handle instanceof InMemoryChangelogStateHandle) {
            inMemory(rows, role, (InMemoryChangelogStateHandle) handle);
        } else if (handle instanceof ChangelogStateHandleStreamImpl) {
            increment(rows, role, (ChangelogStateHandleStreamImpl) handle);
        } else {
            throw StreamRows.unknown(handle);
        }
    }

    static void keyGroups(List<Map<String, Object>> rows, String role, KeyGroupsStateHandle handle) {
        String kind = handle instanceof KeyGroupsSavepointStateHandle ? "savepoint-key-groups" : "key-groups";
        rows.add(row(role, kind, handle.getKeyGroupRange()));
        StreamRows.add(rows, role, handle.getDelegateStateHandle());
    }

    private static void incremental(
            List<Map<String, Object>> rows, String role, IncrementalRemoteKeyedStateHandle handle) {
        Map<String, Object> row = row(role, "incremental", handle.getKeyGroupRange());
        row.put("checkpointId", Row.whole(handle.getCheckpointId()));
        row.put("backend", handle.getBackendIdentifier().toString());
        rows.add(row);
        StreamRows.add(rows, role + "/meta", handle.getMetaDataStateHandle());
        for (HandleAndLocalPath shared : handle.getSharedState()) {
            StreamRows.add(rows, role + "/shared:" + shared.getLocalPath(), shared.getHandle());
        }
        for (HandleAndLocalPath own : handle.getPrivateState()) {
            StreamRows.add(rows, role + "/private:" + own.getLocalPath(), own.getHandle());
        }
    }

    private static void changelog(List<Map<String, Object>> rows, String role, ChangelogStateBackendHandle handle) {
        Map<String, Object> row = row(role, "changelog", handle.getKeyGroupRange());
        row.put("materialization", Row.whole(handle.getMaterializationID()));
        rows.add(row);
        for (KeyedStateHandle materialized : handle.getMaterializedStateHandles()) {
            add(rows, role + "/materialized", materialized);
        }
        for (KeyedStateHandle later : handle.getNonMaterializedStateHandles()) {
            add(rows, role + "/later", later);
        }
    }

    private static void inMemory(List<Map<String, Object>> rows, String role, InMemoryChangelogStateHandle handle) {
        Map<String, Object> row = row(role, "changes-inline", handle.getKeyGroupRange());
        row.put("first", Row.whole(handle.getFrom()));
        row.put("end", Row.whole(handle.getTo()));
        row.put("changes", handle.getChanges().size());
        long bytes = 0;
        for (StateChange change : handle.getChanges()) {
            bytes += change.getChange().length;
        }
        row.put("bytes", bytes);
        rows.add(row);
    }

    private static void increment(List<Map<String, Object>> rows, String role, ChangelogStateHandleStreamImpl handle) {
        Map<String, Object> row = row(role, "changes-in-files", handle.getKeyGroupRange());
        row.put("storage", handle.getStorageIdentifier());
        rows.add(row);
        for (Tuple2<StreamStateHandle, Long> part : handle.getHandlesAndOffsets()) {
            StreamRows.add(rows, role + "/at:" + part.f1, part.f0);
        }
    }

    private static Map<String, Object> row(String role, String kind, KeyGroupRange range) {
        int from = range.getStartKeyGroup();
        return Row.of("role", role, "kind", kind, "from", from, "count", range.getNumberOfKeyGroups());
    }
}

package dev.outrider.oracle;

import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.filemerging.EmptySegmentFileStateHandle;
import org.apache.flink.runtime.state.filemerging.SegmentFileStateHandle;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.filesystem.RelativeFileStateHandle;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;

/** Rows of where bytes lie: inline, in a file, in a segment of one. */
final class StreamRows {
    private StreamRows() {}

    static void add(List<Map<String, Object>> rows, String role, StreamStateHandle handle) {
        if (handle == null) {
            return;
        }
        if (handle instanceof ByteStreamStateHandle) {
            ByteStreamStateHandle inline = (ByteStreamStateHandle) handle;
            rows.add(Row.of(
                    "role", role, "kind", "inline", "name", inline.getHandleName(), "bytes", inline.getData().length));
        } else if (handle instanceof RelativeFileStateHandle) {
            String path = ((RelativeFileStateHandle) handle).getRelativePath();
            rows.add(Row.of("role", role, "kind", "relative", "path", path, "size", Row.whole(handle.getStateSize())));
        } else if (handle instanceof FileStateHandle) {
            String path = ((FileStateHandle) handle).getFilePath().toString();
            rows.add(Row.of("role", role, "kind", "file", "path", path, "size", Row.whole(handle.getStateSize())));
        } else if (handle instanceof EmptySegmentFileStateHandle) {
            rows.add(Row.of("role", role, "kind", "empty-segment"));
        } else if (handle instanceof SegmentFileStateHandle) {
            segment(rows, role, (SegmentFileStateHandle) handle);
        } else if (handle instanceof KeyGroupsStateHandle) {
            KeyedRows.keyGroups(rows, role, (KeyGroupsStateHandle) handle);
        } else {
            throw unknown(handle);
        }
    }

    private static void segment(List<Map<String, Object>> rows, String role, SegmentFileStateHandle handle) {
        rows.add(Row.of(
                "role", role,
                "kind", "segment",
                "path", handle.getFilePath().toString(),
                "start", Row.whole(handle.getStartPos()),
                "size", Row.whole(handle.getStateSize()),
                "scope", handle.getScope().name()));
    }

    static IllegalStateException unknown(Object handle) {
        return new IllegalStateException("the oracle does not know " + handle.getClass().getName());
    }
}

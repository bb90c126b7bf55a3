package dev.outrider.oracle;

import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.channel.InputChannelInfo;
import org.apache.flink.runtime.checkpoint.channel.ResultSubpartitionInfo;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.StateObject;

/** Rows of records in flight: one channel, or since 2.x all channels of a subtask, then the file that holds them. */
final class ChannelRows {
    private ChannelRows() {}

    static void add(List<Map<String, Object>> rows, String role, StateObject handle)
            throws ReflectiveOperationException {
        if (Since.isMerged(handle)) {
            rows.add(Row.of(
                    "role", role,
                    "kind", "merged-channels",
                    "subtask", Since.mergedSubtask(handle),
                    "stateSize", Row.whole(handle.getStateSize()),
                    "offsetBytes", Since.mergedOffsetBytes(handle)));
            StreamRows.add(rows, role, Since.mergedDelegate(handle));
            return;
        }
        AbstractChannelStateHandle<?> channel = (AbstractChannelStateHandle<?>) handle;
        rows.add(Row.of(
                "role", role,
                "kind", "channel",
                "subtask", channel.getSubtaskIndex(),
                "channel", channelName(channel.getInfo()),
                "stateSize", Row.whole(channel.getStateSize()),
                "offsets", channel.getOffsets().size()));
        StreamRows.add(rows, role, channel.getDelegate());
    }

    private static String channelName(Object info) {
        if (info instanceof InputChannelInfo) {
            InputChannelInfo input = (InputChannelInfo) info;
            return input.getGateIdx() + "/" + input.getInputChannelIdx();
        }
        ResultSubpartitionInfo output = (ResultSubpartitionInfo) info;
        return output.getPartitionIdx() + "/" + output.getSubPartitionIdx();
    }
}

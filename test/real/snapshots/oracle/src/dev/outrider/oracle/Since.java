package dev.outrider.oracle;

import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;

/** What Flink 2.x has and 1.20 has not, by reflection: one source serves both. */
final class Since {
    private static final String MERGED = "org.apache.flink.runtime.state.AbstractMergedChannelStateHandle";

    private Since() {}

    /** Name of an operator; null in 1.20 and where none was given. */
    static Object operatorName(OperatorState operator) throws ReflectiveOperationException {
        return called(operator, "getOperatorName");
    }

    /** Uid of an operator; null in 1.20 and where none was given. */
    static Object operatorUid(OperatorState operator) throws ReflectiveOperationException {
        return called(operator, "getOperatorUid");
    }

    /** Whether a channel handle stands for several channels that lie in one file. */
    static boolean isMerged(StateObject handle) {
        for (Class<?> type = handle.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(MERGED)) {
                return true;
            }
        }
        return false;
    }

    static int mergedSubtask(StateObject handle) throws ReflectiveOperationException {
        return (Integer) handle.getClass().getMethod("getSubtaskIndex").invoke(handle);
    }

    static int mergedOffsetBytes(StateObject handle) throws ReflectiveOperationException {
        return ((byte[]) handle.getClass().getMethod("getSerializedChannelOffsets").invoke(handle)).length;
    }

    static StreamStateHandle mergedDelegate(StateObject handle) throws ReflectiveOperationException {
        return (StreamStateHandle) handle.getClass().getMethod("getDelegate").invoke(handle);
    }

    /** The value of a getter; an Optional is opened; null where there is no such getter. */
    private static Object called(Object target, String getter) throws ReflectiveOperationException {
        try {
            Object value = target.getClass().getMethod(getter).invoke(target);
            return value instanceof java.util.Optional ? ((java.util.Optional<?>) value).orElse(null) : value;
        } catch (NoSuchMethodException absent) {
            return null;
        }
    }
}

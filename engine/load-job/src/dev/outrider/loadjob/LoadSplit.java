package dev.outrider.loadjob;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** One partition and how far it has been read. It carries the origin of a constant rate through restores. */
final class LoadSplit implements SourceSplit {
    final int partition;
    final long position;
    final long originMs;

    LoadSplit(int partition, long position, long originMs) {
        this.partition = partition;
        this.position = position;
        this.originMs = originMs;
    }

    @Override
    public String splitId() {
        return "part-" + partition;
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeInt(partition);
        out.writeLong(position);
        out.writeLong(originMs);
    }

    private static LoadSplit read(DataInputStream in) throws IOException {
        return new LoadSplit(in.readInt(), in.readLong(), in.readLong());
    }

    /** Splits in the state of a reader. */
    static final class Serializer implements SimpleVersionedSerializer<LoadSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(LoadSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            split.write(new DataOutputStream(bytes));
            return bytes.toByteArray();
        }

        @Override
        public LoadSplit deserialize(int version, byte[] serialized) throws IOException {
            return read(new DataInputStream(new ByteArrayInputStream(serialized)));
        }
    }

    /** The splits that the enumerator has not handed out yet. */
    static final class ListSerializer implements SimpleVersionedSerializer<List<LoadSplit>> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(List<LoadSplit> splits) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(splits.size());
            for (LoadSplit split : splits) {
                split.write(out);
            }
            return bytes.toByteArray();
        }

        @Override
        public List<LoadSplit> deserialize(int version, byte[] serialized) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            List<LoadSplit> splits = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                splits.add(read(in));
            }
            return splits;
        }
    }
}

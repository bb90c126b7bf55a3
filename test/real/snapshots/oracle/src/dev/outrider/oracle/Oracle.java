package dev.outrider.oracle;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonGenerator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Asks Flink's own loader what it makes of {@code _metadata} files. Standard input is a row of frames: an int and
 * that many bytes of the pointer (a local directory that holds a {@code _metadata} file; relative handles are resolved
 * against it), an int and that many bytes of metadata, or -1 to read the pointer's own file. Standard output is one
 * JSON object a line, in the same order.
 */
public final class Oracle {
    private static final int LONGEST_MESSAGE = 300;

    private Oracle() {}

    public static void main(String[] argv) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.getFactory().configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(System.in, 1 << 20))) {
            for (int length = firstInt(in); length >= 0; length = firstInt(in)) {
                String pointer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                int bytes = in.readInt();
                byte[] metadata = bytes < 0 ? Files.readAllBytes(Path.of(pointer, "_metadata")) : in.readNBytes(bytes);
                out.println(mapper.writeValueAsString(load(pointer, metadata)));
            }
        }
        out.flush();
    }

    /** Whatever Flink throws on these bytes, an OutOfMemoryError too, means that it would not restore from them. */
    private static Map<String, Object> load(String pointer, byte[] bytes) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("pointer", pointer);
        try {
            ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
            CheckpointMetadata metadata = Checkpoints.loadCheckpointMetadata(
                    new DataInputStream(stream), Oracle.class.getClassLoader(), pointer);
            Map<String, Object> told = Told.metadata(metadata);
            line.put("ok", true);
            line.put("unread", stream.available());
            line.putAll(told);
        } catch (Throwable refusal) {
            String message = String.valueOf(refusal.getMessage());
            line.put("ok", false);
            line.put("error", refusal.getClass().getName());
            line.put("message", message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
        }
        return line;
    }

    private static int firstInt(DataInputStream in) throws IOException {
        try {
            return in.readInt();
        } catch (EOFException end) {
            return -1;
        }
    }
}

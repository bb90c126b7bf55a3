/**
 * Flink's `_metadata`, the file that makes a directory a checkpoint or savepoint: reader and writer on bytes, without
 * I/O. The reader is total: whatever the bytes are, the answer is what the file says or a `SnapshotDefect`, never an
 * exception. See README.md for the format.
 */
export type { ContentLimits } from "./content.ts";
export { operatorIdOf } from "./operator-id.ts";
export type { SnapshotFlavour } from "./properties.ts";
export { propertiesOf } from "./properties.ts";
export type * from "./raw.ts";
export type * from "./raw-handles.ts";
export type { MetadataLimits, SnapshotParse } from "./reader.ts";
export { METADATA_LIMITS, parseSnapshot, readMetadata } from "./reader.ts";
export type { MetadataReader, MetadataReaderOptions } from "./stream-reader.ts";
export { createMetadataReader, readMetadataFrom } from "./stream-reader.ts";
export { writeMetadata } from "./write.ts";

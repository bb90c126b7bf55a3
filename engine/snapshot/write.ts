import { Failure } from "../../model/index.ts";
import { BytesOut } from "./bytes-out.ts";
import type { RawMasterState, RawOperator, RawSnapshot, RawSubtask, RawSubtaskState } from "./raw.ts";
import { MASTER_STATE_MAGIC } from "./read-body.ts";
import { HEADER_MAGIC } from "./read-snapshot.ts";
import { writeChannel, writeKeyed, writeOperatorState, writeStream } from "./write-handles.ts";

const OLDEST = 2;
const NEWEST = 7;

/**
 * The bytes of a `_metadata` file, of version 2 to 7. It is the inverse of `parseSnapshot` byte for byte. Versions
 * 4 and later need `properties`. Throws `bad-request` for what the format cannot say; that the handles make sense is the
 * caller's business.
 */
export function writeMetadata(snapshot: RawSnapshot): Uint8Array {
  const { version, properties } = snapshot;
  if (!Number.isInteger(version) || version < OLDEST || version > NEWEST)
    throw refused(`version ${version}`, `a version from ${OLDEST} to ${NEWEST}`);
  if ((properties === null) !== version < 4)
    throw refused(
      `version ${version} ${properties === null ? "without" : "with"} properties`,
      "them from version 4",
    );
  const out = new BytesOut();
  out.int(HEADER_MAGIC);
  out.int(version);
  out.long(snapshot.checkpointId);
  out.list(snapshot.masterStates, (state) => writeMasterState(out, state));
  out.list(snapshot.operators, (operator) => writeOperator(out, version, operator));
  if (properties !== null) out.bytes(properties);
  return out.finish();
}

function refused(got: string, expected: string): Failure {
  return new Failure("bad-request", `cannot write _metadata: got ${got}; expected ${expected}`);
}

function writeMasterState(out: BytesOut, state: RawMasterState): void {
  const block = new BytesOut();
  block.int(state.version);
  block.text(state.name);
  block.int(state.bytes.byteLength);
  block.bytes(state.bytes);
  const bytes = block.finish();
  out.int(MASTER_STATE_MAGIC);
  out.int(bytes.byteLength);
  out.bytes(bytes);
}

function writeOperator(out: BytesOut, version: number, operator: RawOperator): void {
  if (version >= 5) {
    out.text(operator.name);
    out.text(operator.uid);
  }
  writeId(out, operator.id);
  out.int(operator.parallelism);
  out.int(operator.maxParallelism);
  if (version === 2) out.int(operator.chainLength);
  else writeStream(out, operator.coordinator);
  if (operator.finishedMark === null)
    out.list(operator.subtasks, (subtask) => writeSubtask(out, version, subtask));
  else out.int(operator.finishedMark);
}

function writeId(out: BytesOut, id: string): void {
  if (!/^[\da-f]{32}$/i.test(id)) throw refused(`the operator id ${id}`, "32 hex digits");
  out.long(BigInt(`0x${id.slice(0, 16)}`));
  out.long(BigInt(`0x${id.slice(16)}`));
}

function writeSubtask(out: BytesOut, version: number, subtask: RawSubtask): void {
  if (subtask.state === null && version === 2)
    throw refused("a finished subtask in version 2", "version 3 or later");
  out.int(subtask.state === null ? -(subtask.index + 1) : subtask.index);
  if (subtask.state !== null) writeState(out, version, subtask.state);
}

function writeState(out: BytesOut, version: number, state: RawSubtaskState): void {
  if (version === 2) {
    out.long(state.duration);
    out.int(0);
  }
  for (const handle of [state.managedOperator, state.rawOperator]) {
    out.int(handle === null ? 0 : 1);
    if (handle !== null) writeOperatorState(out, handle);
  }
  writeKeyed(out, state.managedKeyed);
  writeKeyed(out, state.rawKeyed);
  if (version >= 3) {
    out.list(state.inputChannels, (handle) => writeChannel(out, version, "input", handle));
    out.list(state.outputChannels, (handle) => writeChannel(out, version, "output", handle));
  }
  if (version >= 7) {
    out.byte(state.referenceCheckpoint === null ? 0 : 1);
    if (state.referenceCheckpoint !== null) out.long(state.referenceCheckpoint);
  }
}

import { corrupt } from "./defect.ts";
import type { RawMasterState, RawOperator, RawSubtask, RawSubtaskState } from "./raw.ts";
import type { ByteStreamHandle } from "./raw-handles.ts";
import { readChannels } from "./read-channel.ts";
import { readKeyed } from "./read-keyed.ts";
import { readOptionalOperatorState } from "./read-operator-state.ts";
import { readByteStream, STREAM_TYPES } from "./read-stream.ts";
import { MORE, type Reading, readBytes, readList, type Walk } from "./walk.ts";

/** Begins each master state. */
export const MASTER_STATE_MAGIC = 0xc96b1696 | 0;

/** What stands between the header and the properties. */
export interface Body {
  readonly checkpointId: bigint;
  readonly masterStates: readonly RawMasterState[];
  readonly operators: readonly RawOperator[];
}

export function* readBody(walk: Walk, version: number): Reading<Body> {
  const { cursor } = walk;
  const { offset } = cursor;
  const checkpointId = cursor.long();
  if (checkpointId < 0n)
    throw corrupt(offset, `the checkpoint id ${checkpointId} at byte ${offset} is below zero`);
  const masterStates = yield* readList(walk, 18, () => readMasterState(walk));
  const known = new Set<string>();
  const operators = yield* readList(walk, 28, () => readOperator(walk, version, known));
  return { checkpointId, masterStates, operators };
}

// biome-ignore lint/correctness/useYield: an item of a list may ask for bytes; this one never has to
function* readMasterState(walk: Walk): Reading<RawMasterState> {
  const { cursor } = walk;
  const { offset } = cursor;
  if (cursor.int() !== MASTER_STATE_MAGIC) throw corrupt(offset, `no master state begins at byte ${offset}`);
  const end = cursor.count(1) + cursor.offset;
  const version = cursor.int();
  const name = cursor.text();
  const length = cursor.count(1);
  if (cursor.offset + length !== end)
    throw corrupt(offset, `the master state at byte ${offset} does not end where it says`);
  walk.findings.inline(length);
  return { version, name, bytes: readBytes(walk, length) };
}

/** `known`: ids of the operators before it. Flink keeps the last of two with one id, and drops the other's state. */
function* readOperator(walk: Walk, version: number, known: Set<string>): Reading<RawOperator> {
  const { cursor } = walk;
  const { offset } = cursor;
  walk.findings.operator(offset);
  const name = version >= 5 ? cursor.text() : "";
  const uid = version >= 5 ? cursor.text() : "";
  const idAt = cursor.offset;
  const id = hex(cursor.long()) + hex(cursor.long());
  if (known.has(id)) throw corrupt(idAt, `the operator ${id} twice, again at byte ${idAt}`);
  known.add(id);
  const scaleAt = cursor.offset;
  const parallelism = cursor.int();
  const maxParallelism = cursor.int();
  if (parallelism < 0 || parallelism > maxParallelism)
    throw corrupt(scaleAt, `a parallelism of ${parallelism}, at most ${maxParallelism}, at byte ${scaleAt}`);
  const chainLength = version === 2 ? cursor.int() : 1;
  const coordinator = version === 2 ? null : readCoordinator(walk);
  if (cursor.low) yield MORE;
  const head = { name, uid, id, parallelism, maxParallelism, chainLength, coordinator };
  const finishedMark = version === 2 ? null : readFinishedMark(walk, coordinator);
  const seen = new Set<number>();
  const subtasks =
    finishedMark === null
      ? yield* readList(walk, 4, () => readSubtask(walk, version, parallelism, seen))
      : [];
  const operator: RawOperator = { ...head, finishedMark, subtasks };
  walk.findings.operatorEnd(operator);
  return operator;
}

const hex = (long: bigint): string => BigInt.asUintN(64, long).toString(16).padStart(16, "0");

function readCoordinator(walk: Walk): ByteStreamHandle | null {
  const { offset } = walk.cursor;
  const type = walk.cursor.byte();
  if (type === 0) return null;
  if (type === STREAM_TYPES["byte-stream"]) return readByteStream(walk);
  throw corrupt(
    offset,
    `the coordinator's state at byte ${offset} is of type ${type}; expected bytes or none`,
  );
}

/** A negative count of subtasks says that the whole operator had finished; null and nothing taken for another count. */
function readFinishedMark(walk: Walk, coordinator: ByteStreamHandle | null): number | null {
  const { offset } = walk.cursor;
  if (walk.cursor.peek() < 0x80) return null;
  const mark = walk.cursor.int();
  if (coordinator !== null)
    throw corrupt(offset, `a finished operator with coordinator state at byte ${offset}`);
  return mark;
}

/** Flink's own bound of a parallelism is 32,768 (`KeyGroupRangeAssignment`); what remembers must not grow for ever. */
const MOST_SUBTASKS = 1_000_000;

/** `seen`: the subtasks before it. Flink keeps the last of two with one index, and drops the other's state. */
function* readSubtask(
  walk: Walk,
  version: number,
  parallelism: number,
  seen: Set<number>,
): Reading<RawSubtask> {
  const { cursor, findings } = walk;
  const { offset } = cursor;
  const written = cursor.int();
  const finished = version >= 3 && written < 0;
  const index = finished ? -written - 1 : written;
  if (index < 0 || index >= parallelism)
    throw corrupt(offset, `a subtask ${index} of ${parallelism} at byte ${offset}`);
  if (seen.has(index)) throw corrupt(offset, `the subtask ${index} twice, again at byte ${offset}`);
  if (seen.size >= MOST_SUBTASKS)
    throw corrupt(offset, `more than ${MOST_SUBTASKS} subtasks at byte ${offset}`);
  seen.add(index);
  if (!finished) return { index, state: yield* readSubtaskState(walk, version) };
  findings.subtask(null);
  return { index, state: null };
}

function* readSubtaskState(walk: Walk, version: number): Reading<RawSubtaskState> {
  const { cursor } = walk;
  const duration = version === 2 ? readLegacy(walk) : -1n;
  const managedOperator = yield* readOptionalOperatorState(walk);
  const rawOperator = yield* readOptionalOperatorState(walk);
  const managedKeyed = yield* readKeyed(walk);
  const rawKeyed = yield* readKeyed(walk);
  if (cursor.low) yield MORE;
  const before = cursor.offset;
  const inputChannels = version >= 3 ? yield* readChannels(walk, "input", version >= 6) : [];
  const outputChannels = version >= 3 ? yield* readChannels(walk, "output", version >= 6) : [];
  const inFlight = version >= 3 && cursor.offset > before + 8;
  const referenceCheckpoint = version >= 7 ? readReference(walk) : null;
  walk.findings.subtask(
    inFlight || [managedOperator, rawOperator, managedKeyed, rawKeyed].some((handle) => handle !== null),
  );
  return {
    duration,
    managedOperator,
    rawOperator,
    managedKeyed,
    rawKeyed,
    inputChannels,
    outputChannels,
    referenceCheckpoint,
  };
}

function readLegacy(walk: Walk): bigint {
  const duration = walk.cursor.long();
  const { offset } = walk.cursor;
  const states = walk.cursor.int();
  if (states !== 0)
    throw corrupt(offset, `${states} states of Flink 1.1 at byte ${offset}, which nothing reads`);
  return duration;
}

function readReference(walk: Walk): bigint | null {
  const { offset } = walk.cursor;
  const marker = walk.cursor.byte();
  if (marker > 1)
    throw corrupt(offset, `a marker ${marker} of an older checkpoint at byte ${offset}; expected 0 or 1`);
  return marker === 1 ? walk.cursor.long() : null;
}

import type { ChannelHandle, MergedChannelHandle, SingleChannelHandle } from "./raw-handles.ts";
import { readStream, unknownHandle } from "./read-stream.ts";
import { MORE, type Reading, readBytes, readList, readLongs, type Walk } from "./walk.ts";

export type ChannelSide = "input" | "output";

/** Type bytes of channel state since version 6. */
export const CHANNEL_TYPES = {
  input: { channel: 1, "merged-channels": 3 },
  output: { channel: 2, "merged-channels": 4 },
} as const;

/** In-flight records of one side of a subtask. `tagged`: version 6 and later put a type byte first. */
export function* readChannels(
  walk: Walk,
  side: ChannelSide,
  tagged: boolean,
): Reading<readonly ChannelHandle[]> {
  return yield* readList(walk, 17, () => (tagged ? readTagged(walk, side) : readSingle(walk)));
}

function* readTagged(walk: Walk, side: ChannelSide): Reading<ChannelHandle> {
  const { offset } = walk.cursor;
  const type = walk.cursor.byte();
  if (type === CHANNEL_TYPES[side].channel) return yield* readSingle(walk);
  if (type === CHANNEL_TYPES[side]["merged-channels"]) return yield* readMerged(walk);
  throw unknownHandle(type, offset);
}

function* readSingle(walk: Walk): Reading<SingleChannelHandle> {
  const { cursor } = walk;
  const subtask = cursor.int();
  const channel = [cursor.int(), cursor.int()] as const;
  const offsets = readLongs(walk, cursor.count(8));
  if (cursor.low) yield MORE;
  const size = cursor.long();
  return { kind: "channel", subtask, channel, offsets, size, stream: yield* readStream(walk, "exclusive") };
}

function* readMerged(walk: Walk): Reading<MergedChannelHandle> {
  const { cursor } = walk;
  const subtask = cursor.int();
  const size = cursor.long();
  const stream = yield* readStream(walk, "exclusive");
  return { kind: "merged-channels", subtask, size, stream, offsets: readBytes(walk, cursor.count(1)) };
}

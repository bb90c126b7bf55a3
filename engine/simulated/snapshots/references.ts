import { join } from "node:path";
import type { KeyedHandle, RawSnapshot, StreamHandle } from "../../snapshot/index.ts";
import type { KeptSnapshot } from "../physics/restore-point.ts";

/** The files that a parsed snapshot needs, by local path. Kinds of handles that the simulation never writes are left out. */
export function filesOf(snapshot: RawSnapshot, folder: string): Pick<KeptSnapshot, "exclusive" | "shared"> {
  const exclusive = new Map<string, number>();
  const shared = new Map<string, number>();
  const take = (stream: StreamHandle, inShared: boolean): void => {
    if (stream.kind === "relative-file") exclusive.set(join(folder, stream.path), Number(stream.size));
    if (stream.kind === "file")
      (inShared ? shared : exclusive).set(stream.path.replace(/^file:\/*/, "/"), Number(stream.size));
  };
  for (const { subtasks } of snapshot.operators) {
    for (const { state } of subtasks) {
      if (state?.managedOperator) take(state.managedOperator.stream, false);
      if (state?.managedKeyed) takeKeyed(state.managedKeyed, take);
    }
  }
  return { exclusive, shared };
}

function takeKeyed(handle: KeyedHandle, take: (stream: StreamHandle, shared: boolean) => void): void {
  if (handle.kind === "key-groups") take(handle.stream, false);
  if (handle.kind !== "incremental") return;
  take(handle.meta, false);
  for (const { stream } of handle.private) take(stream, false);
  for (const { stream } of handle.shared) take(stream, true);
}

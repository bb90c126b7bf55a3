/** Savepoints that Outrider takes and removes: on demand, by calendar. `Savepoints.pass` once per round and job. */
export type { ListedSavepoint, SavepointDesk, SavepointList, SavepointWish } from "./desk.ts";
export type { SavepointHand, SavepointSubject } from "./ports.ts";
export { createReferences } from "./references.ts";
export { type SavepointOptions, Savepoints } from "./savepoints.ts";

/** From what each job can be restored, kept up to date in the background. */
export type { RestorePoint } from "./restore-point.ts";
export { type RestorePoints, restorePointsOf, type ShownCandidate } from "./restore-points.ts";
export { SnapshotWatch, type SnapshotWatchOptions } from "./snapshot-watch.ts";

import { formatDuration } from "../../model/index.ts";
import { bytesText } from "../../recovery/index.ts";
import type { RestorePoints } from "../snapshots/index.ts";
import { EXIT } from "./exit.ts";
import { jobPath } from "./job-name.ts";
import { plain, type Session, table } from "./output.ts";
import { worstExit } from "./snapshots-exit.ts";
import { stateText, whenText } from "./snapshots-text.ts";

/** `outrider snapshots list JOB`: what a running Outrider knows. */
export async function listSnapshots(session: Session, job: string): Promise<number> {
  await ask(session, job);
  return EXIT.yes;
}

/** `outrider snapshots verify --job JOB`: the same, and the worst state is the exit code. */
export async function verifyJob(session: Session, job: string): Promise<number> {
  const { items } = await ask(session, job);
  return items.length === 0 ? worstExit(["unchecked"]) : worstExit(items.map((c) => c.state));
}

async function ask(session: Session, job: string): Promise<RestorePoints> {
  const points = await session.client.get<RestorePoints>(`${await jobPath(session.client, job)}/snapshots`);
  session.print(points, restorePointsText);
  return points;
}

function restorePointsText({ items, choice }: RestorePoints): string {
  const sentence = `${choice.sentence.charAt(0).toUpperCase()}${choice.sentence.slice(1)}.`;
  if (items.length === 0) return plain(sentence);
  const rows = items.map((c) => [
    c.chosen ? "*" : "",
    stateText(c.state),
    whenText(c.takenAt),
    c.ageMs === null ? "" : formatDuration(c.ageMs),
    c.bytes === null ? "" : bytesText(c.bytes),
    c.path,
    c.state === "verified" ? "" : c.sentence,
  ]);
  return plain(
    `${sentence}\n\n${table(["", "STATE", "TAKEN", "AGE", "STATE BYTES", "SNAPSHOT", "VERDICT"], rows)}`,
  );
}

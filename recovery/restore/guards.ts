import type { GuardResult } from "../../model/index.ts";
import { CAUSE_GUARDS } from "./guards-cause.ts";
import { COPY_GUARDS } from "./guards-copies.ts";
import { SNAPSHOT_GUARDS } from "./guards-snapshot.ts";
import type { Weighed } from "./weigh.ts";

/** In the order in which their reasons count: the first veto is the reason, all are listed. */
const GUARDS = [...COPY_GUARDS, ...CAUSE_GUARDS, ...SNAPSHOT_GUARDS];

export const runGuards = (w: Weighed): readonly GuardResult[] =>
  GUARDS.map((g) => ({ name: g.name, ...g.check(w) }));

import type { Parallelism } from "../model/index.ts";
import { amendment, cut, type Draft } from "./amend.ts";
import type { Amended } from "./change-limits.ts";

/** What one slot sharing group has, wants and cannot give away. */
interface Group {
  readonly name: string;
  readonly wants: number;
  /** What it keeps before anybody gets more. */
  readonly keeps: number;
}

/**
 * At most `maxSlots` slots for the whole job, whose slots are the largest parallelism of each sharing group. What
 * runs now stays first; what is left goes to the groups by how much more each wants. Example: quota 24, two groups
 * of 10 that want 20 and 10: 14 and 10. Where even what runs now is too much, all groups shrink alike.
 */
export function keepQuota(draft: Draft, proposal: Parallelism): Amended {
  const { maxSlots } = draft.config;
  if (maxSlots === null) return { proposal, result: null };
  const groups = groupsOf(draft, proposal);
  const asked = groups.reduce((sum, g) => sum + g.wants, 0);
  if (asked <= maxSlots) return { proposal, result: null };
  const shares = shareOut(groups, maxSlots);
  const kept = cut(draft, proposal, ({ vertex }) => shares.get(vertex.slotSharingGroup) ?? null);
  const why = `the job may have ${maxSlots} slots and this would take ${asked}`;
  const result = amendment("slot-quota", why, draft, proposal, kept);
  return {
    proposal: kept,
    result: result === null ? null : { ...result, numbers: { maxSlots, asked, ...result.numbers } },
  };
}

function groupsOf({ vertices, movable }: Draft, proposal: Parallelism): readonly Group[] {
  const free = new Set(movable.map(({ id }) => id));
  const groups = new Map<string, { wants: number; has: number; fixed: number }>();
  for (const { id, vertex } of vertices) {
    const group = groups.get(vertex.slotSharingGroup) ?? { wants: 0, has: 0, fixed: 1 };
    group.wants = Math.max(group.wants, proposal[id] ?? vertex.parallelism);
    group.has = Math.max(group.has, vertex.parallelism);
    if (!free.has(id)) group.fixed = Math.max(group.fixed, vertex.parallelism);
    groups.set(vertex.slotSharingGroup, group);
  }
  return [...groups].map(([name, { wants, has, fixed }]) => ({
    name,
    wants,
    keeps: Math.max(Math.min(wants, has), Math.min(wants, fixed)),
  }));
}

/** Slots of each group, together `total` or less; at least one each, even where `total` has not that many. */
function shareOut(groups: readonly Group[], total: number): ReadonlyMap<string, number> {
  const kept = groups.reduce((sum, g) => sum + g.keeps, 0);
  const base = kept <= total ? groups : groups.map((g) => ({ ...g, keeps: 1 }));
  const more = base.reduce((sum, g) => sum + g.wants - g.keeps, 0);
  const left = Math.max(0, total - base.reduce((sum, g) => sum + g.keeps, 0));
  const shares = new Map<string, number>();
  let given = 0;
  const parts = base.map((g) => {
    const part = more === 0 ? 0 : ((g.wants - g.keeps) * left) / more;
    shares.set(g.name, g.keeps + Math.floor(part));
    given += Math.floor(part);
    return { name: g.name, rest: part - Math.floor(part) };
  });
  // What rounding left goes to those whom it cost most.
  for (const { name } of parts.toSorted((a, b) => b.rest - a.rest).slice(0, left - given)) {
    shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  return shares;
}

import type { ContestRow } from "../autoscaler/contest-row.ts";
import { KEEPS, percent, ratioText } from "../autoscaler/goals.ts";
import { POLICIES } from "./policies.ts";
import type { Agreement } from "./run-contest.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** What a run of the bench has found so far. */
export interface PeerReport {
  readonly rows: readonly ContestRow[];
  readonly agreements: readonly Agreement[];
  readonly options: Readonly<Record<string, readonly string[]>>;
  readonly minutes: number;
  readonly command: string;
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** The page docs/benchmarks/peer.md. */
export function renderPeerPage({ rows, agreements, options, minutes, command }: PeerReport): string {
  const contests = [...Map.groupBy(rows, (r) => `${r.world}, ${r.load}`)];
  const seeds = [...new Set(rows.map((r) => r.seed))].join(", ");
  const made = `npm run -s bench:peer${command === "" ? "" : ` -- ${command}`}`;
  return [
    "# Outrider beside the Java autoscaler",
    "",
    "<!-- Written by `npm run bench:peer -- --write`: do not edit. -->",
    "",
    `Made with \`${made}\` in ${minutes.toFixed(0)} minutes; seed ${seeds}.`,
    "",
    ...INTRODUCTION,
    "",
    "## Better or worse",
    "",
    ...verdictTable(contests),
    "",
    "## Contests",
    ...contests.flatMap(([title, group]) => contestTable(title, group)),
    "",
    "## Policy `flink` beside it",
    "",
    ...agreementTable(agreements),
    "",
    "## Options in force",
    ...Object.entries(options).flatMap(([policy, inForce]) => optionList(policy, inForce)),
    "",
  ].join("\n");
}

const INTRODUCTION = [
  "The published library `flink-autoscaler` 1.10.0 runs in a Java process of its own and drives the simulated Flink over",
  "HTTP with that Flink's clock; Outrider runs its own pass on the same world, load and seed. Columns and scores:",
  "[definitions](../benchmarks.md#definitions). What differs from there:",
  "",
  "- **Warm-up.** Every policy runs 30 minutes before its score begins, so that the library's windows are full (its",
  "  defaults need 20): the 30 minutes before a recorded day, else the rate that the load begins with. Rescales in the",
  "  warm-up are not counted; what they led to is where the score begins.",
  "- **Pass** of the library: every 10 s (its standalone module) in contests up to 3 h, every 60 s (the operator) in",
  "  longer ones. Flink's metrics are as fresh as with passes every 2 s. Outrider: as on the page of definitions.",
  "- **Options** of the library: `java` has its defaults, `java, fast` the faster example of its documentation. Both are",
  "  given the contest's bounds. The standalone module's way to rescale is used: lower bound 1, upper bound what is wanted.",
];

function verdictTable(contests: readonly (readonly [string, readonly ContestRow[]])[]): readonly string[] {
  const head = ["contest", "against", "in objective", "slot-hours", "rescales", "all three"];
  const body = contests.flatMap(([title, group]) => {
    const own = group.find((r) => r.policy === "outrider");
    if (own === undefined) return [];
    return group
      .filter((r) => r !== own)
      .map((peer) => {
        const v = verdictOf(own, peer);
        return line([title, peer.policy, v.objective, v.slotHours, v.rescales, all(v)]);
      });
  });
  return [
    "Outrider's figure against the library's. Same: within 0.01 % of the seconds, 1 % of the slot-hours. Slots saved by not",
    "keeping the objective (99.5 %) are marked with *.",
    "",
    line(head),
    line(head.map(() => "---")),
    ...body,
  ];
}

const all = ({ objective, slotHours, rescales }: Verdict): string => {
  const words = [objective, slotHours, rescales];
  if (!words.some((w) => w.startsWith("worse"))) return "yes";
  return words.every((w) => w.startsWith("worse")) ? "no" : "in part";
};

const HEAD = [
  "policy",
  "in objective",
  "peak lag s",
  "slot-hours",
  "÷ oracle",
  "rescales",
  "down s",
  "steps",
  "first s",
  "wrong",
  "oscillations",
  "failed passes",
] as const;

function contestTable(title: string, rows: readonly ContestRow[]): readonly string[] {
  const impossible = rows.some((r) => r.possible === false)
    ? " (not possible: no plan keeps the objective)"
    : "";
  return [
    "",
    `### ${title}${impossible}`,
    "",
    line(HEAD),
    line(HEAD.map((_, i) => (i === 0 ? "---" : "---:"))),
    ...rows.map((r) =>
      line([
        r.policy,
        r.inObjective >= KEEPS ? percent(r.inObjective) : `${percent(r.inObjective)} ✗`,
        r.peakLagSeconds.toFixed(0),
        r.slotHours.toFixed(1),
        ratioText(r),
        `${r.rescales}`,
        `${r.downSeconds}`,
        `${r.stepsToConverge}`,
        r.firstDecisionSeconds === null ? "–" : r.firstDecisionSeconds.toFixed(0),
        `${r.wrongDirection}`,
        `${r.oscillations}`,
        `${r.failures}`,
      ]),
    ),
  ];
}

function agreementTable(agreements: readonly Agreement[]): readonly string[] {
  if (agreements.length === 0) return ["Not compared."];
  return [
    "Outrider's own policy `flink` looks at the same job at the same moments with the same options; the Java library alone",
    "acts. A pass with a decision is one in which either wants another parallelism than was asked for. Where a scale-down",
    "differs, that is the release: 1.10.0 takes the recommendation of the moment once `scale-down.interval` has passed,",
    "policy `flink`, as later releases, the largest of the interval. A decision a pass earlier or later is a threshold that",
    "the two cross with metrics of another age.",
    "",
    "| contest | options of | passes | with a decision | the same |",
    "| --- | --- | ---: | ---: | ---: |",
    ...agreements.map((a) =>
      line([`${a.world}, ${a.load}`, a.policy, `${a.passes}`, `${a.decisions}`, `${a.same}`]),
    ),
    ...agreements.flatMap((a) =>
      a.different.length === 0
        ? []
        : ["", `${a.world}, ${a.load}, ${a.policy}:`, "", ...a.different.map((d) => `- ${d}`)],
    ),
  ];
}

function optionList(policy: string, inForce: readonly string[]): readonly string[] {
  const given = Object.keys(POLICIES.find((p) => p.name === policy)?.options ?? {});
  return [
    "",
    `### ${policy}`,
    "",
    given.length === 0
      ? "Nothing but the bounds was given."
      : `Given: ${given.map((k) => `\`${k}\``).join(", ")}.`,
    "",
    "```",
    ...inForce,
    "```",
  ];
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ScaleDecision } from "../model/index.ts";
import { decide } from "./decide.ts";
import type { AutoscalerConfig } from "./settings.ts";

const DOCS = join(import.meta.dirname, "../docs");
const guide = readFileSync(join(DOCS, "guides/how-outrider-decides.md"), "utf8");

describe.each(["decision-scale-up", "decision-plan"])("the record %s of the guide", (name) => {
  const record: ScaleDecision = JSON.parse(readFileSync(join(DOCS, `examples/${name}.json`), "utf8"));
  const { inputs, settings, at } = record;
  const again = decide(record, inputs, settings as unknown as AutoscalerConfig, at);

  it("is decided again from its own numbers", () => {
    const { proposal, reason, sentence, estimate } = record;
    expect(again).toMatchObject({ proposal, reason, sentence, estimate });
    // As they are written: a number that is not there any more, or another sentence, makes the page untrue.
    expect(JSON.parse(JSON.stringify(again.guards))).toEqual(record.guards);
  });

  it("is the one that the guide tells of", () => {
    expect(guide).toContain(`"sentence": "${record.sentence}"`);
    expect(guide).toContain(`examples/${name}.json`);
  });
});

it("the guide's numbers of the plan are those of the record", () => {
  const record: ScaleDecision = JSON.parse(readFileSync(join(DOCS, "examples/decision-plan.json"), "utf8"));
  const numbers = record.guards.find((g) => g.name === "benefit-below-cost")?.numbers;
  const slotHours = (key: string): string => ((numbers?.[key] ?? 0) / 3_600_000).toFixed(1);
  expect(guide).toContain(`= ${slotHours("gainSlotMs")} (`);
  expect(Number(slotHours("costSlotMs"))).toBe(12);
});

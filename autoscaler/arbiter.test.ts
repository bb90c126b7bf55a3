import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CalendarState, Parallelism, VertexInputs } from "../model/index.ts";
import { aConfig, aVertex, someInputs } from "../test/support/scale-inputs.ts";
import { hottestShare } from "./align.ts";
import { arbitrate, voicesOf } from "./arbiter.ts";
import type { LevelPlan } from "./levels.ts";
import type { Cause } from "./propose.ts";
import type { AutoscalerConfig } from "./settings.ts";

/** src → work (hash) → sink, now 2/4/2, all in one sharing group. */
const pipeline = (changes: Record<string, Partial<VertexInputs>> = {}): Record<string, VertexInputs> => ({
  src: aVertex({ name: "src", source: true, parallelism: 2, ...changes["src"] }),
  work: aVertex({ name: "work", hashed: true, inputs: ["src"], parallelism: 4, ...changes["work"] }),
  sink: aVertex({ name: "sink", inputs: ["work"], parallelism: 2, ...changes["sink"] }),
});

const p = (src: number, work: number, sink: number): Parallelism => ({ src, work, sink });
const planned = (changes: Partial<CalendarState> = {}): CalendarState => ({
  floors: {},
  ceilings: {},
  plans: ["market"],
  excludedUntil: null,
  ...changes,
});

interface Case {
  readonly reaction: Parallelism;
  readonly forecast?: Parallelism;
  readonly schedule?: CalendarState;
  readonly config?: Partial<AutoscalerConfig>;
  readonly vertices?: Record<string, VertexInputs>;
  readonly expected: Parallelism;
  readonly by: "schedule" | "forecast" | "reaction";
  readonly amended?: readonly string[];
}

const NOW = p(2, 4, 2);
const PLAN = {} as LevelPlan;
const WORK = aVertex({ name: "work", hashed: true });
const cases: Record<string, Case> = {
  "without a forecast the load of now decides": {
    reaction: p(2, 6, 2),
    expected: p(2, 6, 2),
    by: "reaction",
  },
  "a forecast decides where nothing is short": {
    reaction: NOW,
    forecast: p(2, 3, 2),
    expected: p(2, 3, 2),
    by: "forecast",
  },
  "a forecast of more wins over a reaction that would shrink": {
    reaction: p(1, 2, 1),
    forecast: p(3, 8, 3),
    expected: p(3, 8, 3),
    by: "forecast",
  },
  "lag now wins over a forecast of less, and takes nothing away elsewhere": {
    reaction: p(2, 9, 2),
    forecast: p(1, 3, 4),
    expected: p(2, 9, 4),
    by: "reaction",
  },
  "a reaction that asks for less than the forecast adds nothing": {
    reaction: p(2, 6, 2),
    forecast: p(3, 8, 3),
    expected: p(3, 8, 3),
    by: "forecast",
  },
  "a floor wins over a forecast that would shrink": {
    reaction: NOW,
    forecast: p(1, 2, 1),
    schedule: planned({ floors: { work: 6 } }),
    expected: p(1, 6, 1),
    by: "schedule",
    amended: ["amend scheduled-floor: scheduled floor (market): work 6 instead of 2"],
  },
  "a reaction may exceed a floor": {
    reaction: p(2, 9, 2),
    schedule: planned({ floors: { "*": 2 } }),
    expected: p(2, 9, 2),
    by: "reaction",
  },
  "a ceiling cuts a reaction and says so": {
    reaction: p(2, 9, 2),
    schedule: planned({ ceilings: { "*": 6 } }),
    expected: p(2, 6, 2),
    by: "schedule",
    amended: ["amend scheduled-ceiling: scheduled ceiling (market): work 6 instead of 9"],
  },
  "a ceiling that leaves nothing of the wish is the reason of the hold": {
    reaction: p(2, 9, 2),
    schedule: planned({ ceilings: { work: 4 } }),
    expected: NOW,
    by: "schedule",
    amended: ["veto scheduled-ceiling: scheduled ceiling (market): work 4 instead of 9"],
  },
  "a ceiling takes away what runs above it": {
    reaction: NOW,
    schedule: planned({ ceilings: { work: 3 } }),
    expected: p(2, 3, 2),
    by: "schedule",
    amended: ["amend scheduled-ceiling: scheduled ceiling (market): work 3 instead of 4"],
  },
  "a ceiling wins over a floor": {
    reaction: NOW,
    schedule: planned({ floors: { work: 8 }, ceilings: { work: 5 } }),
    expected: p(2, 5, 2),
    by: "schedule",
    amended: [
      "amend scheduled-floor: scheduled floor (market): work 8 instead of 4",
      "amend scheduled-ceiling: scheduled ceiling (market): work 5 instead of 8",
    ],
  },
  "a floor does not lift what people allow at most": {
    reaction: NOW,
    schedule: planned({ floors: { work: 20 } }),
    config: { vertices: { work: { max: 7 } } },
    expected: p(2, 7, 2),
    by: "schedule",
    amended: ["amend scheduled-floor: scheduled floor (market): work 7 instead of 4"],
  },
  "a plan leaves an excluded vertex alone": {
    reaction: NOW,
    schedule: planned({ floors: { "*": 3 }, ceilings: { work: 3 } }),
    config: { vertices: { work: { exclude: true } } },
    expected: p(3, 4, 3),
    by: "schedule",
    amended: ["amend scheduled-floor: scheduled floor (market): src 3 instead of 2, sink 3 instead of 2"],
  },
  "a limit of one rescale holds for a floor too": {
    reaction: NOW,
    schedule: planned({ floors: { work: 16 } }),
    config: { scaleUpLimit: 2 },
    expected: p(2, 8, 2),
    by: "schedule",
    amended: [
      "amend scheduled-floor: scheduled floor (market): work 16 instead of 4",
      "amend change-limit: one rescale may grow a vertex to 200 % at most: work 8 instead of 16",
    ],
  },
  "a ceiling does not mind the limit": {
    reaction: NOW,
    schedule: planned({ ceilings: { work: 1 } }),
    config: { scaleDownLimit: 0.25 },
    expected: p(2, 1, 2),
    by: "schedule",
    amended: ["amend scheduled-ceiling: scheduled ceiling (market): work 1 instead of 4"],
  },
  "a quota has the last word": {
    reaction: p(2, 12, 2),
    schedule: planned({ floors: { work: 9 } }),
    config: { maxSlots: 7 },
    expected: p(2, 7, 2),
    by: "reaction",
    amended: ["amend slot-quota: the job may have 7 slots and this would take 12: work 7 instead of 12"],
  },
  "what FORWARD edges tie together is cut together": {
    reaction: p(2, 9, 9),
    schedule: planned({ ceilings: { sink: 5 } }),
    vertices: pipeline({ sink: { forwardInputs: ["work"], parallelism: 4 } }),
    expected: p(2, 5, 5),
    by: "schedule",
    amended: [
      "amend scheduled-ceiling: scheduled ceiling (market): work 5 instead of 9, sink 5 instead of 9",
    ],
  },
  "what is tied to an excluded vertex stays as well": {
    reaction: p(2, 4, 4),
    schedule: planned({ floors: { sink: 8 } }),
    config: { vertices: { work: { exclude: true } } },
    vertices: pipeline({ sink: { forwardInputs: ["work"], parallelism: 4 } }),
    expected: p(2, 4, 4),
    by: "reaction",
  },
  "the worked example of the guide": {
    reaction: p(2, 9, 2),
    forecast: p(2, 2, 2),
    schedule: planned({ floors: { work: 6 }, ceilings: { work: 8 } }),
    config: { scaleUpLimit: 1.5 },
    expected: p(2, 6, 2),
    by: "reaction",
    amended: ["amend change-limit: one rescale may grow a vertex to 150 % at most: work 6 instead of 9"],
  },
  "a cut takes no value that is not worth its slots": {
    reaction: p(6, 4, 2),
    schedule: planned({ ceilings: { src: 5 } }),
    vertices: pipeline({ src: { partitions: 6, parallelism: 2 } }),
    expected: p(3, 4, 2),
    by: "schedule",
    amended: ["amend scheduled-ceiling: scheduled ceiling (market): src 3 instead of 6"],
  },
};

describe("arbitrate", () => {
  it.each(Object.entries(cases))("%s", (_, c) => {
    const inputs = someInputs(c.vertices ?? pipeline());
    const wishes = { reaction: c.reaction, forecast: c.forecast ?? null, schedule: c.schedule ?? null };
    const { proposal, by, amended } = arbitrate(inputs, aConfig(c.config), wishes);
    expect(proposal).toEqual(c.expected);
    expect(by).toBe(c.by);
    expect(amended.map((a) => `${a.verdict} ${a.name}: ${a.sentence}`)).toEqual(c.amended ?? []);
  });

  it.each<[string, Cause, LevelPlan | null, "reaction" | "forecast"]>([
    ["the load of now", "load", PLAN, "reaction"],
    ["lag", "lag", PLAN, "reaction"],
    ["what is to come", "forecast", PLAN, "forecast"],
    ["slots that the plan saves", "saving", PLAN, "forecast"],
    ["slots that are saved without a plan", "saving", null, "reaction"],
    ["bounds", "bounds", PLAN, "reaction"],
  ])("hears a choice because of %s (%s)", (_, cause, plan, voice) => {
    const inputs = someInputs(pipeline());
    const choice = { proposal: p(1, 2, 1), vertices: {}, cause, plan, slotsNeeded: 2, borne: null };
    const voices = voicesOf(choice, inputs);
    expect(voices[voice]).toEqual(p(1, 2, 1));
    expect(arbitrate(inputs, aConfig(), voices)).toEqual({ proposal: p(1, 2, 1), by: voice, amended: [] });
  });

  it("keeps every number of a sentence in the record", () => {
    const wishes = { reaction: p(2, 9, 2), forecast: null, schedule: planned({ ceilings: { "*": 6 } }) };
    const [ceiling] = arbitrate(someInputs(pipeline()), aConfig(), wishes).amended;
    expect(ceiling?.numbers).toEqual({ work: 6, "work asked": 9 });
  });

  it("never goes above a ceiling or the quota, and deals out no worse than a floor for less than one of these", () => {
    const count = fc.integer({ min: 1, max: 40 });
    const any = fc.record({ src: count, work: count, sink: count });
    const some = fc.dictionary(fc.constant("work"), count);
    const options = fc.record({
      maxSlots: fc.option(count, { nil: null }),
      scaleUpLimit: fc.option(fc.double({ min: 1.1, max: 4, noNaN: true }), { nil: null }),
    });
    fc.assert(
      fc.property(
        any,
        any,
        fc.option(any, { nil: null }),
        some,
        some,
        options,
        (now, reaction, forecast, floors, ceilings, own) => {
          const vertices = pipeline({
            src: { parallelism: now.src },
            work: { parallelism: now.work },
            sink: { parallelism: now.sink },
          });
          const wishes = { reaction, forecast, schedule: planned({ floors, ceilings }) };
          const { proposal } = arbitrate(someInputs(vertices), aConfig(own), wishes);
          const most = Math.min(ceilings["work"] ?? 99, own.maxSlots ?? 99);
          expect(proposal["work"]).toBeLessThanOrEqual(most);
          expect(Math.max(...Object.values(proposal))).toBeLessThanOrEqual(own.maxSlots ?? 99);
          expect(Math.min(...Object.values(proposal))).toBeGreaterThanOrEqual(1);
          if (own.scaleUpLimit === null) {
            // Fewer key groups to the hottest subtask than this: as good as the floor itself.
            const least = Math.min(floors["work"] ?? 1, most);
            expect(hottestShare(WORK, proposal["work"] ?? 1)).toBeLessThanOrEqual(hottestShare(WORK, least));
          }
        },
      ),
    );
  });
});

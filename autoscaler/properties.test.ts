import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScaleInputs, VertexInputs } from "../model/index.ts";
import { aConfig, aVertex, NOW, SUBJECT, someInputs } from "../test/support/scale-inputs.ts";
import { boundsOf } from "./bounds.ts";
import { decide } from "./decide.ts";
import { propose } from "./propose.ts";

/** A record in eleven days is the least: below it a backlog of one record is all that counts. */
const rate = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 50_000, noNaN: true }));

/** A vertex of an honest job; FORWARD edges are left to the tests that name them. */
const vertex: fc.Arbitrary<VertexInputs> = fc
  .record({
    parallelism: fc.integer({ min: 1, max: 64 }),
    costMs: fc.double({ min: 0.001, max: 50, noNaN: true }),
    arrivalRate: rate,
    above: fc.double({ min: 1, max: 5, noNaN: true }),
    source: fc.boolean(),
    hashed: fc.boolean(),
    partitions: fc.option(fc.integer({ min: 1, max: 64 })),
    maxParallelism: fc.constantFrom(64, 128, 720),
  })
  .map(({ above, ...v }) => aVertex({ ...v, peakArrivalRate: v.arrivalRate * above }));

/** A chain whose first vertex is a source; some edges are FORWARD. */
const chain = fc
  .array(fc.record({ v: vertex, forward: fc.boolean() }), { minLength: 1, maxLength: 5 })
  .map((list) => {
    const vertices: Record<string, VertexInputs> = {};
    let before: VertexInputs | undefined;
    for (const [i, { v, forward }] of list.entries()) {
      const tied = forward && before !== undefined;
      const joined: VertexInputs = {
        ...v,
        name: `v${i}`,
        source: i === 0,
        inputs: i === 0 ? [] : [`v${i - 1}`],
        forwardInputs: tied ? [`v${i - 1}`] : [],
      };
      // Flink runs both ends of a FORWARD edge with one parallelism.
      const p = tied && before !== undefined ? before.parallelism : v.parallelism;
      before = { ...joined, parallelism: p, capacity: ((joined.capacity ?? 0) / joined.parallelism) * p };
      vertices[`v${i}`] = before;
    }
    return vertices;
  });
const inputs = fc
  .record({
    vertices: chain,
    backlog: fc.option(fc.integer({ min: 0, max: 1_000_000 })),
    pause: fc.nat(30_000),
  })
  .map(({ vertices, backlog, pause }) => someInputs(vertices, { backlog, restartPauseMs: pause }));
const config = fc
  .record({
    min: fc.integer({ min: 1, max: 8 }),
    more: fc.nat(100),
    target: fc.double({ min: 0.2, max: 0.9, noNaN: true }),
  })
  .map((c) =>
    aConfig({ minParallelism: c.min, maxParallelism: c.min + c.more, targetUtilization: c.target }),
  );

function scaled(given: ScaleInputs, factor: number): ScaleInputs {
  const vertices = Object.entries(given.vertices).map(([id, v]) => [
    id,
    { ...v, arrivalRate: (v.arrivalRate ?? 0) * factor, peakArrivalRate: (v.peakArrivalRate ?? 0) * factor },
  ]);
  return { ...given, vertices: Object.fromEntries(vertices) };
}

describe("a proposal", () => {
  it("is never above the upper bound, except where a vertex runs above it while others grow", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const { proposal, vertices } = propose(given, c);
        const growing = Object.values(vertices).some((v) => v.direction === "up");
        for (const [id, v] of Object.entries(given.vertices)) {
          const { max } = boundsOf(c, id, v);
          expect(proposal[id]).toBeLessThanOrEqual(growing ? Math.max(max, v.parallelism) : max);
        }
      }),
    );
  });

  it("is never below the lower bound, except where a FORWARD edge leads to a lower upper bound", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const { proposal } = propose(given, c);
        const all = Object.entries(given.vertices).map(([id, v]) => boundsOf(c, id, v));
        const tied = Object.values(given.vertices).some((v) => v.forwardInputs.length > 0);
        for (const [id, v] of Object.entries(given.vertices)) {
          const { min } = boundsOf(c, id, v);
          const least = tied ? Math.min(min, ...all.map((b) => b.max)) : min;
          expect(proposal[id]).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  it("is a whole number of subtasks for both ends of every FORWARD edge alike", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const { proposal } = propose(given, c);
        expect(Object.values(proposal).every((p) => Number.isInteger(p) && p >= 1)).toBe(true);
        for (const [id, v] of Object.entries(given.vertices)) {
          for (const from of v.forwardInputs) expect(proposal[id]).toBe(proposal[from]);
        }
      }),
    );
  });

  // Rates grow together: a backlog is shared out by the sources' part of arrival, so a lone source that grows
  // takes catch-up work off the others by design.
  it("never falls when all that arrives grows", () => {
    fc.assert(
      fc.property(inputs, config, fc.double({ min: 1, max: 20, noNaN: true }), (given, c, factor) => {
        const [less, more] = [propose(given, c).proposal, propose(scaled(given, factor), c).proposal];
        for (const id of Object.keys(less)) expect(more[id]).toBeGreaterThanOrEqual(less[id] ?? 0);
      }),
    );
  });

  it("that grows anything takes nothing away", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const { proposal } = propose(given, c);
        const changes = Object.entries(given.vertices).map(([id, v]) => (proposal[id] ?? 0) - v.parallelism);
        expect(changes.some((d) => d > 0) && changes.some((d) => d < 0)).toBe(false);
      }),
    );
  });
});

describe("a decision", () => {
  it("is the same for the same input, and after a round trip through JSON", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const first = decide(SUBJECT, given, c, NOW);
        expect(decide(SUBJECT, given, c, NOW)).toEqual(first);
        const again = decide(SUBJECT, JSON.parse(JSON.stringify(given)), JSON.parse(JSON.stringify(c)), NOW);
        expect(JSON.stringify(again)).toBe(JSON.stringify(first));
      }),
    );
  });

  it("does not scale up once its own target runs and the backlog is gone", () => {
    fc.assert(
      fc.property(inputs, config, (given, c) => {
        const { proposal } = propose(given, c);
        const vertices = Object.entries(given.vertices).map(([id, v]) => {
          const parallelism = proposal[id] ?? v.parallelism;
          return [id, { ...v, parallelism, capacity: ((v.capacity ?? 0) / v.parallelism) * parallelism }];
        });
        const after = { ...given, backlog: 0, vertices: Object.fromEntries(vertices) };
        expect(decide(SUBJECT, after, c, NOW).reason).not.toBe("scale-up");
      }),
    );
  });

  it("holds as metric-missing when any vertex lacks its rate, or its capacity while records arrive", () => {
    const gap = fc.constantFrom({ arrivalRate: null }, { arrivalRate: 5, capacity: null });
    fc.assert(
      fc.property(inputs, config, fc.nat(), gap, (given, c, n, missing) => {
        const ids = Object.keys(given.vertices);
        const id = ids[n % ids.length] ?? "";
        const broken = { ...given.vertices, [id]: { ...aVertex(), ...given.vertices[id], ...missing } };
        const decision = decide(SUBJECT, { ...given, vertices: broken }, c, NOW);
        expect([decision.reason, decision.effective]).toEqual(["metric-missing", null]);
      }),
    );
  });

  it("never throws, however odd the numbers", () => {
    const odd = fc.oneof(
      fc.constantFrom(null, 0, 1e-308, 1e308, Number.MAX_SAFE_INTEGER, -1),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const strange = fc.record({
      name: fc.constantFrom("v", "constructor", "__proto__", ""),
      parallelism: fc.constantFrom(0, 1, 1e9),
      maxParallelism: fc.constantFrom(0, 1, 32_768),
      slotSharingGroup: fc.string(),
      source: fc.boolean(),
      hashed: fc.boolean(),
      inputs: fc.constant([]),
      forwardInputs: fc.constantFrom([], ["a"], ["b"], ["nobody"]),
      partitions: odd,
      arrivalRate: odd,
      peakArrivalRate: odd,
      costMs: odd,
      selectivity: odd,
      capacity: odd,
      utilization: odd,
      backPressuredShare: odd,
      busyShare: odd,
      beta: fc.constantFrom(0, 1, 0.5, -3, 1e9),
      confidence: fc.constantFrom(0, 1, 7),
      spread: fc.constantFrom(0, 1, 9),
      measured: fc.constantFrom<readonly (readonly [number, number])[]>(
        [],
        [[0, 0]],
        [
          [1, 5],
          [1, 5],
        ],
      ),
      hottestSubtask: odd,
      hottestShare: odd,
      bound: fc.option(
        fc.constantFrom({ at: 0, rate: 0, parallelism: 0 }, { at: NOW, rate: 1e9, parallelism: 7 }),
      ),
    });
    const times = fc.record({ backlog: odd, slotsFree: odd, foreignChangeAt: odd, lastRescaleAt: odd });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "c"), strange),
        times,
        config,
        (vertices, numbers, c) => {
          const decision = decide(SUBJECT, someInputs(vertices, numbers), c, NOW);
          expect(decision.sentence).not.toBe("");
        },
      ),
    );
  });
});

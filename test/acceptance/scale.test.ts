import { afterEach, describe, expect, it } from "vitest";
import { type AutoscalerConfig, decide } from "../../autoscaler/index.ts";
import { type DecisionRecord, formatDuration } from "../../model/index.ts";
import { keyOf, PASS_MS, Ride, type RideOptions } from "../support/ride.ts";
import { type FlinkOptions, SINK, SOURCE, TroubledFlink, WORK } from "../support/troubled-flink.ts";

const open: { close(): Promise<void> }[] = [];
const seen: DecisionRecord[] = [];

async function start(flinkOptions: FlinkOptions = {}, options: Partial<RideOptions> = {}) {
  const flink = await new TroubledFlink(flinkOptions).listen();
  const ride = new Ride({ clusters: { main: flink.url }, ...options });
  open.push({ close: async () => void (await Promise.all([flink.close(), ride.close()])) });
  return {
    flink,
    ride,
    passes: async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await ride.round(flink.advance(PASS_MS));
      for (const record of ride.records()) checkRecord(record);
    },
  };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A record says alone what was proposed and why, and its sentence says nothing that it does not hold. */
function checkRecord(stored: DecisionRecord): void {
  seen.push(stored);
  const record = JSON.parse(JSON.stringify(stored)) as DecisionRecord;
  const { job, flinkJobId, inputs, settings, at } = record;
  const again = decide({ job, flinkJobId }, inputs, settings as unknown as AutoscalerConfig, at);
  const told = ({ proposal, effective, reason, guards, sentence, estimate }: typeof again) => ({
    proposal,
    effective,
    reason,
    guards,
    sentence,
    estimate,
  });
  expect(told(JSON.parse(JSON.stringify(again)))).toEqual(told(record));
  const { sentence: _, ...rest } = record;
  const known = numbersIn(rest);
  for (const number of sentenceNumbers(record)) {
    expect([...known], `${number} in "${record.sentence}"`).toContain(number);
  }
}

/** Every number of a record in the roundings that sentences use: whole, percent, parts of a duration. */
function numbersIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "number") {
    found.add(String(Math.round(value))).add(String(Math.round(value * 100)));
    for (const part of formatDuration(value).match(/\d+/g) ?? []) found.add(part);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) numbersIn(part, found);
  }
  return found;
}

const sentenceNumbers = (record: DecisionRecord): readonly string[] =>
  record.sentence.replaceAll(/(?<=\d),(?=\d)/g, "").match(/\d+/g) ?? [];

const parallelism = (work: number) => ({ [SOURCE]: 1, [WORK]: work, [SINK]: 1 });

describe("a load step", () => {
  it("up is answered by one rescale, and the backlog drains", async () => {
    const { flink, ride, passes } = await start({ arrival: 30 });
    await passes(8);
    expect(ride.view()).toMatchObject({ verdict: "within-target", parallelism: { work: 1 } });
    flink.arrival = 200;
    await passes(40);
    expect(flink.changes).toHaveLength(1);
    expect(flink.parallelism[WORK]).toBeGreaterThanOrEqual(6);
    expect(flink.pending).toBeLessThan(200);
    expect(ride.acts()).toMatchObject([{ outcome: { verdict: "reached" }, record: { reason: "scale-up" } }]);
    expect(ride.view()).toMatchObject({ verdict: "within-target" });
    expect(ride.events.map((e) => e.type)).toEqual(
      expect.arrayContaining(["decision", "attempt", "outcome"]),
    );
  });

  it("down is answered only after the patience, by one rescale", async () => {
    const { flink, ride, passes } = await start({ arrival: 200, parallelism: 6 });
    await passes(20);
    expect(flink.changes).toEqual([]);
    flink.arrival = 30;
    const stepAt = flink.now;
    await passes(9);
    expect(flink.changes).toEqual([]);
    await passes(40);
    expect(flink.changes).toEqual([parallelism(1)]);
    const [act] = ride.acts();
    expect(act).toMatchObject({ outcome: { verdict: "reached" }, record: { reason: "scale-down" } });
    expect((act?.record.at ?? 0) - stepAt).toBeGreaterThanOrEqual(20_000);
    expect(flink.pending).toBeLessThan(50);
  });

  it("is not answered while readings are missing", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 });
    flink.trouble = { kind: "half-missing" };
    await passes(20);
    expect(ride.view().verdict).toBe("metric-missing");
    expect(flink.puts).toBe(0);
  });
});

describe("permission", () => {
  it("observe: says what it would do and changes nothing", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 }, { mode: "observe" });
    await passes(20);
    expect(flink.puts).toBe(0);
    expect(ride.view()).toMatchObject({ verdict: "scale-up", parallelism: { work: 1 } });
    expect(ride.view().wanted?.["work"]).toBeGreaterThan(1);
    for (const d of ride.acts()) {
      expect(d).toMatchObject({ attempts: [], outcome: null, permits: [{ code: "read-only" }] });
    }
  });

  it("approve: waits for a person, then acts on that word", async () => {
    const { flink, ride, passes } = await start(
      { arrival: 60 },
      { mode: "approve", settings: { maxParallelism: 2 } },
    );
    await passes(12);
    const [asked, ...others] = ride.acts();
    expect(others).toEqual([]);
    expect(asked?.permits).toMatchObject([{ code: "needs-approval" }]);
    expect(flink.puts).toBe(0);
    const decision = asked?.record.id ?? "";
    ride.store.appendApproval({ decision, at: flink.now, by: "ann", verdict: "approved", reason: null });
    await passes(6);
    expect(flink.changes).toEqual([asked?.record.effective]);
    expect(ride.store.decision(decision)).toMatchObject({
      permits: [{ code: "needs-approval" }, { code: "allowed", by: "ann" }],
      outcome: { verdict: "reached" },
    });
    await passes(6);
    expect(flink.puts).toBe(1);
  });

  it("approve: a rejected decision is not done", async () => {
    const { flink, ride, passes } = await start(
      { arrival: 60 },
      { mode: "approve", settings: { maxParallelism: 2 } },
    );
    await passes(8);
    const decision = ride.acts()[0]?.record.id ?? "";
    ride.store.appendApproval({ decision, at: flink.now, by: "ann", verdict: "rejected", reason: "sale" });
    ride.mode = "act";
    await passes(10);
    expect(flink.puts).toBe(0);
    expect(ride.store.decision(decision)?.permits.at(-1)).toMatchObject({
      code: "rejected",
      sentence: "rejected by ann: sale",
    });
  });

  it("a pause holds until its end", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 }, { settings: { maxParallelism: 6 } });
    const until = flink.now + 30_000;
    ride.store.setPause({ job: keyOf("main"), owner: "ann", reason: "release", from: flink.now, until });
    await passes(14);
    expect(flink.puts).toBe(0);
    expect(ride.view().pause).toMatchObject({ owner: "ann" });
    expect(ride.acts().at(-1)?.permits).toMatchObject([{ code: "paused", by: "ann" }]);
    await passes(20);
    expect(flink.changes).toHaveLength(1);
    expect(ride.acts().at(-1)?.outcome?.verdict).toBe("reached");
  });
});

describe("what others do", () => {
  it("somebody else's change of the requirements is left alone for a while", async () => {
    const { flink, ride, passes } = await start({ arrival: 30 });
    await passes(8);
    flink.put(parallelism(4));
    await passes(15);
    expect(ride.view()).toMatchObject({ verdict: "another-autoscaler-active", parallelism: { work: 4 } });
    expect(flink.puts).toBe(0);
    await passes(60);
    expect(flink.changes).toEqual([parallelism(4), parallelism(1)]);
  });

  it("our own change is never taken for somebody else's", async () => {
    const { flink, ride, passes } = await start({ arrival: 200, rescaleMs: 1_000 });
    await passes(30);
    expect(flink.changes).toHaveLength(1);
    expect(ride.records().filter((r) => r.reason === "another-autoscaler-active")).toEqual([]);
  });

  it("an accepted change that never comes true is given up at the deadline", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 });
    flink.trouble = { kind: "put-stuck" };
    await passes(10);
    expect(ride.view()).toMatchObject({ verdict: "rescaling", parallelism: { work: 1 } });
    await passes(14);
    const [first] = ride.acts();
    expect(first?.attempts.map((a) => a.status)).toEqual(["intended", "accepted"]);
    expect(first?.outcome).toMatchObject({ verdict: "not-reached", tookMs: null });
    expect((first?.outcome?.at ?? 0) - (first?.attempts[0]?.at ?? 0)).toBeGreaterThan(30_000);
    expect(ride.events.filter((e) => e.type === "outcome")).toMatchObject([{ severity: "warning" }]);
  });

  it("a refusal is recorded and asked again only after a back-off that grows", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 }, { settings: { maxParallelism: 2 } });
    flink.trouble = { kind: "put-refused" };
    const asked: number[] = [];
    for (let i = 0; i < 50; i++) {
      const before = flink.puts;
      await passes(1);
      if (flink.puts > before) asked.push(flink.now);
    }
    const waits = asked.slice(1).map((at, i) => at - (asked[i] ?? 0));
    expect(waits).toEqual([10_000, 20_000, 40_000]);
    const refused = ride.acts().filter((d) => d.attempts.length > 0);
    expect(refused).toHaveLength(4);
    for (const d of refused) {
      expect(d.attempts.at(-1)).toMatchObject({ status: "failed" });
      expect(d.attempts.at(-1)?.sentence).toMatch(/cannot rescale the job: PUT .*; got 400: .*; expected/);
    }
    flink.trouble = undefined;
    await passes(50);
    expect(flink.changes).toHaveLength(1);
    expect(ride.acts().at(-1)?.outcome?.verdict).toBe("reached");
  });

  it("a request whose reply is lost is neither repeated nor forgotten", async () => {
    const { flink, ride, passes } = await start({ arrival: 200 }, { settings: { maxParallelism: 2 } });
    flink.trouble = { kind: "put-unanswered" };
    await passes(25);
    expect(flink.puts).toBe(1);
    expect(ride.acts()).toMatchObject([
      { attempts: [{ status: "intended" }, { status: "requested" }], outcome: { verdict: "reached" } },
    ]);
  });
});

it("the records of all of this covered many reasons", () => {
  expect(seen.map((r) => r.reason)).toEqual(
    expect.arrayContaining([
      "another-autoscaler-active",
      "metric-missing",
      "scale-down",
      "scale-up",
      "stabilizing",
    ]),
  );
});

import { afterEach, describe, expect, it } from "vitest";
import { PASS_MS, Ride } from "../support/ride.ts";
import { type Trouble, TroubledFlink, WORK } from "../support/troubled-flink.ts";

interface Row {
  readonly name: string;
  readonly trouble: Trouble;
  readonly verdict: string;
  /** What a person reads. */
  readonly says: RegExp;
  /** Passes until it shows, where it does not at once. */
  readonly passes?: number;
}

const LIST = /^GET \/jobs\/overview/;
const JOB = /^GET \/jobs\/[0-9a-f]{32}$/;
const listing = (got: string) =>
  new RegExp(`^Hold: cannot list jobs: GET http://\\S+/jobs/overview; got .*${got}.*; expected .+\\.$`);
const reading = (got: string) =>
  new RegExp(`^Hold: cannot read the job: GET http://\\S+/jobs/1{32}; got .*${got}.*; expected .+\\.$`);

const ROWS: readonly Row[] = [
  { name: "connections are cut", trouble: { kind: "down" }, verdict: "unreachable", says: listing("closed") },
  {
    name: "no reply",
    trouble: { kind: "slow" },
    verdict: "unreachable",
    says: listing("no complete reply in 700 ms"),
  },
  {
    name: "an endless reply",
    trouble: { kind: "endless" },
    verdict: "unreachable",
    says: listing("more than 200000 bytes"),
  },
  { name: "half a reply", trouble: { kind: "garbage" }, verdict: "unreachable", says: listing("not JSON") },
  { name: "a login page", trouble: { kind: "html" }, verdict: "unreachable", says: listing("a web page") },
  {
    name: "another shape",
    trouble: { kind: "wrong-shape" },
    verdict: "unreachable",
    says: listing("7 at jobs\\[0\\]\\.jid"),
  },
  {
    name: "a proxy's error",
    trouble: { kind: "proxy-error" },
    verdict: "unreachable",
    says: listing("502, a web page"),
  },
  {
    name: "no leader",
    trouble: { kind: "not-ready" },
    verdict: "unreachable",
    says: listing("503: .*leader election"),
  },
  {
    name: "only the list is cut",
    trouble: { kind: "down", on: LIST },
    verdict: "unreachable",
    says: listing("closed"),
  },
  {
    name: "only the job gives no reply",
    trouble: { kind: "slow", on: JOB },
    verdict: "unreadable",
    says: reading("no complete reply"),
  },
  {
    name: "only the job is endless",
    trouble: { kind: "endless", on: JOB },
    verdict: "unreadable",
    says: reading("more than 200000"),
  },
  {
    name: "only the job is garbage",
    trouble: { kind: "garbage", on: JOB },
    verdict: "unreadable",
    says: reading("not JSON"),
  },
  {
    name: "only the job has another shape",
    trouble: { kind: "wrong-shape", on: JOB },
    verdict: "unreadable",
    says: reading("nothing at jid"),
  },
  {
    name: "listed, but gone when read",
    trouble: { kind: "vanished" },
    verdict: "gone",
    says: reading("404: Job 1{32} not found"),
  },
  {
    name: "half of the metrics are missing",
    trouble: { kind: "half-missing" },
    verdict: "metric-missing",
    says: /^Hold: cost per record of vertex (work|sink) is missing; missing is not zero\.$|^Hold: pending records/,
    passes: 24,
  },
  {
    name: "NaN as busy time",
    trouble: { kind: "nan" },
    verdict: "metric-missing",
    says: /^Hold: cost per record of vertex work is missing; missing is not zero\.$/,
    passes: 24,
  },
  {
    name: "two jobs of one name",
    trouble: { kind: "namesakes" },
    verdict: "duplicate-key",
    says: /^2 running jobs are called main\/default\/orders; none is changed until one of them is gone\./,
  },
];

const open: { close(): Promise<void> }[] = [];

/** The trouble is in cluster `main`; cluster `other` is well all the time. */
async function start(trouble?: Trouble) {
  const main = await new TroubledFlink({ arrival: 30 }).listen();
  const other = await new TroubledFlink({ arrival: 30 }).listen();
  main.trouble = trouble;
  const ride = new Ride({ clusters: { main: main.url, other: other.url } });
  open.push(main, other, ride);
  const passes = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      other.advance(PASS_MS);
      await ride.round(main.advance(PASS_MS));
    }
  };
  return { main, other, ride, passes };
}

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

describe("trouble with one Flink is said, holds, spares the other and passes", () => {
  it.each(ROWS)("$name", async ({ trouble, verdict, says, passes: count = 2 }) => {
    const { main, other, ride, passes } = await start();
    await passes(8);
    expect(ride.view("main").verdict).toBe("within-target");
    const before = ride.decisions("main").map((d) => d.record.id);

    main.trouble = trouble;
    await passes(count);
    expect(ride.view("main")).toMatchObject({ verdict, sentence: expect.stringMatching(says) });
    expect(ride.view("main").sentence).not.toMatch(/undefined|\[object|Exception|\n/);
    expect(ride.fleet.lastSaid(ride.view("main").key)?.at).toBe(main.now);

    // Load steps up on both: the healthy one is served, the other is left alone.
    main.arrival = 100;
    other.arrival = 100;
    await passes(7);
    expect(main.puts).toBe(0);
    expect(other.changes).toHaveLength(1);
    expect(other.parallelism[WORK]).toBeGreaterThanOrEqual(3);
    expect(ride.view("other").verdict).not.toBe(verdict);

    main.trouble = undefined;
    await passes(30);
    expect(main.changes.length).toBeGreaterThan(0);
    expect(main.parallelism[WORK]).toBeGreaterThanOrEqual(3);
    expect(ride.view("main").verdict).toBe("within-target");
    const after = ride.decisions("main").map((d) => d.record.id);
    expect(after.slice(0, before.length)).toEqual(before);
    for (const d of ride.acts("main").filter((a) => a.attempts.length > 0)) {
      expect(d.outcome?.verdict).toBe("reached");
    }
  });
});

describe("what never was readable", () => {
  it("a job that is not adaptive is watched, with the way out in its sentence", async () => {
    const { main, ride, passes } = await start({ kind: "not-adaptive" });
    main.arrival = 100;
    await passes(12);
    expect(ride.view("main")).toMatchObject({
      verdict: "not-adaptive",
      sentence: expect.stringMatching(
        /does not run under the adaptive scheduler; set jobmanager.scheduler: adaptive/,
      ),
    });
    expect(main.puts).toBe(0);
    main.trouble = undefined;
    main.resubmit();
    await passes(20);
    expect(main.changes).toHaveLength(1);
    expect(ride.view("main")).toMatchObject({ verdict: "within-target", flinkJobId: main.jobId });
  });

  it("a version that cannot be asked is not taken for a scheduler that cannot rescale", async () => {
    const { main, ride, passes } = await start({ kind: "proxy-error", on: /^GET \/config/ });
    await passes(8);
    expect(ride.view("main")).toMatchObject({
      verdict: "unreadable",
      sentence: expect.stringMatching(
        /^Hold: cannot read Flink's version: GET \S+\/config; got 502.*; expected/,
      ),
    });
    main.trouble = undefined;
    await passes(8);
    expect(ride.view("main").verdict).toBe("within-target");
  });

  it("a cluster that was never up has no jobs, says so once, and is watched when it comes", async () => {
    const { main, ride, passes } = await start({ kind: "down" });
    await passes(4);
    expect(ride.fleet.keysOf("main")).toEqual([]);
    expect(ride.fleet.clusters()[0]?.said).toMatchObject({ ok: false });
    expect(ride.events.filter((e) => e.type === "cluster-silent")).toHaveLength(1);
    main.trouble = undefined;
    await passes(8);
    expect(ride.view("main").verdict).toBe("within-target");
    expect(ride.events.filter((e) => e.type === "cluster-answers")).toHaveLength(1);
  });

  it("a scale under way outlasts a Flink that falls silent", async () => {
    const { main, ride, passes } = await start();
    main.arrival = 100;
    await passes(4);
    expect(main.changes).toHaveLength(1);
    main.trouble = { kind: "down" };
    await passes(4);
    expect(ride.store.openDecisions()).toHaveLength(1);
    main.trouble = undefined;
    await passes(3);
    expect(ride.acts("main")).toMatchObject([{ outcome: { verdict: "reached" } }]);
    expect(main.puts).toBe(1);
  });
});

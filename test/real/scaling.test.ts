import { describe, expect, test } from "vitest";
import type { FlinkVersion } from "./flink/fetch.ts";
import { rideLoadStep } from "./load-step.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
const full = process.env["REAL_FULL"] === "1";
/** With the subject off the first test must go red: it is how we know that it can. */
const mode = process.env["SUBJECT_OFF"] === "1" ? "observe" : "act";

describe.each(versions)("on Flink %s", (version) => {
  test("a load x6 is met by every vertex that needs it, the backlog drains, and the job shrinks again", async () => {
    const ride = await rideLoadStep({ version, mode, portBase: 18300 });
    process.stdout.write(`${JSON.stringify(ride)}\n`);
    expect(ride.firstDecisionS ?? Number.POSITIVE_INFINITY, "seconds until the first rescale").toBeLessThan(
      30,
    );
    expect(ride.parallelismUp["work"], "work needs 5 at 0.7").toBeGreaterThanOrEqual(4);
    expect(ride.parallelismUp["work"]).toBeLessThanOrEqual(7);
    expect(ride.parallelismUp["count"], "count needs 3 at 0.7").toBeGreaterThanOrEqual(2);
    expect(ride.parallelismUp["count"]).toBeLessThanOrEqual(4);
    expect(ride.parallelismUp["Source: gen"]).toBe(1);
    expect(ride.backlogGoneS, "seconds until the backlog was gone").not.toBeNull();
    expect(ride.parallelismDown["work"], "250 records/s need 1").toBeLessThanOrEqual(2);
    expect(ride.parallelismDown["count"]).toBe(1);
    expect(ride.rescalesUp).toBeLessThanOrEqual(3);
  });

  test.runIf(full)("in observe mode nothing is changed however high the load", async () => {
    const ride = await rideLoadStep({ version, mode: "observe", portBase: 18300, upS: 30 });
    expect(ride.rescalesUp).toBe(0);
    expect(Object.values(ride.requirements), "upper bounds as submitted").toEqual([1, 1, 1, 1]);
    expect(ride.peakPending, "the load was really too high").toBeGreaterThan(10_000);
  });
});

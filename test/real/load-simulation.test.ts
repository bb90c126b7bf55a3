import { describe, expect, test } from "vitest";
import type { FlinkVersion } from "./flink/fetch.ts";
import { summaryOf } from "./load-simulation-result.ts";
import { rideLoadSimulation } from "./load-simulation-ride.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
const full = process.env["REAL_FULL"] === "1";
/** With the subject off the test must go red: it is how we know that it can. */
const mode = process.env["SUBJECT_OFF"] === "1" ? "observe" : "act";
/** The example's own loads, for 25 minutes a version: only in the full run. */
const long = { maxLoadPerTask: "1;2;4;8;16|16;8;4;2;1|8;4;16;1;2", periodMinutes: 20, periods: 1.25 };

/**
 * A vertex below ones that cannot keep up is sized by its first few records, of which each also costs what a task does in
 * its first seconds. In slots that a larger one has taken anyway that is free.
 */
const SMALL = 7;
/** All share their slots: what the job holds is its largest vertex. */
const LARGEST_LOAD = 16;

describe.each(versions)("on Flink %s", (version) => {
  test.runIf(full)(
    "every vertex goes up and down with its own load, which has nothing to do with the rate of records",
    {
      timeout: 2_400_000,
    },
    async () => {
      const ride = await rideLoadSimulation({ version, mode, portBase: 18_500, ...long });
      const told = summaryOf(ride);
      process.stdout.write(`${JSON.stringify({ story: ride.story, told }, null, 1)}\n`);
      const slots = Math.max(...told.map(({ highest }) => highest));
      expect(slots, "slots: not twice too many").toBeLessThanOrEqual(LARGEST_LOAD * 2 + 1);
      for (const { stage, highest, lowestAfter } of told) {
        const name = `branch ${stage.branch}, load ${stage.maxLoad}`;
        expect(highest, `${name}: at its peak`).toBeGreaterThanOrEqual(stage.maxLoad);
        expect(highest, `${name}: inside the slots`).toBeLessThanOrEqual(Math.max(stage.maxLoad * 3, SMALL));
        expect(lowestAfter, `${name}: after its peak`).toBeLessThanOrEqual(Math.ceil(stage.maxLoad / 2));
      }
    },
  );
});

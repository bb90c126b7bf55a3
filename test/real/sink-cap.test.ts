import { describe, expect, test } from "vitest";
import type { FlinkVersion } from "./flink/fetch.ts";
import { raisesOf, rideSinkCap } from "./sink-cap-ride.ts";

const versions: readonly FlinkVersion[] = ["1.20.5", "2.3.0"];
const full = process.env["REAL_FULL"] === "1";
/** With the subject off the test must go red: it is how we know that it can. */
const mode = process.env["SUBJECT_OFF"] === "1" ? "observe" : "act";

describe.each(full ? versions : versions.slice(0, 1))("on Flink %s", (version) => {
  test("a sink that the outside bounds is probed at most once and then refused by name, and its twin scales", async () => {
    const ride = await rideSinkCap({ version, mode, portBase: 18_540, seconds: 200 });
    process.stdout.write(`${JSON.stringify(ride, null, 1)}\n`);
    const last = ride.bounds.at(-1)?.of ?? {};
    expect(last["twin"], "the twin alone takes 500 of 1,500 records/s").toBeGreaterThanOrEqual(2);
    expect(raisesOf(ride, "drop"), "probes of the sink").toBeLessThanOrEqual(1);
    expect(last["drop"], "no more than the probe gave").toBeLessThanOrEqual(4);
    expect(ride.vetoes["sink-bound"], "the refusal").toContain("drop");
  });
});

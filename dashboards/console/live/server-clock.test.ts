import { describe, expect, it } from "vitest";
import { createServerClock } from "./server-clock.ts";

const HERE = 1_000_000_000;
const MINUTE = 60_000;

describe("the clock of the server", () => {
  it("is that of this machine until something is known", () => {
    expect(createServerClock().now(HERE)).toBe(HERE);
  });

  it.each([
    ["ahead by minutes", 3 * MINUTE, 3 * MINUTE],
    ["ahead by seconds: nothing happens before its time", 3_000, 3_000],
    ["behind by seconds: the last thing that happened is a little old", -20_000, 0],
    ["behind by minutes", -3 * MINUTE, -3 * MINUTE],
  ])("is used from the first reply on when it is %s", (_what, difference, expected) => {
    const clock = createServerClock();
    expect(clock.notice(HERE + difference, HERE)).toBe("first");
    expect(clock.now(HERE) - HERE).toBe(expected);
    expect(clock.now(HERE + 1_000) - HERE).toBe(expected + 1_000);
  });

  it("is followed at its speed, from two moments on", () => {
    const clock = createServerClock();
    clock.notice(HERE + MINUTE, HERE);
    clock.notice(HERE + 2 * MINUTE, HERE + 6_000);
    expect(clock.now(HERE + 9_000)).toBe(HERE + 2 * MINUTE + 30_000);
  });

  it("is not said to be fast for a rhythm that is not even", () => {
    const clock = createServerClock();
    for (const [i, late] of [0, 900, 300, 1_500, 0].entries()) {
      clock.notice(HERE + 10 * MINUTE + i * 2_000, HERE + i * 2_000 + late);
    }
    expect(clock.now(HERE + 9_000)).toBe(HERE + 10 * MINUTE + 9_000);
  });

  it("that goes back belongs to another run, unless it is set right by little", () => {
    const clock = createServerClock();
    clock.notice(HERE + MINUTE, HERE);
    expect(clock.notice(HERE + MINUTE - 1_000, HERE + 2_000)).toBe("onward");
    expect(clock.notice(HERE + 2_000, HERE + 4_000)).toBe("back");
    expect(clock.now(HERE + 4_000)).toBe(HERE + 4_000);
  });
});

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Contestant, ContestantFactory } from "./contest.ts";

/** A simulation took more real time than it may. */
export class OutOfTime extends Error {
  constructor() {
    super("the simulation takes too long");
    this.name = "OutOfTime";
  }
}

/**
 * The same policy, which lets the process do its other work between any two of its passes and gives up when it may
 * not go on. A simulation runs in the process that rides beside real jobs: their passes must not wait for its end.
 */
export function inTurns(create: ContestantFactory, mayGoOn: () => boolean): ContestantFactory {
  return (setup, hand): Contestant => {
    const contestant = create(setup, hand);
    return {
      ...contestant,
      async pass(readout, cpu, now) {
        await nextTurn();
        if (!mayGoOn()) {
          await contestant.end?.();
          throw new OutOfTime();
        }
        return await contestant.pass(readout, cpu, now);
      },
    };
  };
}

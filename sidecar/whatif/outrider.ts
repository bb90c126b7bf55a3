import { autoscalerSettings, compileAutoscalerSettings, learnedFrom } from "../../autoscaler/index.ts";
import { Failure, type FlinkJobId, type JobReadout, jobKey } from "../../model/index.ts";
import { cycle, UNWATCHED, type Watched } from "../cycle.ts";
import type { Store } from "../store/port.ts";
import { openStore } from "../store/sqlite.ts";
import type { Contestant, ContestSetup, Hand } from "./contest.ts";

/** Records that a run keeps: more than the passes of a day. */
const KEEP = { keepMs: 365 * 86_400_000, maxRows: 100_000 };

/**
 * Outrider itself: the same pass that the process runs (`cycle`), with its own store in memory, the default settings
 * and the bounds of the contest. Nothing of it knows that the time is virtual.
 */
export function createOutrider(setup: ContestSetup, hand: Hand): Contestant {
  const store = withoutHolds(openStore({ path: ":memory:", ...KEEP }));
  const job = jobKey({ cluster: "what-if", namespace: "default", name: setup.bench.name });
  const config = {
    ...compileAutoscalerSettings(autoscalerSettings.parse({})),
    minParallelism: setup.minParallelism,
    maxParallelism: setup.maxParallelism,
    ...setup.settings,
  };
  const learned = setup.history === null ? undefined : learnedFrom(setup.history);
  let watched: Watched = { ...UNWATCHED, learned };
  let readout: JobReadout | undefined;
  const reader = {
    listJobs: async () => [],
    readJob: async (_: FlinkJobId) => {
      if (readout === undefined)
        throw new Failure("not-found", "cannot read the job of a what-if before it began");
      return readout;
    },
  };
  const actuator = {
    apply: async (_: FlinkJobId, target: Readonly<Record<string, number>>) => {
      hand.put(target);
      return "requested" as const;
    },
  };
  const ports = { reader, actuator, store, recover: async () => true };
  return {
    name: "outrider",
    passMs: setup.passMs,
    async pass(now_readout, _cpu, now) {
      readout = now_readout;
      const subject = { job, flinkJobId: readout.flinkJobId, mode: "act" as const, namesakes: 1, config };
      watched = (await cycle(ports, subject, watched, now)).watched;
      return undefined;
    },
    end: () => store.close(),
  };
}

/** Nobody reads the holds of a run, of which there are thousands; what is to be done is written as ever. */
function withoutHolds(store: Store): Store {
  return {
    ...store,
    recordDecision: (id, decision) =>
      decision.effective === null
        ? { ...decision, id, since: decision.at, times: 1 }
        : store.recordDecision(id, decision),
  };
}

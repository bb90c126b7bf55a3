import { describe, expect, it } from "vitest";
import type { Outcome, OutriderEvent, Permit } from "../../model/index.ts";
import { aChain, aVertex, someInputs } from "../../test/support/scale-inputs.ts";
import { aDecision, NOW, ORDERS } from "../http/fake-process.ts";
import type { DecisionHistory } from "../store/port.ts";
import { Story } from "./story.ts";

const LINK = "http://console/jobs/orders";
const INPUTS = someInputs(aChain(1_000, { work: 2, count: 0.1 }));
const UP = aDecision({ work: 3 }, { reason: "scale-up", inputs: INPUTS });
const permit = (code: Permit["code"], sentence = ""): Permit => ({
  decision: "d",
  at: NOW,
  code,
  by: "mode",
  sentence,
});
const hold = (reason: string, sentence: string, inputs = INPUTS) =>
  history({ record: { ...aDecision(null, { reason, sentence, inputs }), id: "d", since: NOW, times: 1 } });
const OUTCOME: Outcome = {
  decision: "d",
  at: NOW,
  verdict: "reached",
  expected: {},
  observed: {},
  tookMs: 1_340,
  sentence: "every vertex runs with the target",
};

function history(changes: Partial<DecisionHistory<"scale">> = {}): DecisionHistory<"scale"> {
  const record = { ...UP, id: "d", since: NOW, times: 1 };
  return { record, permits: [], approval: null, attempts: [], outcome: null, ...changes };
}

type Heard = readonly [type: string, told?: DecisionHistory | string, severity?: OutriderEvent["severity"]];

/** What the story says of events in a row; a text beside a type is the event's sentence, or the state. */
function told(...events: readonly Heard[]): readonly (string | undefined)[] {
  let now: DecisionHistory | undefined;
  let state = "RUNNING";
  const story = new Story({ decision: () => now, stateOf: () => state, addressOf: () => LINK });
  return events.map(([type, about, severity = "info"]) => {
    now = typeof about === "object" ? about : undefined;
    const sentence = typeof about === "string" ? about : "";
    if (type === "state") state = sentence;
    const decision = now === undefined ? undefined : "d";
    const line = story.hear({ seq: 1, at: NOW, job: ORDERS, type, severity, sentence, decision });
    return line === undefined ? undefined : [line.tone, line.text, line.link].filter(Boolean).join(" | ");
  });
}

describe("a decision", () => {
  it.each([
    [
      "says what arrives, what the busiest vertex can do, and what changes",
      history(),
      "act | 1,000 records/s arrive, twice what work can do: work 1 → 3.",
    ],
    [
      "says a backlog that is seconds of the load",
      history({ record: { ...history().record, inputs: { ...INPUTS, backlog: 12_345 } } }),
      "act | 1,000 records/s arrive, twice what work can do, and 12,345 records wait: work 1 → 3.",
    ],
    [
      "says for how long fewer were enough before scaling down",
      history({
        record: {
          ...history().record,
          reason: "scale-down",
          effective: { work: 2 },
          inputs: someInputs(aChain(100, { work: 2, count: 0.1 }, { work: 4 })),
        },
      }),
      "act | fewer were enough for 60 s: 100 records/s arrive, work uses 5 % of its capacity; work 4 → 2.",
    ],
    [
      "that waits for a person shows where to click",
      history({ permits: [permit("needs-approval")] }),
      `ask | 1,000 records/s arrive, twice what work can do: work 1 → 3? Outrider asks you first: | ${LINK}`,
    ],
    [
      "that is not permitted says why",
      history({ permits: [permit("paused", "paused by ann until noon: release")] }),
      "hold | 1,000 records/s arrive, twice what work can do: work 1 → 3? Not done, paused by ann until noon: release.",
    ],
  ])("%s", (_, decision, line) => {
    expect(told(["decision", decision])).toEqual([line]);
  });

  it("is not told again while a person thinks it over", () => {
    const asked = history({ permits: [permit("needs-approval")] });
    const lines = told(["decision", asked], ["permit", asked], ["decision", asked]);
    expect(lines.slice(1)).toEqual([undefined, undefined]);
  });

  describe("that waits for a person", () => {
    const asked = (work: number, reason = "scale-up") =>
      history({
        record: { ...history().record, effective: { work }, reason },
        permits: [permit("needs-approval")],
      });
    const enough = (rate: number) =>
      hold("within-target", "", someInputs(aChain(rate, { work: 2, count: 0.1 })));

    it("says once that the number grows meanwhile", () => {
      const lines = told(
        ["decision", asked(3)],
        ["decision", asked(2)],
        ["decision", asked(4)],
        ["decision", asked(9)],
      );
      expect(lines.slice(1)).toEqual([
        undefined,
        "calm | the number grows while you think, now work 1 → 4; the page shows the newest.",
        undefined,
      ]);
    });

    it("is asked anew when the question is another, or when the one before was answered", () => {
      const lines = told(
        ["decision", asked(3)],
        ["decision", asked(3, "scale-down")],
        ["rejected", "ann rejected the decision"],
        ["decision", asked(3, "scale-down")],
      );
      expect(lines.map((line) => line?.includes("asks you first"))).toEqual([true, true, false, true]);
    });

    it.each([
      ["its load fell", 500],
      ["its load rose", 1_500],
      ["what it has is enough", 1_050],
    ])("is gone because %s", (why, rate) => {
      const [, gone, again] = told(["decision", asked(3)], ["hold", enough(rate)], ["hold", enough(rate)]);
      expect(gone).toContain(`calm | the question has gone: ${why}. It keeps up: `);
      expect(again).toBeUndefined();
    });
  });

  it("ends with its outcome, and the restart that it takes is no trouble", () => {
    const accepted = history({ permits: [permit("allowed")] });
    expect(
      told(
        ["decision", accepted],
        ["attempt", accepted],
        ["state", "RESTARTING", "warning"],
        ["outcome", history({ outcome: OUTCOME })],
        ["state", "RUNNING"],
      ).slice(1),
    ).toEqual([undefined, undefined, "act | done with one restart, 1.3 s after the request.", undefined]);
  });

  it("that a person approved is followed to its outcome", () => {
    const asked = history({ permits: [permit("needs-approval")] });
    const lines = told(
      ["decision", asked],
      ["approved", "ann approved the decision"],
      ["attempt", asked],
      ["state", "RESTARTING", "warning"],
    );
    expect(lines.slice(1)).toEqual(["calm | ann approved the decision.", undefined, undefined]);
  });

  it("that fails says how", () => {
    const [refused, missed] = told(
      ["attempt", "Flink answered 400", "warning"],
      ["outcome", "not all vertices run with the target", "warning"],
    );
    expect(refused).toBe("hold | Flink answered 400.");
    expect(missed).toBe("hold | not all vertices run with the target.");
  });
});

describe("a hold", () => {
  const WELL = hold("within-target", "Hold: all is well.");
  const BLIND = hold("metric-missing", "Hold: arrival rate of vertex work is missing; missing is not zero.");

  it("is told when its reason changes, and only then", () => {
    expect(told(["hold", WELL], ["hold", WELL], ["hold", BLIND], ["hold", BLIND], ["hold", WELL])).toEqual([
      "calm | keeps up: 1,000 records/s arrive, work uses 200 % of its capacity.",
      undefined,
      "hold | Outrider holds: arrival rate of vertex work is missing; missing is not zero.",
      undefined,
      "calm | keeps up: 1,000 records/s arrive, work uses 200 % of its capacity.",
    ]);
  });

  it("for missing numbers is no news before there were any", () => {
    expect(told(["hold", BLIND])).toEqual([undefined]);
  });

  it.each(["stabilizing", "cooldown"])("for %s passes by itself and is not told", (reason) => {
    expect(told(["hold", hold(reason, "Hold: a moment.")])).toEqual([undefined]);
  });

  it("says nothing of a capacity that is not known", () => {
    const inputs = someInputs({ v: aVertex({ source: true, costMs: null }) });
    expect(told(["hold", hold("within-target", "", inputs)])).toEqual([
      "calm | keeps up: 100 records/s arrive.",
    ]);
  });
});

it("tells a restart that is not ours, and its end", () => {
  expect(
    told(
      ["state", "RUNNING"],
      ["state", "RESTARTING", "warning"],
      ["state", "RUNNING"],
      ["state", "RUNNING"],
    ),
  ).toEqual([
    undefined,
    "hold | Flink restarts it; Outrider waits until its counters mean something again.",
    undefined,
    undefined,
  ]);
});

it("tells a restart that it saw only once, and the next one again", () => {
  const since = (runningSince: number, reason = "within-target") =>
    hold(reason, "Hold.", { ...INPUTS, runningSince });
  const lines = told(
    ["hold", since(1)],
    ["state", "RESTARTING", "warning"],
    ["state", "RUNNING"],
    ["hold", since(2)],
    ["hold", since(3, "stabilizing")],
  );
  expect(lines.map((line) => line?.split(" ")[2])).toEqual(["keeps", "Flink", undefined, "keeps", "Flink"]);
});

it("says once what is wrong with a job, and leaves it to the diagnosis that it has failed", () => {
  const failed = "Failed: ArithmeticException in match";
  const lines = told(
    ["diagnosis", failed, "critical"],
    ["diagnosis", failed, "critical"],
    ["state", "FAILED", "warning"],
    ["diagnosis", "Runs for 6 s"],
    ["restore-point-back", "has a proven restore point again"],
  );
  expect(lines).toEqual([`hold | ${failed}.`, undefined, undefined, undefined, undefined]);
});

it("names the state of a job that does not run for another reason, and its end", () => {
  expect(told(["state", "SUSPENDED", "warning"], ["state", "RUNNING"])).toEqual([
    "hold | is SUSPENDED; only a running job is judged.",
    "calm | runs again.",
  ]);
});

it("notices a restart of Flink's own that was over before anyone looked", () => {
  const since = (runningSince: number) => hold("stabilizing", "Hold.", { ...INPUTS, runningSince });
  const told1 = told(["hold", since(1)], ["hold", since(1)], ["hold", since(2)], ["hold", since(2)]);
  expect(told1).toEqual([
    undefined,
    undefined,
    "hold | Flink restarts it; Outrider waits until its counters mean something again.",
    undefined,
  ]);
});

it("does not take the restart of our own rescale for one of Flink's", () => {
  const record = { ...history().record, inputs: { ...INPUTS, runningSince: 1 } };
  const after = hold("stabilizing", "Hold.", { ...INPUTS, runningSince: 2 });
  const lines = told(
    ["decision", history({ record })],
    ["outcome", history({ outcome: OUTCOME })],
    ["hold", after],
  );
  expect(lines[2]).toBeUndefined();
});

it("passes on what people did and what clusters said", () => {
  expect(
    told(
      ["paused", "ann paused the job"],
      ["cluster-silent", "Cluster c: no answer.", "warning"],
      ["job-appeared"],
    ),
  ).toEqual(["calm | ann paused the job.", "hold | Cluster c: no answer.", undefined]);
});

it("calls the cluster's own lines by Flink's name, a job's by the job's", () => {
  const story = new Story({ decision: () => undefined, stateOf: () => undefined, addressOf: () => "" });
  const event = {
    seq: 1,
    at: NOW,
    severity: "info",
    sentence: "x",
    type: "paused",
    decision: undefined,
  } as const;
  expect(story.hear({ ...event, job: undefined })?.who).toBe("flink");
  expect(story.hear({ ...event, job: ORDERS })?.who).toBe("orders");
});

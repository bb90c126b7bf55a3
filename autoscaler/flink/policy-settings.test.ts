import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compilePolicy, policyShape } from "./policy-settings.ts";

const schema = z.strictObject(policyShape);

describe("the settings of the policy", () => {
  it("are Outrider's own unless said otherwise", () => {
    expect(compilePolicy(schema.parse({}))).toEqual({ policy: "outrider", flink: null });
  });

  it("take numbers and flags as YAML writes them", () => {
    const given = {
      policy: "flink",
      flink: { "job.autoscaler.utilization.target": 0.8, "job.autoscaler.enabled": true },
    };
    expect(compilePolicy(schema.parse(given)).flink?.options).toMatchObject({ target: 0.8, enabled: true });
  });

  it.each([
    ["a value out of range", { "job.autoscaler.utilization.target": 1.8 }, "within [0, 1]"],
    [
      "a value that cannot be read",
      { "job.autoscaler.metrics.window": "soon" },
      "Could not parse value 'soon'",
    ],
  ])("refuse %s", (_, flink, message) => {
    const result = schema.safeParse({ policy: "flink", flink });
    expect(result.error?.issues[0]?.message).toContain(message);
  });

  it("keep the keys aside that nobody obeys, with a word on each", () => {
    const given = { policy: "flink", flink: { "kubernetes.operator.auto-scaling.enabled": true } };
    expect(compilePolicy(schema.parse(given)).flink?.keys).toMatchObject([{ verdict: "never-existed" }]);
  });

  it("can be shown as JSON Schema", () => {
    expect(z.toJSONSchema(schema)).toMatchObject({ properties: { policy: { enum: ["outrider", "flink"] } } });
  });
});

import { describe, expect, it } from "vitest";
import { Failure, type FailureCode } from "../../model/index.ts";
import { createCapabilityProbe } from "./capabilities.ts";
import type { FlinkRest } from "./client.ts";

type Asked = Pick<FlinkRest, "config" | "getRequirements">;

function flink(version: string, rescale: boolean | undefined, requirements: FailureCode | "known") {
  const asked = { config: 0, requirements: 0 };
  const rest: Asked = {
    config: async () => {
      asked.config += 1;
      const features = rescale === undefined ? {} : { "web-rescale": rescale };
      return { "flink-version": version, features };
    },
    getRequirements: async () => {
      asked.requirements += 1;
      if (requirements !== "known") throw new Failure(requirements, "no");
      return {};
    },
  };
  return { rest, asked };
}

describe("what Flink can do for a job", () => {
  it.each([
    ["1.20.5", true, undefined, "known", true],
    ["1.20.5", true, undefined, "not-supported", false],
    ["1.20.5", false, undefined, "known", false],
    ["1.18.1", undefined, undefined, "known", true],
    ["2.3.0", true, "Adaptive", "known", true],
    ["2.3.0", true, "Default", "known", false],
    ["2.3.0", true, "AdaptiveBatch", "known", false],
    ["2.3.0", false, "Adaptive", "known", false],
  ] as const)(
    "%s, web-rescale %s, scheduler %s, requirements %s: adaptive %s",
    async (version, rescale, scheduler, requirements, adaptive) => {
      const { rest } = flink(version, rescale, requirements);
      expect((await createCapabilityProbe(rest).of("j", scheduler)).adaptive).toBe(adaptive);
    },
  );

  it.each([
    ["1.20.5", false],
    ["2.0.0", true],
    ["2.4-SNAPSHOT", true],
    ["<unknown>", true],
  ])("%s counts the records that sources read: %s", async (version, counts) => {
    const { rest } = flink(version, true, "known");
    expect((await createCapabilityProbe(rest).of("j", undefined)).countsSourceRecords).toBe(counts);
  });

  it("is asked once per job", async () => {
    const { rest, asked } = flink("2.3.0", true, "known");
    const probe = createCapabilityProbe(rest);
    await probe.of("a", undefined);
    await probe.of("a", undefined);
    await probe.of("b", undefined);
    expect(asked).toEqual({ config: 2, requirements: 2 });
  });

  it("is not remembered when asking failed", async () => {
    const { rest, asked } = flink("2.3.0", true, "unavailable");
    const probe = createCapabilityProbe(rest);
    await expect(probe.of("a", undefined)).rejects.toThrow();
    await expect(probe.of("a", undefined)).rejects.toThrow();
    expect(asked.requirements).toBe(2);
  });
});

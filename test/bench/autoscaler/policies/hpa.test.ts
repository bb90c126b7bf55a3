import { describe, expect, it } from "vitest";
import { GUIDE_BEHAVIOR, type HpaOptions, hpaReplicas, KUBERNETES_BEHAVIOR, NEW_HPA } from "./hpa.ts";

const options = (behavior: Pick<HpaOptions, "up" | "down">): HpaOptions => ({
  target: 0.7,
  ...behavior,
  min: 1,
  max: 40,
});

/** Replicas after each of the synchronisations, 15 s apart, while the pods together do `work` replicas' worth. */
function ride(rules: HpaOptions, replicas: number, work: number, syncs: number): number[] {
  const seen: number[] = [];
  let [state, present] = [NEW_HPA, replicas];
  for (let i = 0; i < syncs; i += 1) {
    const next = hpaReplicas(rules, state, present, Math.min(1, work / present), i * 15_000);
    ({ state } = next);
    present = next.replicas;
    seen.push(present);
  }
  return seen;
}

describe("a HorizontalPodAutoscaler", () => {
  it("leaves what is within a tenth of the target", () => {
    expect(ride(options(KUBERNETES_BEHAVIOR), 10, 7.6, 3)).toEqual([10, 10, 10]);
  });

  it("by Kubernetes' defaults scales up at once, by at most twice in 15 s", () => {
    expect(ride({ ...options(KUBERNETES_BEHAVIOR), target: 0.2 }, 4, 40, 4)).toEqual([4, 8, 16, 32]);
  });

  it("by the guide waits a minute before it scales up, then at most doubles each minute", () => {
    const seen = ride({ ...options(GUIDE_BEHAVIOR), target: 0.2 }, 4, 40, 10);
    expect(seen).toEqual([4, 4, 4, 4, 8, 8, 8, 8, 16, 16]);
  });

  it("waits five minutes before it scales down, then gives back a tenth each minute", () => {
    const seen = ride(options(GUIDE_BEHAVIOR), 20, 3.5, 40);
    const first = seen.findIndex((n) => n < 20);
    expect(first * 15).toBe(300);
    expect(seen[first]).toBe(18);
    expect(seen.slice(first, first + 4)).toEqual([18, 18, 18, 18]);
    expect(seen[first + 4]).toBe(16);
  });

  it("keeps its bounds", () => {
    expect(ride({ ...options(KUBERNETES_BEHAVIOR), max: 5 }, 4, 4, 3)).toEqual([4, 5, 5]);
    expect(Math.min(...ride({ ...options(KUBERNETES_BEHAVIOR), min: 3 }, 6, 0, 60))).toBe(3);
  });
});

import type { FlinkRest } from "../../engine/rest/client.ts";
import type { WriteHook } from "../../sidecar/store/database.ts";

/** Counts every moment around a store write or a Flink request; `reached` is told each one as `before putRequirements 1`. */
export class CrashPoints {
  private readonly counts = new Map<string, number>();
  private readonly reached: (point: string) => void;

  constructor(reached: (point: string) => void) {
    this.reached = reached;
  }

  readonly onWrite: WriteHook = (point, phase) => this.pass(`${phase} ${point}`);

  readonly through = (rest: FlinkRest): FlinkRest =>
    new Proxy(rest, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function" || name === "close") return method;
        return async (...args: unknown[]): Promise<unknown> => {
          this.pass(`before ${String(name)}`);
          try {
            return await Reflect.apply(method, target, args);
          } finally {
            this.pass(`after ${String(name)}`);
          }
        };
      },
    });

  private pass(label: string): void {
    const count = (this.counts.get(label) ?? 0) + 1;
    this.counts.set(label, count);
    this.reached(`${label} ${count}`);
  }
}

import type { ClusterReadout, Instant } from "../../model/index.ts";
import type { Store } from "../store/port.ts";

/** How far a cluster can be reached, by our clock. */
export interface Reach {
  /** Since when its JobManager does not answer; null: it answers. */
  readonly unreachableSince: Instant | null;
  /** When it was last seen to answer again after a silence, or as another process; null: never. */
  readonly answeredAgainAt: Instant | null;
  /** The JobManager process that answered last, where it tells. */
  readonly process: string | null;
}

const NAME = "reach";
const ALWAYS: Reach = { unreachableSince: null, answeredAgainAt: null, process: null };

/** Whether each cluster answers, and what it said last. A restart of ours goes on counting. */
export class Reaches {
  private readonly store: Store;
  private readonly known: Map<string, Reach>;
  private readonly readouts = new Map<string, ClusterReadout>();

  constructor(store: Store) {
    this.store = store;
    this.known = new Map(
      [...store.recallAll(NAME)].map(([cluster, value]) => [
        cluster,
        { ...ALWAYS, ...(value as Partial<Reach>) },
      ]),
    );
  }

  of(cluster: string): Reach {
    return this.known.get(cluster) ?? ALWAYS;
  }

  /** What the cluster said in this round; undefined where it did not. */
  readoutOf(cluster: string): ClusterReadout | undefined {
    return this.readouts.get(cluster);
  }

  /** `readout` undefined: it lists its jobs, but not what else was asked. */
  answered(cluster: string, readout: ClusterReadout | undefined, now: Instant): void {
    if (readout === undefined) this.readouts.delete(cluster);
    else this.readouts.set(cluster, readout);
    const before = this.of(cluster);
    const process = readout?.jobManagerProcess ?? before.process;
    const another = before.process !== null && process !== before.process;
    if (before.unreachableSince === null && process === before.process) return;
    const again = another || before.unreachableSince !== null;
    const answeredAgainAt = again ? now : before.answeredAgainAt;
    this.keep(cluster, { unreachableSince: null, answeredAgainAt, process });
  }

  silent(cluster: string, now: Instant): void {
    this.readouts.delete(cluster);
    const before = this.of(cluster);
    if (before.unreachableSince === null) this.keep(cluster, { ...before, unreachableSince: now });
  }

  private keep(cluster: string, reach: Reach): void {
    this.known.set(cluster, reach);
    this.store.remember(cluster, NAME, reach);
  }
}

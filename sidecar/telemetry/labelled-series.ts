import { asFlinkLabel, type JobKey, parseJobKey } from "../../model/index.ts";

/** A metric of the client: a set of labels gives the child that counts. */
interface Labelled<C> {
  labels(labels: Record<string, string>): C;
  remove(labels: Record<string, string>): void;
}

/** One metric, and which of its series belong to whom, because the client removes only a full set of labels. */
export class LabelledSeries<C> {
  private readonly metric: Labelled<C>;
  private readonly used = new Map<string, Map<string, Record<string, string>>>();
  /** Two names that Flink's reporter spells alike own one series together. */
  private readonly owners = new Map<string, Set<string>>();

  constructor(metric: Labelled<C>) {
    this.metric = metric;
  }

  at(key: JobKey, more: Readonly<Record<string, string>> = {}): C {
    return this.with(key, { ...labelsOf(key), ...more });
  }

  with(owner: string, labels: Record<string, string>): C {
    const known = this.used.get(owner) ?? new Map<string, Record<string, string>>();
    const text = JSON.stringify(labels);
    this.used.set(owner, known.set(text, labels));
    this.owners.set(text, (this.owners.get(text) ?? new Set()).add(owner));
    return this.metric.labels(labels);
  }

  forget(owner: string): void {
    const own = this.used.get(owner);
    this.used.delete(owner);
    for (const [text, labels] of own ?? []) {
      const owners = this.owners.get(text);
      owners?.delete(owner);
      if (owners !== undefined && owners.size > 0) continue;
      this.owners.delete(text);
      this.metric.remove(labels);
    }
  }
}

/** `job_name` as Flink's reporter spells it, so that our series and Flink's can be joined. */
export function labelsOf(key: JobKey): { cluster: string; namespace: string; job_name: string } {
  const name = parseJobKey(key);
  return {
    cluster: name?.cluster ?? "",
    namespace: name?.namespace ?? "",
    job_name: asFlinkLabel(name?.name ?? key),
  };
}

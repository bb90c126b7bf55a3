import type { Instant, JobKey, OutriderEvent, Severity } from "../model/index.ts";
import type { Store } from "./store/port.ts";

/** Writes events down and passes them on: each thing once, on change. */
export class Announcer {
  private readonly store: Store;
  private readonly publish: (event: OutriderEvent) => void;
  private readonly told = new Map<string, string>();

  constructor(store: Store, publish: (event: OutriderEvent) => void) {
    this.store = store;
    this.publish = publish;
  }

  /** Tells only where the value of a subject is another one than last time. */
  onChange(subject: string, value: string, tell: () => void): void {
    if (this.told.get(subject) === value) return;
    this.told.set(subject, value);
    tell();
  }

  /** What was told of a subject last; undefined: nothing yet. */
  last(subject: string): string | undefined {
    return this.told.get(subject);
  }

  forget(subject: string): void {
    this.told.delete(subject);
  }

  event(
    at: Instant,
    job: JobKey | undefined,
    type: string,
    severity: Severity,
    sentence: string,
    decision?: string,
  ): void {
    const stored = this.store.appendEvent({ at, job, type, severity, sentence, decision });
    // An older one: it was told before the process was restarted.
    if (stored.at === at) this.publish(stored);
  }
}

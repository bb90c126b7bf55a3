import { readFileSync } from "node:fs";
import { Failure } from "../../model/index.ts";
import { flinkErrors } from "../rest/failures.ts";
import { type Call, parseReply, type Transport } from "../rest/transport.ts";
import { readReport } from "./read-report.ts";
import type { ClusterReport } from "./report.ts";

/** Recorded replies by path; a test changes what it is about. A `Failure` is thrown instead of answered. */
export class Recorded {
  readonly replies: Map<string, unknown>;
  readonly jobId: string;

  constructor(version: "1.20" | "2.3") {
    const file = new URL(`./fixtures/${version}.json`, import.meta.url);
    this.replies = new Map(Object.entries(JSON.parse(readFileSync(file, "utf8"))));
    this.jobId = [...this.replies.keys()].find((k) => /^jobs\/[0-9a-f]{32}$/.test(k))?.slice(5) ?? "";
  }

  /** Sets the member at `at` (a path of keys) of the reply to `path`; `JOB` stands for the job's id. */
  set(path: string, at: readonly (string | number)[], value: unknown): this {
    const key = this.key(path);
    if (at.length === 0) {
      this.replies.set(key, value);
      return this;
    }
    let parent: unknown = this.replies.get(key);
    for (const k of at.slice(0, -1)) parent = Reflect.get(Object(parent), k);
    Reflect.set(Object(parent), at.at(-1) ?? "", value);
    return this;
  }

  get(path: string, ...at: readonly (string | number)[]): unknown {
    let value: unknown = this.replies.get(this.key(path));
    for (const k of at) value = Reflect.get(Object(value), k);
    return value;
  }

  fail(path: string, message = "HTTP 500"): this {
    this.replies.set(this.key(path), new Failure("unavailable", message));
    return this;
  }

  report(at = 1_795_216_303_000): Promise<ClusterReport> {
    return readReport(this.transport(), { at, settleMs: 0 });
  }

  private key(path: string): string {
    return path.replace("JOB", `jobs/${this.jobId}`);
  }

  private transport(): Pick<Transport, "call"> {
    return {
      call: async <T>(call: Call<T>): Promise<T> => {
        const path = call.path.join("/");
        const reply = this.replies.get(path);
        if (reply instanceof Failure) throw reply;
        if (reply === undefined) throw new Failure("not-found", `nothing was recorded for ${path}`);
        const text = JSON.stringify(reply);
        const errors = flinkErrors(text);
        if (errors) throw new Failure("rejected", errors.join(" "));
        return parseReply({ what: call.what, which: path }, text, call.schema);
      },
    };
  }
}

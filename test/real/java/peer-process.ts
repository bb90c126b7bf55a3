import type { ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../../../model/index.ts";
import {
  type PeerError,
  type PeerEvent,
  type PeerLine,
  type PeerOptions,
  type PeerPut,
  readPeerLine,
} from "./lines.ts";
import type { Peer, PeerPass } from "./peer.ts";

type JavaProcess = ChildProcessByStdio<Writable, Readable, Readable>;

/** No ride comes near this; a peer that does is broken, and what it says must not fill the memory. */
const MOST_LINES_KEPT = 20_000;
const PASS_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 30_000;

/** The conversation with the Java process: lines in, lines out, and its end. */
export class PeerProcess implements Peer {
  effectiveOptions: PeerOptions = {};
  readonly puts: PeerPut[] = [];
  readonly events: PeerEvent[] = [];
  readonly errors: PeerError[] = [];
  passes = 0;
  ended: Failure | undefined;

  readonly #child: JavaProcess;
  readonly #mode: "live" | "stepped";
  readonly #exited: Promise<unknown>;
  #log = "";
  /** Who waits for the next line of this type. */
  #awaited: { type: "options" | "done"; settle: (outcome: PeerLine | Failure) => void } | undefined;

  constructor(child: JavaProcess, mode: "live" | "stepped") {
    this.#child = child;
    this.#mode = mode;
    // The peer also ends when its input does, so even SIGKILL of this process leaves none behind.
    const killWithUs = () => child.kill("SIGKILL");
    process.on("exit", killWithUs);
    this.#exited = new Promise<void>((resolve) => {
      const ended = (why: string) => {
        process.off("exit", killWithUs);
        this.#fail(new Failure("unavailable", `the Java peer ended: ${why}`));
        resolve();
      };
      child.once("error", (error) => ended(error.message));
      // `close`, not `exit`: what it said last must have been read by then.
      child.once("close", (code, signal) => ended(this.#log.trim() || `code ${code ?? signal}`));
    });
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#log = (this.#log + text).slice(-8_000);
    });
    createInterface({ input: child.stdout }).on("line", (text) => this.#hear(text));
  }

  async started(): Promise<void> {
    const line = await this.#await("options", START_TIMEOUT_MS);
    if (line.type === "options") this.effectiveOptions = line.options;
  }

  async pass(at: number): Promise<PeerPass> {
    if (this.#mode !== "stepped") {
      throw new Failure("conflict", "cannot make a pass: the peer is live; expected mode stepped");
    }
    const from = { puts: this.puts.length, events: this.events.length, errors: this.errors.length };
    const done = this.#await("done", PASS_TIMEOUT_MS);
    this.#child.stdin.write(`pass ${at}\n`);
    const line = await done;
    return {
      at,
      jobs: line.type === "done" ? line.jobs : 0,
      puts: this.puts.slice(from.puts),
      events: this.events.slice(from.events),
      errors: this.errors.slice(from.errors),
    };
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#exited;
    clearTimeout(force);
  }

  async #await(type: "options" | "done", timeoutMs: number): Promise<PeerLine> {
    if (this.ended !== undefined) throw this.ended;
    if (this.#awaited !== undefined) {
      throw new Failure("conflict", "cannot make a pass: the last one has not ended");
    }
    const { promise, resolve } = Promise.withResolvers<PeerLine | Failure>();
    const timer = setTimeout(() => {
      resolve(
        new Failure("timeout", `the Java peer did not answer: ${type}; got nothing in ${timeoutMs} ms`),
      );
    }, timeoutMs);
    this.#awaited = { type, settle: resolve };
    const outcome = await promise;
    clearTimeout(timer);
    this.#awaited = undefined;
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  }

  #hear(text: string): void {
    try {
      const line = readPeerLine(text);
      this.#keep(line);
      if (line.type === this.#awaited?.type) this.#awaited.settle(line);
    } catch (error) {
      this.#giveUp(error instanceof Failure ? error : new Failure("bad-reply", String(error)));
    }
  }

  #keep(line: PeerLine): void {
    if (line.type === "done") this.passes++;
    else if (line.type === "put") this.puts.push(line);
    else if (line.type === "event") this.events.push(line);
    else if (line.type === "error") this.errors.push(line);
    const kept = this.puts.length + this.events.length + this.errors.length;
    if (kept > MOST_LINES_KEPT) {
      throw new Failure(
        "too-large",
        `cannot read the Java peer: it told more than ${MOST_LINES_KEPT} things`,
      );
    }
  }

  #giveUp(failure: Failure): void {
    this.#fail(failure);
    this.#child.kill("SIGKILL");
  }

  #fail(failure: Failure): void {
    this.ended ??= failure;
    this.#awaited?.settle(this.ended);
  }
}

import type { Command } from "commander";
import { formatInstant, type OutriderEvent } from "../../model/index.ts";
import type { Page } from "../store/port.ts";
import type { Client } from "./client.ts";
import type { Attach } from "./commands.ts";
import { CliError, EXIT } from "./exit.ts";
import { resolveJob } from "./job-name.ts";
import { wholeNumber } from "./number-option.ts";
import { plain, type Session } from "./output.ts";

interface EventOptions {
  readonly follow?: boolean;
  readonly job?: string;
  readonly limit: string;
}

export function addEventCommands(program: Command, attach: Attach): void {
  const events = program
    .command("events")
    .option("--follow", "keep printing new ones; with -o json one document per line")
    .option("--job <job>", "only this job: its key or name")
    .option("--limit <n>", "how many of the newest; with --follow 0 prints only what is new", "50")
    .description("what happened, oldest first");
  attach(events, async (s, options: EventOptions) => {
    // Without --follow 0 would always look as if nothing had happened.
    const limit = wholeNumber("--limit", options.limit, MOST_EVENTS, options.follow === true ? 0 : 1);
    const job = options.job === undefined ? undefined : await resolveJob(s.client, options.job);
    const { newest, seq } = await readNewest(s.client, limit, job);
    if (options.follow !== true) {
      s.print({ items: newest, next: null }, (list) =>
        list.items.length === 0 ? "No events are known." : list.items.map(eventText).join("\n"),
      );
      return EXIT.yes;
    }
    for (const event of newest) printOne(s, event);
    await follow(s, seq, job);
    return EXIT.yes;
  });

  attach(
    program.command("openapi").description("the OpenAPI document of the server, always JSON"),
    async (s) => {
      s.print(await s.client.get<object>("/api/v1/openapi.json"), (d) => JSON.stringify(d, null, 2));
      return EXIT.yes;
    },
  );
}

const PAGE = 1_000;
const MOST_EVENTS = 100_000;

/** The newest `limit` events, oldest first, and the number of the very newest (0 when there is none). */
async function readNewest(client: Client, limit: number, job: string | undefined) {
  const newest: OutriderEvent[] = [];
  let before: string | undefined;
  let seq: number | undefined;
  do {
    const size = String(Math.min(PAGE, Math.max(1, limit - newest.length)));
    const path = eventsPath({ order: "newest", limit: size, before, job });
    const page = await client.get<Page<OutriderEvent>>(path);
    seq ??= page.items[0]?.seq ?? 0;
    newest.push(...page.items);
    before = page.next ?? undefined;
  } while (before !== undefined && newest.length < limit);
  return { newest: newest.slice(0, limit).reverse(), seq };
}

function eventsPath(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((e): e is [string, string] => e[1] !== undefined);
  return `/api/v1/events?${new URLSearchParams(given)}`;
}

/** Prints until the person ends it; a stream that breaks is taken up again where it broke. */
async function follow(s: Session, from: number, job: string | undefined): Promise<void> {
  let seq = from;
  while (!s.io.signal.aborted) {
    try {
      for await (const data of s.client.follow(eventsPath({ after: String(seq), job }), s.io.signal)) {
        seq = take(s, data);
      }
    } catch (error) {
      if (s.io.signal.aborted) return;
      // A refusal or a server that is gone is final; a stream that was cut is not.
      if (error instanceof CliError) throw error;
    }
    if (!s.io.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Prints what the stream sent; the number to go on from. */
function take(s: Session, data: string): number {
  const told = JSON.parse(data) as OutriderEvent | { readonly newest: number };
  // The server began anew with another store: its numbers are not ours any more.
  if ("newest" in told) return told.newest;
  printOne(s, told);
  return told.seq;
}

function printOne(s: Session, event: OutriderEvent): void {
  s.io.out(`${s.format === "json" ? JSON.stringify(event) : eventText(event)}\n`);
}

function eventText(e: OutriderEvent): string {
  const job = e.job === undefined ? "" : `${e.job}: `;
  return plain(`${formatInstant(e.at)}  ${e.severity.padEnd(8)}  ${e.type}  ${job}${e.sentence}`);
}

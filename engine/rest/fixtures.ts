import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Replies of a real Flink, recorded by `record-fixtures.ts`; by file name without ending. */
export interface Recording {
  readonly request: string;
  readonly status: number;
  reply: unknown;
}

export const RECORDED_VERSIONS = ["1.20", "2.3"] as const;

export function recordingsOf(version: string): Map<string, Recording> {
  const folder = join(import.meta.dirname, "fixtures", version);
  const files = readdirSync(folder).filter((f) => f.endsWith(".json"));
  return new Map(
    files.map((f) => [f.slice(0, -".json".length), JSON.parse(readFileSync(join(folder, f), "utf8"))]),
  );
}

export const HEALTH_MOMENTS = [
  "running",
  "task-manager-lost",
  "waits-for-slots",
  "after-restart",
  "missing-file",
  "missing-metadata",
  "restart-loop",
  "without-checkpoints",
  "failed",
  "canceled",
] as const;

/** What recovery asks of one job in one moment, or of the cluster. */
export function healthRecordingsOf(
  version: string,
  moment: (typeof HEALTH_MOMENTS)[number] | "cluster",
): Recording[] {
  const file = join(import.meta.dirname, "fixtures", version, "health", `${moment}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}

export function recordedPage(version: string): string {
  return readFileSync(join(import.meta.dirname, "fixtures", version, "reporter-page.txt"), "utf8");
}

/** A server that replays recordings and answers 404 to everything else, as Flink does. For tests. */
export async function replay(recordings: ReadonlyMap<string, Recording>) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    const found = [...recordings.values()].find((r) => r.request === asked);
    response.writeHead(found?.status ?? 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found?.reply ?? { errors: ["Unable to load requested file."] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

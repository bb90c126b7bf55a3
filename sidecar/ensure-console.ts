import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../model/index.ts";

const ROOT = join(import.meta.dirname, "..");
/** In a bundle (`server/*.js`) the console lies beside the code, built once and for all. */
const BUNDLED = !import.meta.filename.endsWith(".ts");
/** Where `npm run build:console` writes to, and from where the process serves. */
export const CONSOLE_FOLDER = join(ROOT, BUNDLED ? "console" : "dist/console");

/**
 * Builds the web console when it is absent or older than its sources; says so in one line on stderr. Where its
 * sources or Vite are not installed it uses what is there. Throws `Failure("not-supported")` when the build fails.
 */
export async function ensureConsole(root: string = ROOT): Promise<void> {
  const sources = join(root, "dashboards/console");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  if (!existsSync(sources) || !existsSync(vite)) return;
  const builtAt = modifiedAt(join(root, "dist/console/index.html"));
  if (builtAt !== undefined && builtAt >= newestIn([sources, join(root, "model")])) return;
  process.stderr.write(`Building the web console: it is ${builtAt === undefined ? "absent" : "outdated"}.\n`);
  const { status, said } = await run(process.execPath, buildArguments(vite), root);
  if (status !== 0) {
    const got = said.trim().slice(-2_000);
    throw new Failure("not-supported", `cannot build the web console: Vite ended with ${status}; got ${got}`);
  }
}

const buildArguments = (vite: string): string[] => [
  vite,
  "build",
  "-c",
  "dashboards/console/vite.config.ts",
  "--logLevel",
  "error",
];

function modifiedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/** The newest modification of any file below the folders, tests aside. */
function newestIn(folders: readonly string[]): number {
  let newest = 0;
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || entry.name.includes(".test.")) continue;
      newest = Math.max(newest, modifiedAt(join(entry.parentPath, entry.name)) ?? 0);
    }
  }
  return newest;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ status: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const hear = (chunk: Buffer): void => {
      said = `${said}${chunk.toString("utf8")}`.slice(-20_000);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => resolve({ status: -1, said: error.message }));
    child.once("close", (code) => resolve({ status: code ?? -1, said }));
  });
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Failure } from "../../../model/index.ts";

const run = promisify(execFile);

/** Which Go is installed. */
export interface GoToolchain {
  /** For example `1.26.8`. */
  readonly version: string;
  /** For example `linux/amd64`. */
  readonly platform: string;
}

/** Runs `go` quietly: the installed toolchain, no C compiler, no version control, pinned modules only. */
export async function go(args: readonly string[], cwd: string): Promise<string> {
  const flags = [process.env["GOFLAGS"] ?? "", "-buildvcs=false"].join(" ").trim();
  const { stdout } = await run("go", [...args], {
    cwd,
    maxBuffer: 16 << 20,
    env: { ...process.env, GOTOOLCHAIN: "local", CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: flags },
  });
  return stdout;
}

/**
 * The installed Go, which must be at least `wanted`. Throws a `Failure` that says what is missing: a tool is built
 * with what is there, never with a toolchain that Go would download by itself.
 */
export async function requireGo(
  what: string,
  wanted: string,
  ask: () => Promise<string> = askVersion,
): Promise<GoToolchain> {
  let said: string;
  try {
    said = await ask();
  } catch (cause) {
    throw new Failure(
      "bad-config",
      `cannot build ${what}: \`go\` does not run; install Go ${wanted} or newer and put it on the PATH`,
      { cause },
    );
  }
  const [, version, platform] = /^go version go(\S+) (?:.* )?(\S+\/\S+)\s*$/.exec(said) ?? [];
  if (version === undefined || platform === undefined) {
    throw new Failure(
      "bad-config",
      `cannot build ${what}: \`go version\` said ${JSON.stringify(said.trim())}`,
    );
  }
  if (olderThan(version, wanted)) {
    throw new Failure(
      "bad-config",
      `cannot build ${what}: Go ${version} is installed; expected ${wanted} or newer`,
    );
  }
  return { version, platform };
}

async function askVersion(): Promise<string> {
  return (await run("go", ["version"])).stdout;
}

/** Compares release numbers; a release candidate such as `1.27rc1` counts as its release. */
function olderThan(version: string, wanted: string): boolean {
  const parts = (v: string) => (/^\d+(\.\d+)*/.exec(v)?.[0] ?? "0").split(".").map(Number);
  const [a, b] = [parts(version), parts(wanted)];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y;
  }
  return false;
}

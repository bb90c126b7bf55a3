import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../../../engine/load-job/cache.ts";
import { Failure } from "../../../model/index.ts";
import { moduleDirectory, pinsOf } from "./catalogue.ts";
import { go, requireGo } from "./go.ts";

const module = "github.com/prometheus-operator/prometheus-operator";

/** The kinds of the Prometheus operator that the chart can make. */
export const operatorKinds = ["prometheusrules", "servicemonitors", "podmonitors"] as const;

/**
 * The definitions of the Prometheus operator's kinds as YAML texts, out of its pinned Go module (4 MB, in the cache
 * after the first call). Throws a `Failure` that says what is missing.
 */
export async function operatorDefinitions(): Promise<readonly string[]> {
  const pins = pinsOf("prometheus-operator", module);
  const home = join(cacheDirectory(), `prometheus-operator-${pins.version}`);
  for (const kind of operatorKinds) {
    const file = `monitoring.coreos.com_${kind}.yaml`;
    if (existsSync(join(home, file))) continue;
    mkdirSync(home, { recursive: true });
    const partial = join(home, `.${file}.${process.pid}`);
    copyFileSync(join(await moduleFiles(pins.go), "example/prometheus-operator-crd", file), partial);
    renameSync(partial, join(home, file));
  }
  return operatorKinds.map((kind) => readFileSync(join(home, `monitoring.coreos.com_${kind}.yaml`), "utf8"));
}

async function moduleFiles(wanted: string): Promise<string> {
  await requireGo("the definitions of the Prometheus operator", wanted);
  try {
    const said = await go(["mod", "download", "-json", module], moduleDirectory("prometheus-operator"));
    return (JSON.parse(said) as { Dir: string }).Dir;
  } catch (cause) {
    const said = (cause as { stderr?: string; stdout?: string }).stderr ?? String(cause);
    throw new Failure("bad-config", `cannot fetch the Go module ${module}: ${said.trim()}`, { cause });
  }
}

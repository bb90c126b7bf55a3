import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type OutputChunk } from "rolldown";

const ROOT = join(import.meta.dirname, "..");
/** Read at run time from the folder of the code; in the bundle they lie beside it under the same name. */
const WORLDS = join(ROOT, "engine/simulated/worlds");

export interface Bundled {
  /** Every source file that went in, as an absolute path. */
  readonly modules: readonly string[];
}

/**
 * Writes the process and the command line as plain JavaScript that needs no package beside it: `outrider.js`, the
 * parts that are loaded only when they are wanted, and `worlds/`. White space goes, names stay: a stack is read by
 * people, and shorter names would save a fifth of 4 MB.
 */
export async function bundleServer(to: string): Promise<Bundled> {
  const { output } = await build({
    cwd: ROOT,
    input: { outrider: "sidecar/main.ts" },
    platform: "node",
    logLevel: "warn",
    output: {
      dir: to,
      format: "esm",
      cleanDir: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
  const chunks = output.filter((part) => part.type === "chunk");
  refuseOutside(chunks);
  mkdirSync(join(to, "worlds"), { recursive: true });
  for (const file of readdirSync(WORLDS).filter((f) => f.endsWith(".yaml"))) {
    cpSync(join(WORLDS, file), join(to, "worlds", file));
  }
  // Without it Node reads the entry twice to find out that it is a module, and warns.
  writeFileSync(join(to, "package.json"), `${JSON.stringify({ private: true, type: "module" })}\n`);
  return { modules: chunks.flatMap((chunk) => Object.keys(chunk.modules)) };
}

/** What cannot be found is left as an import by the bundler, and would fail only when it is wanted. */
function refuseOutside(chunks: readonly OutputChunk[]): void {
  const inside = new Set(chunks.map((chunk) => chunk.fileName));
  const imported = chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]);
  const outside = imported.filter((name) => !inside.has(name) && !isBuiltin(name));
  if (outside.length > 0) {
    throw new Error(
      `cannot bundle the server: got imports of ${outside.join(", ")}; expected only files and what Node has`,
    );
  }
}

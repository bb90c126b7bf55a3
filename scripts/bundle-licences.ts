import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** A package of which something is inside the bundle. */
interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The text of its licence file; a package without one has only the name of its licence. */
  readonly text: string;
}

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The page that licences such as MIT ask for wherever their code is passed on, from the files that went in. */
export function licencesPage(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((file) => packageFolderOf(file) ?? []));
  const packages = [...folders].map(readPackage).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const unique = [...new Map(packages.map((p) => [idOf(p), p])).values()];
  return `${[
    "Packages that are inside this build of Outrider, with their licences.",
    ...unique.map((p) => `${"-".repeat(80)}\n${idOf(p)}, ${p.licence}\n\n${p.text.trim()}`),
  ].join("\n\n")}\n`;
}

const idOf = (p: Package): string => `${p.name} ${p.version}`;

/** `/x/node_modules/@a/b/lib/c.js` → `/x/node_modules/@a/b`; nothing for a file of our own. */
export function packageFolderOf(file: string): string | undefined {
  const plain = file.replace(/^\0/, "").replace(/\?.*$/, "");
  const mark = `${sep}node_modules${sep}`;
  const at = plain.lastIndexOf(mark);
  if (at < 0) return undefined;
  const inside = plain.slice(at + mark.length).split(sep);
  const name = inside[0]?.startsWith("@") === true ? inside.slice(0, 2) : inside.slice(0, 1);
  return join(plain.slice(0, at + mark.length), ...name);
}

function readPackage(folder: string): Package {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name, version, license } = manifest as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || typeof version !== "string" || typeof license !== "string") {
    throw new Error(
      `cannot pass a package on: ${folder}; got no name, version or license in its package.json; expected all three`,
    );
  }
  const files = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort();
  return {
    name,
    version,
    licence: license,
    text: files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n"),
  };
}

/** The checkout's own licence, which lies beside the page. */
export const OWN_LICENCE = join(dirname(import.meta.dirname), "LICENSE");

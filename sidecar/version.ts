import packageJson from "../package.json" with { type: "json" };

/** Outrider's own version, as `package.json` says it. */
export const version: string = packageJson.version;

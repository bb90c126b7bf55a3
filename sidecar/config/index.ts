/** Configuration: file, environment and flags → one checked value, and what is derived from it. */
export { authorizationOf, isWatched, placesOf, readTokens, settingsOf, type Token, toMs } from "./compile.ts";
export { type Loaded, type LoadOptions, loadConfig } from "./load.ts";
export {
  alertsOf,
  type ClusterConfig,
  type Config,
  type ConfigInput,
  configJsonSchema,
  configSchema,
  effectiveView,
  isLoopback,
  type Role,
} from "./schema.ts";

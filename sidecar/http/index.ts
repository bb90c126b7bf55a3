/**
 * The HTTP side of the process: the API under /api/v1, probes and metrics. It reads the fleet and the store and
 * writes people's words into the store; it never talks to Flink.
 */
export { createHttpApp } from "./app.ts";
export { createConsole } from "./console.ts";
export { type Listening, listen } from "./listen.ts";
export { openApiDocument } from "./openapi.ts";
export type { HttpDeps, HttpLog } from "./route.ts";
export { isLoopback, ROLES, type Role, type Token } from "./security.ts";

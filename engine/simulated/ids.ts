import { createHash } from "node:crypto";
import type { VertexId } from "../../model/index.ts";
import type { JobSpec } from "./world-schema.ts";

/** 32 hex digits that are always the same for the same words. */
export function hexId(...words: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 32);
}

/** The id that a world gives a vertex, or one made of the names of job and vertex. */
export const vertexIdOf = (job: JobSpec, key: string): VertexId =>
  job.vertices[key]?.id ?? hexId("vertex", job.name, key);

import { z } from "zod";
import { Failure } from "../../model/index.ts";
import { compileTrouble } from "./compile-trouble.ts";
import { troubleSchema } from "./trouble-schema.ts";
import type { Trouble } from "./world.ts";
import { formatPath, type JsonSchema, toProblems } from "./world-problems.ts";

const TROUBLE_JSON_SCHEMA = z.toJSONSchema(troubleSchema, { io: "input" }) as JsonSchema;

/** What spoils replies is looked up in the world's own list, and cannot be added to it. */
const ONLY_IN_WORLDS = ["metrics-missing", "rest-slow", "rest-fails"];

/** An entry of a world's `trouble` without its `at`, to be done now. Throws `Failure("bad-request")`. */
export function readTrouble(given: Readonly<Record<string, unknown>> | undefined): Trouble {
  const raw = { ...given, at: "0s" };
  const parsed = troubleSchema.safeParse(raw);
  if (!parsed.success) {
    const problems = toProblems(parsed.error.issues, raw, TROUBLE_JSON_SCHEMA);
    const told = problems.map(({ path, text }) => `${formatPath(path)}: ${text}`).join("; ");
    throw new Failure("bad-request", `cannot do this trouble: ${told}`);
  }
  const { kind } = parsed.data;
  if (ONLY_IN_WORLDS.includes(kind)) {
    throw new Failure(
      "bad-request",
      `cannot do this trouble: kind; got ${kind}; expected one that is not of replies, which only a world file can have`,
    );
  }
  return compileTrouble(parsed.data, []);
}

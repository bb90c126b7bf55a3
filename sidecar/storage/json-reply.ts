import type { z } from "zod";
import { storageFailure } from "./failures.ts";
import type { HttpReply } from "./http-store.ts";

/** A reply of a store as JSON of the expected shape; a web page instead of it is a `bad-reply`. */
export function jsonOf<T>(what: string, reply: HttpReply, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parse(reply.text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join(".") ?? "";
  throw storageFailure(
    "bad-reply",
    what,
    `${where === "" ? "an answer" : where} that is not as it should be`,
  );
}

/** What the text of a refusal says, where it is JSON of this shape. */
export function saidIn<T>(text: string, schema: z.ZodType<T>): T | undefined {
  const parsed = schema.safeParse(parse(text));
  return parsed.success ? parsed.data : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

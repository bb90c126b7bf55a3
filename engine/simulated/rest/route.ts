import type { Desk } from "./desk.ts";
import { badPathParameter, type SimulatorReply } from "./reply.ts";

/** What a handler gets. */
export interface Asked {
  readonly desk: Desk;
  /** Path parameters by name, decoded and checked. */
  readonly at: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly answer: (asked: Asked) => SimulatorReply;
}

/** `GET /jobs/:jobid`. A parameter's name says what it must look like. */
export function route(asked: string, answer: Route["answer"]): Route {
  const [method = "", path = ""] = asked.split(" ");
  return { method, segments: segmentsOf(path), answer };
}

export const segmentsOf = (path: string): string[] => path.split("/").slice(1);

const HEX = /^[0-9a-fA-F]{32}$/;
const NUMBER = /^\d{1,15}$/;
const SHAPES: Readonly<Record<string, RegExp>> = {
  ":jobid": HEX,
  ":vertexid": HEX,
  ":triggerid": HEX,
  ":checkpointid": NUMBER,
  ":subtaskindex": NUMBER,
  ":index": NUMBER,
};

type Match =
  | { readonly kind: "other" }
  | { readonly kind: "bad"; readonly reply: SimulatorReply }
  | { readonly kind: "match"; readonly at: Readonly<Record<string, string>> };

/** Whether the route is meant, and with which parameters. */
export function matchRoute(candidate: Route, method: string, segments: readonly string[]): Match {
  if (candidate.method !== method || candidate.segments.length !== segments.length) return { kind: "other" };
  const at: Record<string, string> = {};
  for (const [i, wanted] of candidate.segments.entries()) {
    const given = segments[i] ?? "";
    if (!wanted.startsWith(":")) {
      if (wanted !== given) return { kind: "other" };
      continue;
    }
    const name = wanted.slice(1);
    const shape = SHAPES[wanted];
    if (shape !== undefined && !shape.test(given))
      return { kind: "bad", reply: badPathParameter(name, given) };
    at[name] = shape === HEX ? given.toLowerCase() : given;
  }
  return { kind: "match", at };
}

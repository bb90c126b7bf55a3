import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import type { Request } from "express";
import { HttpProblem } from "./problem.ts";

export const ROLES = ["viewer", "operator", "admin"] as const;
/** Each role may do what the ones before it may. */
export type Role = (typeof ROLES)[number];

export interface Token {
  readonly name: string;
  readonly role: Role;
  readonly value: string;
}

/** Who asks. `name` is what records call `by`. */
export interface Caller {
  readonly name: string;
  readonly role: Role;
}

/** Without tokens everybody who reaches the loopback address is this one, and may set modes too. */
const LOCAL: Caller = { name: "local", role: "admin" };

const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Finds the caller of a request, or throws. Which token matched does not show in the time taken. */
export function createGatekeeper(tokens: readonly Token[]): (req: Request, needed: Role) => Caller {
  const known = tokens.map((t) => ({ digest: sha256(t.value), caller: { name: t.name, role: t.role } }));
  return (req, needed) => {
    if (known.length === 0) {
      refuseForeign(req);
      return LOCAL;
    }
    const caller = callerOf(req, known);
    if (ROLES.indexOf(caller.role) < ROLES.indexOf(needed)) {
      throw new HttpProblem(
        "not-allowed",
        `the token ${caller.name} has the role ${caller.role}; this needs ${needed}`,
      );
    }
    return caller;
  };
}

function callerOf(req: Request, known: readonly { digest: Buffer; caller: Caller }[]): Caller {
  const challenge = { "WWW-Authenticate": 'Bearer realm="outrider"' };
  const given = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? "")?.[1];
  if (given === undefined) {
    throw new HttpProblem("no-token", "send a token: Authorization: Bearer TOKEN", challenge);
  }
  const digest = sha256(given);
  let caller: Caller | undefined;
  for (const k of known) if (timingSafeEqual(k.digest, digest)) caller ??= k.caller;
  if (caller === undefined) throw new HttpProblem("no-token", "this token is not known here", challenge);
  return caller;
}

/**
 * Loopback is no protection against the browser on the same machine: a web page may post to it, or resolve its
 * own name to 127.0.0.1 (DNS rebinding). So the Host must be loopback with our port, and the Origin our own.
 */
function refuseForeign(req: Request): void {
  const port = req.socket.localPort ?? 0;
  if (!isLoopback(req.socket.remoteAddress ?? "")) {
    throw new HttpProblem("foreign-request", "without tokens Outrider answers to its own machine only");
  }
  const host = req.headers.host ?? "";
  if (!isOwnHost(host, port)) {
    throw new HttpProblem(
      "foreign-request",
      `the Host ${host || "(none)"} is not ours; expected 127.0.0.1:${port}`,
    );
  }
  const origin = req.headers.origin;
  if (origin !== undefined && !(origin.startsWith("http://") && isOwnHost(origin.slice(7), port))) {
    throw new HttpProblem("foreign-request", `requests from the web page ${origin} are not accepted`);
  }
}

function isOwnHost(host: string, port: number): boolean {
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const lower = host.toLowerCase();
  return names.some((n) => lower === `${n}:${port}` || (port === 80 && lower === n));
}

/** Whether an address to listen on, or of a peer, is this machine's loopback. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, "").replace(/^::ffff:/i, "");
  if (plain === "localhost" || plain === "::1") return true;
  return isIP(plain) === 4 && plain.startsWith("127.");
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import express, { type NextFunction, type Request, type RequestHandler, type Response } from "express";
import { createGatekeeper, type Token } from "./security.ts";

export interface ConsoleOptions {
  /** What `npm run build:console` wrote: `index.html` and `assets/`. */
  readonly folder: string;
  readonly tokens: readonly Token[];
}

/** Nothing comes from elsewhere, nothing is inline, nobody frames it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
};

/** Addresses that the console routes by itself, so that a reload finds it again. */
const PAGES = ["/", "/jobs/:key", "/jobs/:key/decisions/:id", "/events", "/clusters"];

/** What is for programs, and never a page. */
const NO_PAGES = /^\/(api|assets|metrics|livez|readyz)(\/|$)/;

const NOT_BUILT = "The web console is not built. Run: npm run build:console\nThe API is at /api/v1/jobs\n";

/**
 * Serves the web console: one page for all its addresses, and its assets. The files hold no data and need no token;
 * without tokens they are for this machine only, as the API is. A browser gets the page, with status 404, for an address
 * that is none; for programs, what the console does not know is left to the next handler.
 */
export function createConsole({ folder, tokens }: ConsoleOptions): RequestHandler {
  const router = express.Router({ caseSensitive: true });
  const gatekeeper = createGatekeeper(tokens);
  const guard = (req: Request, res: Response, next: NextFunction): void => {
    if (tokens.length === 0) gatekeeper(req, "viewer");
    res.set(HEADERS);
    next();
  };
  const page =
    (status: number) =>
    (_req: Request, res: Response): void => {
      res.set("Cache-Control", "no-store");
      const html = readPage(join(folder, "index.html"));
      if (html === undefined) res.status(503).type("text/plain").send(NOT_BUILT);
      else res.status(status).type("html").send(html);
    };
  for (const path of PAGES) router.get(path, guard, page(200));
  // Names of assets carry a hash of their content, so that they never change.
  const assets = express.static(join(folder, "assets"), {
    index: false,
    redirect: false,
    dotfiles: "ignore",
    setHeaders: (res) => res.setHeader("Cache-Control", "public, max-age=31536000, immutable"),
  });
  router.use("/assets", guard, assets);
  const forPeople = (req: Request, _res: Response, next: NextFunction): void => {
    const browser = (req.headers.accept ?? "").includes("text/html");
    next(browser && !NO_PAGES.test(req.path) ? undefined : "router");
  };
  router.get("/{*path}", forPeople, guard, page(404));
  return router;
}

function readPage(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

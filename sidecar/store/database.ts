import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { Failure, sentenceOf } from "../../model/index.ts";
import { APPLICATION_ID, MIGRATIONS } from "./schema.ts";

/** Called around every write transaction with the name of the `Store` method; a crash test stops the process there. */
export type WriteHook = (point: string, phase: "before" | "after") => void;

/** The columns that queries of the store name; a query fills those that it selects. */
type Column =
  | (
      | "seq"
      | "id"
      | "kind"
      | "job"
      | "at"
      | "since"
      | "times"
      | "hold_key"
      | "body"
      | "code"
      | "who"
      | "verdict"
      | "n"
    )
  | ("ends" | "ended_at" | "mode" | "type" | "severity" | "sentence" | "decision" | "value");
export type Row = Readonly<Partial<Record<Column, SQLOutputValue>>>;

/** The few verbs that the store's parts need. */
export interface Database {
  one(sql: string, ...params: SQLInputValue[]): Row | undefined;
  all(sql: string, ...params: SQLInputValue[]): readonly Row[];
  run(sql: string, ...params: SQLInputValue[]): void;
  /** Runs `work` as one transaction that is on the disk when this returns. */
  write<T>(point: string, work: () => T): T;
  close(): void;
}

/** How long SQLite waits for somebody else's lock before we say that the file is in use. */
const BUSY_TIMEOUT_MS = 1_000;

/** Primary SQLite result codes (https://sqlite.org/rescode.html) in words: what we got, and what to do. */
const CODES: Readonly<Record<number, readonly [got: string, advice: string]>> = {
  5: ["a file that another process has locked", "stop the other Outrider, or give each its own store.path"],
  8: ["a file that cannot be written", "make the file and its folder writable for this user"],
  10: ["an input/output error of the disk", "check the disk and its mount"],
  11: ["a damaged database", "restore a copy, or move the file away to begin with an empty store"],
  13: ["a full disk", "free space, or lower store.keep"],
  14: ["a path that cannot be opened", "make the folder exist and writable for this user"],
  26: ["a file that is not a database", "name another store.path, or move the file away"],
};

/** Opens the file exclusively and brings it to the newest version; throws `Failure("store-broken")`. */
export function openDatabase(path: string, onWrite?: WriteHook): Database {
  return translated(path, () => {
    if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
    const connection = new DatabaseSync(path, {
      timeout: BUSY_TIMEOUT_MS,
      enableForeignKeyConstraints: true,
    });
    try {
      // Exclusive: the file belongs to one Outrider for as long as its process lives, kill -9 included.
      connection.exec(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL",
      );
      migrate(connection, path);
    } catch (error) {
      connection.close();
      throw error;
    }
    return createDatabase(connection, path, onWrite);
  });
}

function createDatabase(connection: DatabaseSync, path: string, onWrite: WriteHook | undefined): Database {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    one: (sql, ...params) => translated(path, () => prepared(sql).get(...params)),
    all: (sql, ...params) => translated(path, () => prepared(sql).all(...params)),
    run: (sql, ...params) => {
      translated(path, () => prepared(sql).run(...params));
    },
    write: (point, work) => {
      onWrite?.(point, "before");
      const result = translated(path, () => transaction(connection, work));
      onWrite?.(point, "after");
      return result;
    },
    close: () => {
      if (connection.isOpen) translated(path, () => connection.close());
    },
  };
}

function migrate(connection: DatabaseSync, path: string): void {
  const pragma = (name: string): number => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  transaction(connection, () => {
    const version = pragma("user_version");
    const schema: Row | undefined = connection.prepare("SELECT count(*) AS n FROM sqlite_schema").get();
    const tables = Number(schema?.n ?? 0);
    if (tables > 0 && pragma("application_id") !== APPLICATION_ID) {
      throw broken(path, "the database of another program", "name another store.path");
    }
    if (version > MIGRATIONS.length) {
      throw broken(
        path,
        `version ${version} of the store, written by a newer Outrider`,
        `this one knows versions up to ${MIGRATIONS.length}: start the newer Outrider, or name another store.path`,
      );
    }
    for (const sql of MIGRATIONS.slice(version)) connection.exec(sql);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

function transaction<T>(connection: DatabaseSync, work: () => T): T {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    connection.exec("COMMIT");
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, such as a full disk.
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

function translated<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const [got, advice] = explain(error);
    throw broken(path, got, advice, error);
  }
}

function explain(error: unknown): readonly [got: string, advice: string] {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (code === "ERR_INVALID_STATE") return ["a store that is closed already", "open it again"];
  const known = typeof errcode === "number" ? CODES[errcode & 0xff] : undefined;
  if (known !== undefined) return known;
  const folder =
    code === "EACCES" || code === "EROFS" || code === "ENOTDIR" || code === "EEXIST" || code === "EPERM";
  return [sentenceOf(error), folder ? "name a store.path in a writable folder" : "see the cause in the log"];
}

function broken(path: string, got: string, advice: string, cause?: unknown): Failure {
  return new Failure(
    "store-broken",
    `cannot use the store: ${path}; got ${got}; expected a store file of Outrider's own; ${advice}`,
    { ...(cause === undefined ? {} : { cause }), details: { path } },
  );
}

/** Marks the file as ours (`PRAGMA application_id`): the letters "Outr". */
export const APPLICATION_ID = 0x4f757472;

/**
 * One entry per version, applied in order, never edited once released; `user_version` counts them. Bodies are the
 * records as JSON; beside them stand only the columns that queries and uniqueness need. `seq` with AUTOINCREMENT is
 * never used twice, also not after its row was pruned.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE decisions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    last_id TEXT NOT NULL,
    job TEXT NOT NULL,
    at REAL NOT NULL,
    since REAL NOT NULL,
    times INTEGER NOT NULL,
    hold_key TEXT,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX decisions_by_job ON decisions (job, seq);
  CREATE INDEX decisions_by_last_id ON decisions (last_id);
  CREATE INDEX decisions_by_at ON decisions (at);

  CREATE TABLE permits (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    decision TEXT NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    who TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX permits_by_decision ON permits (decision, seq);

  CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    decision TEXT NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (decision, status)
  ) STRICT;

  CREATE TABLE outcomes (
    decision TEXT PRIMARY KEY REFERENCES decisions (id) ON DELETE CASCADE,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE approvals (
    decision TEXT PRIMARY KEY REFERENCES decisions (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE VIEW open_decisions AS
    SELECT DISTINCT a.decision AS id FROM attempts a
    WHERE NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision = a.decision)
      AND NOT EXISTS (
        SELECT 1 FROM attempts e WHERE e.decision = a.decision AND e.status IN ('failed', 'abandoned')
      );

  CREATE TABLE pauses (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    ends REAL NOT NULL,
    ended_at REAL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX pauses_by_job ON pauses (job, seq);

  CREATE TABLE modes (
    job TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    who TEXT NOT NULL,
    at REAL NOT NULL
  ) STRICT;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    job TEXT,
    type TEXT NOT NULL,
    severity TEXT NOT NULL,
    sentence TEXT NOT NULL,
    decision TEXT
  ) STRICT;
  CREATE INDEX events_by_at ON events (at);
  CREATE INDEX events_by_job ON events (job, seq);
  CREATE INDEX events_by_decision ON events (decision, type) WHERE decision IS NOT NULL;

  CREATE TABLE memory (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    UNIQUE (job, name)
  ) STRICT;
  `,
  `
  ALTER TABLE decisions ADD COLUMN kind TEXT NOT NULL DEFAULT 'scale';
  CREATE INDEX decisions_by_job_kind ON decisions (job, kind, seq);

  DROP VIEW open_decisions;
  ALTER TABLE attempts RENAME TO old_attempts;
  CREATE TABLE attempts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    decision TEXT NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    status TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (decision, step, status)
  ) STRICT;
  INSERT INTO attempts (seq, decision, step, status, body)
    SELECT seq, decision, '', status, body FROM old_attempts ORDER BY seq;
  DROP TABLE old_attempts;
  CREATE VIEW open_decisions AS
    SELECT DISTINCT a.decision AS id FROM attempts a
    WHERE NOT EXISTS (SELECT 1 FROM outcomes o WHERE o.decision = a.decision)
      AND NOT EXISTS (
        SELECT 1 FROM attempts e
        WHERE e.decision = a.decision AND e.step = '' AND e.status IN ('failed', 'abandoned')
      );
  `,
];

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ABSENT,
  Failure,
  type HealthReadout,
  type JobLife,
  type ListedSnapshot,
  type OutriderEvent,
} from "../../model/index.ts";
import { aContent, FakeStorage } from "../../recovery/fake-storage.ts";
import { SnapshotWatch, type SnapshotWatchOptions } from "./snapshot-watch.ts";

const KEY = "flink/default/orders";
const JOB = "a".repeat(32);
const ROOT = `s3://b/ckpt/${JOB}`;
const dir = (id: number): string => `${ROOT}/chk-${id}`;

let now: number;
let storage: FakeStorage;
let memory: Map<string, unknown>;
let events: Omit<OutriderEvent, "seq">[];
let watch: SnapshotWatch;

beforeEach(() => {
  now = 1_000_000;
  storage = new FakeStorage();
  memory = new Map();
  events = [];
  watch = start();
});
afterEach(() => watch.close());

function start(over: Partial<SnapshotWatchOptions> = {}): SnapshotWatch {
  return new SnapshotWatch({
    store: {
      remember: (job, name, value) => void memory.set(`${job} ${name}`, JSON.parse(JSON.stringify(value))),
      recall: (job, name) => memory.get(`${job} ${name}`),
    },
    storageFor: () => storage,
    now: () => now,
    tell: (event) => events.push(event),
    ...over,
  });
}

const life: JobLife = {
  flinkJobId: JOB,
  firstSeenAt: 0,
  lastSeenAt: 0,
  lastState: "RUNNING",
  checkpointSettings: null,
  maxParallelism: {},
  taskManagers: [],
  highAvailability: null,
  parallelism: {},
  checkpointDirectory: ROOT,
};

function listed(id: number, over: Partial<ListedSnapshot> = {}): ListedSnapshot {
  return {
    path: dir(id),
    checkpointId: id,
    kind: "checkpoint",
    format: null,
    triggeredAt: 900_000 + id * 1_000,
    completedAt: null,
    stateBytes: null,
    discarded: false,
    ...over,
  };
}

function told(ids: readonly number[], over: Partial<HealthReadout> = {}): HealthReadout {
  return {
    flinkJobId: JOB,
    name: "orders",
    at: now,
    state: "RUNNING",
    enteredAt: {},
    restarts: ABSENT,
    tasksRunning: 1,
    tasksTotal: 1,
    exceptions: [],
    completed: ABSENT,
    failedCheckpoints: ABSENT,
    restoredFrom: null,
    snapshots: ids.map((id) => listed(id)),
    checkpointSettings: undefined,
    ...over,
  };
}

/** A snapshot with one file of its own and one that is shared. */
function put(id: number): void {
  storage.putSnapshot(
    dir(id),
    aContent({
      checkpointId: id,
      references: [
        { path: "own", relative: true, needed: 10, scope: "exclusive" },
        { path: `${ROOT}/shared/f${id}`, relative: false, needed: 5, scope: "shared" },
      ],
    }),
  );
}

/** One readout, and all the work that it starts. */
async function pass(ids: readonly number[], over: Partial<HealthReadout> = {}): Promise<void> {
  now += 10_000;
  watch.noted(KEY, told(ids, over), life);
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
}
const states = (): readonly string[] => watch.candidates(KEY).map((c) => `${c.checkpointId} ${c.state}`);
const reads = (): number => storage.requests.filter((r) => r.startsWith("read")).length;

describe("the newest snapshot is verified as it completes", () => {
  it("and shown with its age", async () => {
    put(1);
    await pass([1]);
    expect(states()).toEqual(["1 verified"]);
    expect(watch.restorePoint(KEY)).toMatchObject({
      path: dir(1),
      state: "verified",
      at: 901_000,
      ageMs: 109_000,
    });
  });

  it("once, until its verdict is ten minutes old: files can vanish", async () => {
    put(1);
    for (let i = 0; i < 30; i++) await pass([1]);
    expect(reads()).toBe(1);
    storage.files.delete(`${ROOT}/shared/f1`);
    for (let i = 0; i < 40; i++) await pass([1]);
    expect(states()).toEqual(["1 incomplete"]);
  });

  it("not those that were overtaken while one was looked at", async () => {
    for (const id of [1, 2, 3, 4]) put(id);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { list } = storage;
    storage.list = async function* (directory) {
      await held;
      yield* list.call(storage, directory);
    };
    for (const id of [1, 2, 3, 4]) await pass([id]);
    release();
    await pass([4]);
    await pass([4]);
    expect(storage.requests.filter((r) => r.startsWith("read"))).toEqual([
      `read ${dir(1)}/_metadata`,
      `read ${dir(4)}/_metadata`,
    ]);
  });

  it("and where it does not hold, the next older one", async () => {
    put(1);
    put(2);
    storage.files.delete(`${dir(2)}/own`);
    await pass([2, 1]);
    expect(states()).toEqual(["2 incomplete", "1 verified"]);
    expect(watch.restorePoint(KEY)?.path).toBe(dir(1));
  });

  it("but not an older one while the newest could not be asked", async () => {
    put(1);
    put(2);
    storage.trouble = (r) => {
      if (r.includes("chk-2")) throw new Failure("unreachable", "no route");
    };
    await pass([2, 1]);
    expect(states()).toEqual(["2 unknown", "1 unchecked"]);
    storage.trouble = () => undefined;
    for (let i = 0; i < 4; i++) await pass([2, 1]);
    expect(states()).toEqual(["2 verified", "1 unchecked"]);
  });

  it("by at most so many at once over all jobs", async () => {
    let atOnce = 0;
    let most = 0;
    const { readMetadata } = storage;
    storage.readMetadata = async (file) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce--;
      return readMetadata.call(storage, file);
    };
    put(1);
    for (let i = 0; i < 10; i++) watch.noted(`flink/default/job-${i}`, told([1]), life);
    await pass([1]);
    expect(most).toBe(2);
  });
});

describe("a snapshot that Flink deletes is not a loss", () => {
  it("when it is gone before it was looked at, and a newer one is told of later", async () => {
    put(2);
    await pass([1]);
    expect(states()).toEqual(["1 unchecked"]);
    await pass([2]);
    expect([states(), events]).toEqual([["2 verified"], []]);
  });

  it("when it is deleted in the middle of the look", async () => {
    put(1);
    storage.trouble = (r) => {
      if (r === `list ${ROOT}/shared`) storage.files.clear();
    };
    await pass([1]);
    expect([states(), events]).toEqual([["1 unchecked"], []]);
  });

  it("but it is lost when Flink still tells of it later", async () => {
    await pass([1]);
    await pass([1]);
    expect(states()).toEqual(["1 incomplete"]);
    expect(events).toMatchObject([{ type: "restore-point-lost", severity: "critical" }]);
  });

  it("and is not a candidate any more", async () => {
    put(1);
    await pass([1]);
    await pass([2], { snapshots: [listed(1, { discarded: true }), listed(2)] });
    expect(states()).toEqual(["2 unchecked"]);
  });
});

describe("people are told", () => {
  it("when the newest restore point is lost, and when there is one again, once each", async () => {
    put(1);
    await pass([1]);
    put(2);
    storage.files.delete(`${ROOT}/shared/f2`);
    await pass([2, 1]);
    await pass([2, 1]);
    put(3);
    await pass([3, 2, 1]);
    await pass([3, 2, 1]);

    expect(events.map((e) => [e.type, e.severity, e.sentence])).toEqual([
      [
        "restore-point-lost",
        "warning",
        `Job ${KEY} cannot be restored from its newest snapshot: chk-2 is incomplete: shared/f2 is missing; ` +
          "the newest proven one is chk-1, 1 s older.",
      ],
      [
        "restore-point-back",
        "info",
        `Job ${KEY} has a proven restore point again: chk-3 is whole: all 2 files with 15 B.`,
      ],
    ]);
  });

  it("not by an outage of the store", async () => {
    put(1);
    await pass([1]);
    storage.trouble = () => {
      throw new Failure("throttled", "slow down");
    };
    for (let i = 0; i < 70; i++) await pass([1]);
    expect([states(), events]).toEqual([["1 unknown"], []]);
  });
});

describe("when Flink cannot tell", () => {
  it("a restarted process still knows what it had verified", async () => {
    put(1);
    await pass([1]);
    await watch.close();
    watch = start();
    expect(states()).toEqual(["1 verified"]);
  });

  it("writes what it knows twice a minute at most, and at its end", async () => {
    let writes = 0;
    watch = start({ store: { remember: () => writes++, recall: () => undefined } });
    for (let id = 1; id <= 12; id++) {
      put(id);
      await pass([id]);
    }
    expect(writes).toBe(4);
    await watch.close();
    expect(writes).toBe(5);
  });

  it("a scan finds what lies in the job's directory, newest first", async () => {
    for (const id of [7, 8, 9]) put(id);
    storage.files.delete(`${dir(9)}/own`);
    expect(watch.searched(KEY, now)).toBe(false);
    await watch.scan(KEY, life);

    expect(states()).toEqual(["9 incomplete", "8 verified", "7 unchecked"]);
    expect(watch.searched(KEY, now)).toBe(true);
  });

  it("a scan during an outage proves nothing and says so", async () => {
    put(7);
    storage.trouble = () => {
      throw new Failure("unreachable", "no route");
    };
    await watch.scan(KEY, life);
    expect([states(), watch.searched(KEY, now)]).toEqual([[], false]);
  });

  it("a failed job keeps the snapshots that only its directory shows", async () => {
    put(7);
    put(8);
    await watch.scan(KEY, life);
    await pass([8], { state: "FAILED" });
    expect(states()).toEqual(["8 verified", "7 unchecked"]);
  });

  it("a snapshot that a person names is verified at once", async () => {
    put(5);
    const report = await watch.verifyNow(KEY, dir(5));
    expect([report.state, states()]).toEqual(["verified", ["5 verified"]]);
  });
});

it("a store that breaks in the background ends the next pass", async () => {
  put(1);
  watch = start({
    store: {
      remember: () => {
        throw new Failure("store-broken", "the disk is full");
      },
      recall: () => undefined,
    },
  });
  await pass([1]);
  await expect(pass([1])).rejects.toThrow("the disk is full");
});

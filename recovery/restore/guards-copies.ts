import { type DiagnosisKind, formatDuration } from "../../model/index.ts";
import { type Guard, pass, veto } from "./weigh.ts";
import { bare, nameOf } from "./wording.ts";

const UNCLEAR: ReadonlySet<DiagnosisKind> = new Set(["cluster-down", "not-assessed"]);

const duplicateKey: Guard = {
  name: "duplicate-key",
  check: ({ inputs, alive }) => {
    const { namesakes } = inputs;
    // Where nobody knows how the job fares, the one live job may be the one in question.
    const others = namesakes - (alive || UNCLEAR.has(inputs.diagnosis.kind) ? 1 : 0);
    if (others <= 0) return pass("no other live job has this key", { namesakes });
    return others === 1 && namesakes === 1
      ? veto("another submission of the job is live already", { namesakes })
      : veto(`${namesakes} live jobs have this key; none is touched until one is left`, { namesakes });
  },
};

const alreadyRestoring: Guard = {
  name: "already-restoring",
  check: ({ inputs, subject }) => {
    const open = inputs.earlier.find((e) => e.endedAt === null);
    if (open === undefined) return pass("no restore of this job is under way");
    const agoMs = Math.max(0, subject.at - open.at);
    return veto(`a restore of this job has been under way for ${formatDuration(agoMs)}`, { agoMs });
  },
};

const notAssessed: Guard = {
  name: "not-assessed",
  check: ({ inputs: { diagnosis } }) =>
    diagnosis.kind === "not-assessed"
      ? veto(`the job is not assessed: ${bare(diagnosis.sentence)}`)
      : pass("the job is assessed"),
};

const clusterDown: Guard = {
  name: "cluster-down",
  check: ({ inputs: { diagnosis, namesakes }, troubledMs }) => {
    if (diagnosis.kind !== "cluster-down") return pass("the cluster answers");
    const then = namesakes > 0 ? "Flink restarts the job" : "the job is restored";
    return veto(`${bare(diagnosis.sentence)}; ${then} when the cluster is back`, { troubledMs });
  },
};

/** Only a job that vanished with its JobManager is high availability's to bring back; FAILED and CANCELED are final. */
const highAvailability: Guard = {
  name: "high-availability-recovers",
  check: ({ inputs, config, troubledMs }) => {
    const mode = inputs.highAvailability;
    if (inputs.diagnosis.kind !== "job-gone") return pass("Flink still knows the job");
    if (mode === "none") return pass("the cluster has no high availability that would bring the job back");
    const numbers = { troubledMs, haGraceMs: config.haGraceMs };
    const gone = formatDuration(troubledMs);
    if (mode === null) {
      return veto(
        `the job has been gone for ${gone}, and whether high availability brings it back could not be read`,
        numbers,
      );
    }
    return troubledMs < config.haGraceMs
      ? veto(`high availability (${mode}) brings the job back; it has been gone for ${gone}`, numbers)
      : veto(
          `high availability (${mode}) has not brought the job back in ${gone}; it still may, so a restore could make two copies`,
          numbers,
        );
  },
};

/** A JobManager that was cut off, not lost, goes on running the job and writes its checkpoints. */
const oldCopyWrites: Guard = {
  name: "old-copy-writes",
  check: ({ inputs, config }) => {
    const { kind, since } = inputs.diagnosis;
    if (kind !== "job-gone") return pass("Flink still knows the job");
    const afterwards = inputs.candidates.find(
      (c) => c.flinkJobId === inputs.life.flinkJobId && (c.takenAt ?? 0) > since + config.deadMarginMs,
    );
    if (afterwards === undefined) return pass("nothing of the lost job was written since");
    const afterMs = (afterwards.takenAt ?? since) - since;
    return veto(
      `${nameOf(afterwards.path)} was written ${formatDuration(afterMs)} after the job vanished from the JobManager: a copy runs somewhere else`,
      { afterMs },
    );
  },
};

/** About live copies: nothing else is asked while there may be another one. */
export const COPY_GUARDS: readonly Guard[] = [
  duplicateKey,
  alreadyRestoring,
  notAssessed,
  clusterDown,
  highAvailability,
  oldCopyWrites,
];

import { createHash } from "node:crypto";
import { objectIn } from "./json-body.ts";
import { badBody, ok, refusal, type SimulatorReply, serverError } from "./reply.ts";
import { type Asked, type Route, route } from "./route.ts";

/** Of a multipart body that is larger than other bodies may be only this much is read: the names stand at its start. */
export const UPLOAD_PATH = /^(?:\/v1)?\/jars\/upload$/;
const FOLDER = "/tmp/flink-web-upload";
const MOST_JARS = 1_000;

/**
 * Jars, whose content nobody looks at: running one starts the job of the world that its entry class or its file name
 * stands for (the only one, where there is only one). A JobManager forgets its jars when it dies.
 */
export const jarRoutes: readonly Route[] = [
  route("GET /jars", ({ desk }) =>
    ok({
      address: "http://localhost:8081",
      files: [...desk.memory.jars.values()].map(({ id, name, uploadedAt }) => ({
        id,
        name,
        uploaded: uploadedAt,
        entry: entriesOf(desk, name),
      })),
    }),
  ),
  route("POST /jars/upload", upload),
  route("DELETE /jars/:jarid", ({ desk, at }) =>
    desk.memory.jars.delete(at["jarid"] ?? "")
      ? ok({})
      : refusal(400, `File ${at["jarid"]} does not exist in ${FOLDER}.`),
  ),
  route("POST /jars/:jarid/run", run),
];

/** What the manifest of such a jar would name. */
function entriesOf({ cluster }: Asked["desk"], jar: string) {
  const plans = cluster.jobs.map((job) => job.plan);
  const plan = plans.find((p) => `${p.name}.jar` === jar) ?? (plans.length === 1 ? plans[0] : undefined);
  return plan?.entryClass === undefined ? [] : [{ name: plan.entryClass, description: null }];
}

function upload({ desk, body }: Asked): SimulatorReply {
  const header = /content-disposition:[^\r\n]*\bfilename="([^"\r\n]*)"/i.exec(body);
  const name = header?.[1]?.split("/").at(-1) ?? "";
  if (header === null) return refusal(400, "Exactly 1 file must be sent, received 0.");
  if (!name.endsWith(".jar")) return refusal(400, "Only Jar files are allowed.");
  const { jars } = desk.memory;
  if (jars.size >= MOST_JARS) return serverError("java.io.IOException: No space left on device");
  const { epoch, jobManager, now } = desk.cluster;
  const id = `${uuidOf(epoch, jobManager.process, now(), jars.size)}_${name}`;
  jars.set(id, { id, name, uploadedAt: now() });
  return ok({ filename: `${FOLDER}/${id}`, status: "success" });
}

function run({ desk, at, query, body }: Asked): SimulatorReply {
  const id = at["jarid"] ?? "";
  const jar = desk.memory.jars.get(id);
  const given = objectIn(body);
  if (given === undefined) return badBody("JarRunRequestBody");
  if (jar === undefined) {
    return serverError(
      `org.apache.flink.runtime.rest.handler.RestHandlerException: Jar file ${FOLDER}/${id} does not exist`,
    );
  }
  const asked = wishIn(given, query);
  if (asked === undefined) return badBody("JarRunRequestBody");
  const jobid = desk.cluster.run({ jar: jar.name, ...asked });
  return ok(desk.flinkMajor >= 2 ? { jobid, applicationId: jobid } : { jobid });
}

/** The body wins over the query, which older clients use. Undefined where a value has the wrong form. */
function wishIn(given: Readonly<Record<string, unknown>>, query: URLSearchParams) {
  const text = (key: string, inQuery = key): string | undefined | null => {
    const value = given[key] ?? query.get(inQuery) ?? undefined;
    return value === undefined || typeof value === "string" ? value : null;
  };
  const entryClass = text("entryClass", "entry-class");
  const savepointPath = text("savepointPath");
  const jobId = text("jobId");
  const parallelism = given["parallelism"] ?? undefined;
  const { allowNonRestoredState: lax, claimMode, restoreMode } = given;
  if (entryClass === null || savepointPath === null || jobId === null) return undefined;
  if (jobId !== undefined && !/^[0-9a-f]{32}$/i.test(jobId)) return undefined;
  const counts = typeof parallelism === "number" && Number.isInteger(parallelism) && parallelism > 0;
  if (parallelism !== undefined && !counts) return undefined;
  return {
    entryClass,
    savepointPath: savepointPath === "" ? undefined : savepointPath,
    jobId: jobId?.toLowerCase(),
    parallelism: counts ? parallelism : undefined,
    allowNonRestoredState: lax === true,
    claim: (claimMode ?? restoreMode) === "CLAIM",
  };
}

function uuidOf(...words: readonly number[]): string {
  const hex = createHash("sha256").update(words.join()).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

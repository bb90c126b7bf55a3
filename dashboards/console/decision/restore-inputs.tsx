import { formatDuration, type RestoreRecord } from "../../../model/index.ts";
import { Age, Clock } from "../ui/time.tsx";

/** What a decision about a job's state stands on: the fault, and every snapshot with its verdict. */
export function RestoreInputs({ record }: { readonly record: RestoreRecord }) {
  const { diagnosis, life, candidates, earlier, highAvailability } = record.inputs;
  const facts: readonly (readonly [string, string])[] = [
    ["Diagnosis", diagnosis.sentence],
    [
      "Fault",
      diagnosis.fault === null ? "none told" : `${diagnosis.fault.class}: ${diagnosis.fault.exception}`,
    ],
    ["Flink job id", life.flinkJobId],
    ["High availability", highAvailability ?? "not known"],
    ["Restores before", String(earlier.length)],
    [
      "Takes about",
      record.estimate.durationMs === null ? "not assessed" : formatDuration(record.estimate.durationMs),
    ],
  ];
  return (
    <>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="wrap">{value}</dd>
          </div>
        ))}
      </dl>
      <table class="plain">
        <caption class="hidden">Snapshots, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Snapshot</th>
            <th scope="col">Verdict</th>
            <th scope="col">Taken</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((c) => (
            <tr key={c.path} class={c.path === record.proposal?.snapshot ? "chosen" : undefined}>
              <th scope="row" class="wrap">
                {c.path}
              </th>
              <td class="wrap">{c.sentence}</td>
              <td class="nowrap">
                {c.takenAt === null ? "not known" : <Clock at={c.takenAt} />} <Age at={c.takenAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

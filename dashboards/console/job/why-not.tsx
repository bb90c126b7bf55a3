import { useCallback } from "preact/hooks";
import type { JobKey } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import { usePolled } from "../live/polled.ts";
import { Empty, Staleness } from "../ui/notice.tsx";
import { Age } from "../ui/time.tsx";

/** What would have to change for Outrider to act, and what Flink said last. */
export function WhyNot({ job }: { readonly job: JobKey }) {
  const explained = usePolled(
    `explain ${job}`,
    useCallback(() => api.explain(job), [job]),
  );
  const { data } = explained;
  return (
    <section class="card why-not" aria-labelledby="why-title">
      <div class="card-head">
        <h2 id="why-title">Why not?</h2>
      </div>
      <Staleness of={explained} what="The explanation" />
      {data === undefined ? null : data.wouldChange.length === 0 ? (
        <Empty>Nothing is in the way.</Empty>
      ) : (
        <>
          <p>For Outrider to act:</p>
          <ul class="would-change">
            {data.wouldChange.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      {data === undefined || data.said === null ? null : (
        <p class="hint">
          {data.said.ok ? "Last look" : "Last look failed"}: <Age at={data.said.at} />
        </p>
      )}
    </section>
  );
}

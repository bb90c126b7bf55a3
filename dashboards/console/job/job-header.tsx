import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { parseJobKey } from "../../../model/index.ts";
import { api } from "../api/client.ts";
import type { Job } from "../api/replies.ts";
import type { Standing } from "../fleet/rank.ts";
import { formatCount } from "../format/number.ts";
import { ActButton } from "../ui/act-button.tsx";
import { StandingBadge } from "../ui/badge.tsx";
import { Notice } from "../ui/notice.tsx";
import { Age, Clock, Until } from "../ui/time.tsx";
import { ModeControl } from "./mode-control.tsx";
import { PauseDialog } from "./pause-dialog.tsx";

interface HeaderProps {
  readonly job: Job;
  readonly standing: Standing;
  readonly onDone: () => void;
}

/** Who it is, how it stands, and what a person may do about it. */
export function JobHeader({ job, standing, onDone }: HeaderProps) {
  const [pausing, setPausing] = useState(false);
  const { pause } = job;
  return (
    <header class="job-head">
      <div class="job-title">
        <h1 title={job.key}>{parseJobKey(job.key)?.name ?? job.key}</h1>
        <StandingBadge standing={standing} />
        <span class="state">{job.state}</span>
      </div>
      <p class="verdict-line">{job.sentence}</p>
      <div class="job-controls">
        <ModeControl job={job} onDone={onDone} />
        {pause === null ? (
          <button type="button" class="button" onClick={() => setPausing(true)}>
            Pause …
          </button>
        ) : null}
      </div>
      {pause === null ? null : (
        <Notice
          tone="calm"
          action={
            <ActButton act={() => api.resume(job.key)} onDone={onDone}>
              Resume now
            </ActButton>
          }
        >
          <b>Paused by {pause.owner}</b> until <Clock at={pause.until} deadline />, <Until at={pause.until} />
          : {pause.reason}
        </Notice>
      )}
      <dl class="facts">
        <Fact name="Backlog">{formatCount(job.lagRecords)}</Fact>
        <Fact name="Newest decision">
          <Age at={job.newest?.since} />
        </Fact>
        <Fact name="Last pass">
          <Age at={job.lastPassAt} />
        </Fact>
        <Fact name="Reason code">
          <code>{job.verdict}</code>
        </Fact>
        <Fact name="Flink job id">
          <code>{job.flinkJobId}</code>
        </Fact>
      </dl>
      {pausing ? <PauseDialog job={job.key} onDone={onDone} onClose={() => setPausing(false)} /> : null}
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="tabular">{children}</dd>
    </div>
  );
}

import type { Decision } from "../api/replies.ts";
import type { Tone } from "../fleet/rank.ts";

/** What became of a decision, in one or two words. `waits`: a person is asked about it just now. */
export function becameOf(d: Decision, waits: boolean): { readonly label: string; readonly tone: Tone } {
  if (d.record.effective === null) return { label: "Hold", tone: "calm" };
  switch (d.outcome?.verdict) {
    case "reached":
      return { label: "Reached", tone: "good" };
    case "not-reached":
      return { label: "Not reached", tone: "bad" };
    case "superseded":
      return { label: "Superseded", tone: "calm" };
    default:
      return ofAttempt(d, waits);
  }
}

function ofAttempt(d: Decision, waits: boolean): { readonly label: string; readonly tone: Tone } {
  const attempt = d.attempts.at(-1)?.status;
  if (attempt === "failed") return { label: "Refused by Flink", tone: "bad" };
  if (attempt === "abandoned") return { label: "Abandoned", tone: "calm" };
  if (attempt !== undefined) return { label: "Under way", tone: "busy" };
  if (d.approval?.verdict === "rejected") return { label: "Rejected", tone: "calm" };
  if (d.approval?.verdict === "approved") return { label: "Approved", tone: "busy" };
  const permit = d.permits.at(-1)?.code;
  if (permit === "needs-approval") {
    return waits ? { label: "Needs approval", tone: "ask" } : { label: "Not answered", tone: "calm" };
  }
  if (permit === "paused") return { label: "Paused", tone: "calm" };
  return permit === "read-only"
    ? { label: "Not done: observe", tone: "calm" }
    : { label: "Decided", tone: "busy" };
}

/** What happened to a decision, oldest first, in sentences. */
export function storyOf(
  d: Decision,
): readonly { readonly at: number; readonly what: string; readonly sentence: string }[] {
  return [
    ...d.permits.map((p) => ({ at: p.at, what: `permit ${p.code}`, sentence: p.sentence })),
    ...(d.approval === null
      ? []
      : [
          {
            at: d.approval.at,
            what: d.approval.verdict,
            sentence: `by ${d.approval.by}${d.approval.reason === null ? "" : `: ${d.approval.reason}`}`,
          },
        ]),
    ...d.attempts.map((a) => ({
      at: a.at,
      what: `${a.step ?? "attempt"} ${a.status}`,
      sentence: a.sentence,
    })),
    ...(d.outcome === null
      ? []
      : [{ at: d.outcome.at, what: `outcome ${d.outcome.verdict}`, sentence: d.outcome.sentence }]),
  ].sort((a, b) => a.at - b.at);
}

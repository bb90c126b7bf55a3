import { formatDuration, type ScaleInputs, type VertexBound, type VertexInputs } from "../../model/index.ts";
import { type Asked, growingIn, pass, records, type Verdict, veto } from "./verdict.ts";

type Bound = VertexInputs & { readonly bound: VertexBound };

/**
 * A vertex that the outside bounds (a service, a sink, the machine's cores) gains nothing from more subtasks. That
 * cannot be told from an honest wait at first sight: it was measured by a rescale that did not help (`effect.ts`).
 * Vetoes growth that would only feed such vertices, and names them where nothing else is left to do; other vertices
 * may still grow.
 */
export function sinkBound(inputs: ScaleInputs, proposed: Asked): Verdict {
  const bound = Object.entries(inputs.vertices).flatMap(([id, v]) => (isBinding(v) ? [{ id, v }] : []));
  const first = bound[0];
  if (first === undefined) return pass("no vertex is bound by the outside");
  const grows = growingIn(inputs, proposed.proposal);
  const inVain = grows.filter(({ vertex, to }) => isBinding(vertex) && to > vertex.bound.parallelism);
  const named = inVain[0]?.vertex ?? first.v;
  const shown = isBinding(named) ? named : first.v;
  const numbers = {
    rate: shown.bound.rate,
    arrivalRate: shown.arrivalRate ?? 0,
    parallelism: shown.parallelism,
    enough: shown.bound.parallelism,
    agoMs: proposed.now - shown.bound.at,
  };
  if (proposed.direction === "down" || inVain.length < grows.length) {
    return pass(`the outside bounds vertex ${shown.name}, which is not what would change`, numbers);
  }
  const ago = formatDuration(Math.max(0, numbers.agoMs));
  return veto(
    `vertex ${shown.name} takes ${records(shown.bound.rate)} records/s however many subtasks it has (measured ${ago} ago), ` +
      `${records(numbers.arrivalRate)} arrive; more than ${numbers.enough} subtasks bring nothing: ` +
      "raise the limit of what it writes to or calls",
    numbers,
  );
}

/** The outside takes less than what arrives. */
function isBinding(v: VertexInputs): v is Bound {
  return v.bound !== null && v.arrivalRate !== null && v.arrivalRate > v.bound.rate;
}

import type { ScaleInputs } from "../../model/index.ts";
import { type Asked, pass, percent, type Verdict, veto } from "./verdict.ts";

const MOST_GC = 0.3;
const MOST_HEAP = 0.95;

/**
 * Fewer subtasks hold the same state and the same records on fewer TaskManagers. Vetoes that while a TaskManager
 * spends more than 30 % of its time in garbage collection or keeps more than 95 % of its heap after it. Growth is not
 * vetoed: it spreads the state, and where its new slots lie is not known; if it brings nothing, its effect tells.
 */
export function memoryPressure({ pressure }: ScaleInputs, { direction }: Asked): Verdict {
  const { gcShare, heapShare } = pressure;
  const numbers = {
    ...(gcShare === null ? {} : { gcShare }),
    ...(heapShare === null ? {} : { heapShare }),
  };
  if (gcShare === null && heapShare === null) return pass("memory is not assessed");
  const signs = [
    ...(gcShare !== null && gcShare > MOST_GC
      ? [`spends ${percent(gcShare)} of its time in garbage collection`]
      : []),
    ...(heapShare !== null && heapShare > MOST_HEAP
      ? [`keeps ${percent(heapShare)} of its heap in use`]
      : []),
  ];
  if (signs.length === 0) return pass("the TaskManagers have memory to spare", numbers);
  if (direction !== "down" && direction !== "both") {
    return pass(`a TaskManager ${signs.join(" and ")}; nothing is taken away`, numbers);
  }
  return veto(
    `a TaskManager ${signs.join(" and ")}; fewer subtasks would hold the same state in less memory: give TaskManagers more heap first`,
    numbers,
  );
}

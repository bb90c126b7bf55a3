import type uPlot from "uplot";

/** A decision on the axis of time. */
export interface ChartMark {
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  readonly label: string;
  readonly carriedOut: boolean;
  readonly href: string;
  readonly open: () => void;
}

/** Puts a thin upright link on the chart for every mark inside its range; what is there already is moved. */
export function placeMarks(plot: uPlot, marks: readonly ChartMark[], from: number, to: number): void {
  const before = new Map(
    [...plot.over.querySelectorAll<HTMLAnchorElement>("a.mark")].map((a) => [a.dataset["id"], a]),
  );
  for (const mark of marks) {
    if (mark.at < from || mark.at > to) continue;
    const link = before.get(mark.id) ?? makeMark(plot, mark);
    before.delete(mark.id);
    const share = (mark.at - from) / (to - from);
    link.style.left = `${(share * 100).toFixed(2)}%`;
    link.classList.toggle("late", share > 0.6);
    link.classList.toggle("undone", !mark.carriedOut);
  }
  for (const gone of before.values()) gone.remove();
}

function makeMark(plot: uPlot, mark: ChartMark): HTMLAnchorElement {
  const link = document.createElement("a");
  link.className = "mark";
  link.href = mark.href;
  link.dataset["id"] = mark.id;
  link.setAttribute("aria-label", `Decision: ${mark.label}`);
  const tip = document.createElement("span");
  tip.className = "mark-tip";
  tip.textContent = mark.label;
  link.append(tip);
  link.addEventListener("click", (e) => {
    if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
    e.preventDefault();
    mark.open();
  });
  plot.over.append(link);
  return link;
}

import { type LoadSimulationResult, loadAt, type SimulatedStage } from "./load-simulation-result.ts";

const PANEL = { width: 190, height: 110, left: 26, top: 20, gap: 14 };
const HEAD = 44;
const STYLE = `
    text { font: 11px system-ui, sans-serif; fill: #57606a }
    .title { font-size: 13px; fill: #24292f }
    .axis { stroke: #d0d7de; fill: none }
    .load { stroke: #bc4c00; fill: none; stroke-width: 1.5 }
    .subtasks { stroke: #0969da; fill: none; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      text { fill: #8b949e } .title { fill: #e6edf3 } .axis { stroke: #30363d }
      .load { stroke: #f0883e } .subtasks { stroke: #58a6ff }
    }
`;

/** A picture (SVG) of the load that each stage had, and of the subtasks that it was given: one panel a stage. */
export function plotOf(result: LoadSimulationResult): string {
  const columns = Math.max(...branchesOf(result).map((stages) => stages.length));
  const rows = branchesOf(result).length;
  const width = columns * (PANEL.width + PANEL.gap) + PANEL.gap;
  const height = HEAD + rows * (PANEL.height + PANEL.gap);
  const panels = branchesOf(result).flatMap((stages, row) =>
    stages.map((stage, column) => {
      const x = PANEL.gap + column * (PANEL.width + PANEL.gap);
      const y = HEAD + row * (PANEL.height + PANEL.gap);
      return `  <g transform="translate(${x} ${y})">\n${panelOf(result, stage)}\n  </g>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `  <title>Load and parallelism of every stage of the load simulation on Flink ${result.version}</title>`,
    `  <style>${STYLE}  </style>`,
    `  <text class="title" x="${PANEL.gap}" y="18">Load simulation on Flink ${result.version}, Outrider in mode ${result.mode}, ${result.rescales} rescales</text>`,
    `  <path class="load" d="M${PANEL.gap} 32h18"/><text x="${PANEL.gap + 24}" y="36">load, subtasks' worth</text>`,
    `  <path class="subtasks" d="M${PANEL.gap + 160} 32h18"/><text x="${PANEL.gap + 184}" y="36">parallelism; time in minutes</text>`,
    ...panels,
    "</svg>\n",
  ].join("\n");
}

function branchesOf({ stages }: LoadSimulationResult): readonly (readonly SimulatedStage[])[] {
  return [...Map.groupBy(stages, (stage) => stage.branch).values()];
}

function panelOf(result: LoadSimulationResult, stage: SimulatedStage): string {
  const index = result.stages.indexOf(stage);
  const endS = Math.max(1, result.points.at(-1)?.atS ?? 1);
  const most = Math.max(stage.maxLoad, ...result.points.map((p) => p.parallelism[index] ?? 0));
  const plot = { width: PANEL.width - PANEL.left, height: PANEL.height - PANEL.top - 14 };
  const x = (atS: number) => (PANEL.left + (atS / endS) * plot.width).toFixed(1);
  const y = (subtasks: number) => (PANEL.top + plot.height * (1 - subtasks / most)).toFixed(1);
  const times = Array.from({ length: 121 }, (_, i) => (i / 120) * endS);
  const load = times.map((atS) => `${x(atS)} ${y(loadAt(stage, atS, result.periodS))}`);
  const given = result.points.flatMap(({ atS, parallelism }, i) => {
    const [now, before] = [parallelism[index] ?? 0, result.points[i - 1]?.parallelism[index]];
    if (before === now && i < result.points.length - 1) return [];
    return before === undefined ? [`${x(atS)} ${y(now)}`] : [`${x(atS)} ${y(before)}`, `${x(atS)} ${y(now)}`];
  });
  const bottom = PANEL.top + plot.height;
  return [
    `    <text class="title" x="${PANEL.left}" y="12">branch ${stage.branch}, MaxLoad ${stage.maxLoad}</text>`,
    `    <path class="axis" d="M${PANEL.left} ${PANEL.top}V${bottom}H${PANEL.width}"/>`,
    `    <text x="${PANEL.left - 4}" y="${PANEL.top + 8}" text-anchor="end">${most}</text>`,
    `    <text x="${PANEL.left - 4}" y="${bottom}" text-anchor="end">0</text>`,
    `    <text x="${PANEL.width}" y="${bottom + 12}" text-anchor="end">${(endS / 60).toFixed(0)}</text>`,
    `    <path class="load" d="M${load.join("L")}"/>`,
    `    <path class="subtasks" d="M${given.join("L")}"/>`,
  ].join("\n");
}

import { render } from "preact";
import { App } from "./app.tsx";
import { startLive } from "./live/live.ts";
import { applyTheme, followSystem, readTheme } from "./settings/theme.ts";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/fleet.css";
import "./style/job.css";
import "./style/graph.css";
import "./style/chart.css";
import "./style/decision.css";

applyTheme(readTheme());
followSystem();
startLive();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);

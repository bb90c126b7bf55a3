import { useCallback, useEffect, useState } from "preact/hooks";
import { parseJobKey } from "../../model/index.ts";
import { api } from "./api/client.ts";
import { ClustersPage } from "./clusters/clusters-page.tsx";
import { DecisionPage } from "./decision/decision-page.tsx";
import { EventsPage } from "./events/events-page.tsx";
import { FleetPage } from "./fleet/fleet-page.tsx";
import { JobPage } from "./job/job-page.tsx";
import { useReset, useStreamState } from "./live/live.ts";
import { noticeServerTime, useNow } from "./live/now.ts";
import { usePolled } from "./live/polled.ts";
import { Link, useRoute } from "./routing/link.tsx";
import type { Route } from "./routing/route.ts";
import { SettingsMenu } from "./settings/settings-menu.tsx";
import { Empty, Notice } from "./ui/notice.tsx";

/** The frame around every view: where one is, how the connection is, and the view. */
export function App() {
  const route = useRoute();
  const [epoch, setEpoch] = useState(0);
  // A new epoch draws every view anew, without anything that was read before.
  const anew = useCallback(() => setEpoch((n) => n + 1), []);
  const clusters = usePolled("clusters", async () => {
    const page = await api.clusters();
    if (noticeServerTime(newest(page.items.map((c) => c.said?.at)))) anew();
    return page;
  });
  useReset(
    useCallback(() => {
      clusters.reload();
      anew();
    }, [clusters.reload, anew]),
  );
  // Without Outrider's time, ages and charts would be wrong for a moment.
  const timeKnown = clusters.data !== undefined || clusters.problem !== undefined;
  useEffect(() => {
    document.title = `${titleOf(route)} · Outrider`;
  });
  const wantsToken = clusters.problem?.code === "no-token";
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="top">
        <Link to={{ view: "fleet" }} class="brand">
          Outrider
        </Link>
        <nav aria-label="Views">
          <Link to={{ view: "fleet" }} current={route.view === "fleet"}>
            Fleet
          </Link>
          <Link to={{ view: "events" }} current={route.view === "events"}>
            Events
          </Link>
          <Link to={{ view: "clusters" }} current={route.view === "clusters"}>
            Clusters
          </Link>
        </nav>
        <StreamLine />
        <SettingsMenu
          onChange={() => {
            clusters.reload();
            anew();
          }}
        />
      </header>
      <main id="main" tabIndex={-1} key={epoch}>
        {wantsToken ? (
          <Notice tone="ask" role="status">
            <b>This Outrider wants a token.</b> Enter it under Settings.
          </Notice>
        ) : null}
        {timeKnown ? <View route={route} clusters={clusters} /> : <Empty>Reading …</Empty>}
      </main>
    </>
  );
}

function View({ route, clusters }: { route: Route; clusters: ReturnType<typeof usePolled<ClusterPage>> }) {
  switch (route.view) {
    case "fleet":
      return <FleetPage clusters={clusters} />;
    case "job":
      return <JobPage key={route.key} job={route.key} />;
    case "decision":
      return <DecisionPage key={route.id} job={route.key} id={route.id} />;
    case "events":
      return <EventsPage />;
    case "clusters":
      return <ClustersPage clusters={clusters} />;
    default:
      return (
        <>
          <h1>Nothing here</h1>
          <Empty>
            The console has no page at this address. <Link to={{ view: "fleet" }}>To the fleet</Link>
          </Empty>
        </>
      );
  }
}

type ClusterPage = Awaited<ReturnType<typeof api.clusters>>;

/** One calm sentence about the event stream. */
function StreamLine() {
  const state = useStreamState();
  // Only to be drawn anew every second: the wait is counted by the clock of this machine.
  useNow();
  if (state.kind === "live") {
    return (
      <p class="stream live" role="status">
        <span class="badge-dot" aria-hidden="true" /> Live
      </p>
    );
  }
  if (state.kind === "connecting") {
    return (
      <p class="stream" role="status">
        Connecting …
      </p>
    );
  }
  const seconds = Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1_000));
  return (
    <p class="stream lost" title={state.why}>
      <span role="status">Stream lost</span>
      <span>, trying again in {seconds} s</span>
    </p>
  );
}

function titleOf(route: Route): string {
  if (route.view === "job") return parseJobKey(route.key)?.name ?? route.key;
  if (route.view === "decision") return `Decision of ${parseJobKey(route.key)?.name ?? route.key}`;
  return { fleet: "Fleet", events: "Events", clusters: "Clusters", unknown: "Nothing here" }[route.view];
}

function newest(times: readonly (number | undefined)[] | undefined): number | undefined {
  const known = times?.filter((t) => t !== undefined) ?? [];
  return known.length === 0 ? undefined : Math.max(...known);
}

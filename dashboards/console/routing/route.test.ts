import { describe, expect, it } from "vitest";
import { parsePath, type Route, toPath } from "./route.ts";

describe("addresses", () => {
  it.each<Route>([
    { view: "fleet" },
    { view: "events" },
    { view: "clusters" },
    { view: "job", key: "prod/default/orders" },
    { view: "job", key: "prod/default/a%2Fb \"<script>alert('x')</script>\" ü?#&" },
    { view: "decision", key: "prod/default/orders", id: "s-1/2" },
  ])("lead back to where they come from: %j", (route) => {
    expect(parsePath(toPath(route))).toEqual(route);
    expect(toPath(route).split("/").length).toBeLessThanOrEqual(5);
  });

  it.each(["/nowhere", "/jobs", "/jobs/", "/jobs/a/b", "/jobs/%E0%A4%A", "/events/x", "/jobs/a/decisions/"])(
    "that mean nothing are unknown: %s",
    (path) => {
      expect(parsePath(path)).toEqual({ view: "unknown" });
    },
  );
});

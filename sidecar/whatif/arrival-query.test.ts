import { expect, it } from "vitest";
import { jobKey } from "../../model/index.ts";
import { arrivalQuery } from "./arrival-query.ts";

it("the load of a job is asked for under the labels that its series carry", () => {
  const job = jobKey({ cluster: "prod", namespace: "shop", name: "orders enriched" });
  expect(arrivalQuery(job)).toBe(
    'max(avg_over_time(outrider_job_arrival_records_per_second{cluster="prod", namespace="shop", job_name="orders_enriched"}[5m]))',
  );
});

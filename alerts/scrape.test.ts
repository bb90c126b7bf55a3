import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type AlertsSettings, alertsSettings, renderScrapeFiles } from "./index.ts";

interface ScrapeConfig {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly [key: string]: unknown;
}

function configs(input: object): readonly ScrapeConfig[] {
  const settings = alertsSettings.parse({ scrape: input }) as unknown as AlertsSettings;
  const [first] = renderScrapeFiles(settings);
  expect(first?.file).toBe("outrider.scrape.yaml");
  return (parse(first?.content ?? "") as { scrape_configs: ScrapeConfig[] }).scrape_configs;
}

describe("the scrape configuration", () => {
  test("keeps the labels of Outrider's page", () => {
    expect(configs({ outrider: ["outrider:8090"], tokenFile: "/run/token" })[0]).toMatchObject({
      job_name: "outrider",
      scrape_interval: "10s",
      honor_labels: true,
      authorization: { credentials_file: "/run/token" },
      static_configs: [{ targets: ["outrider:8090"] }],
    });
  });

  test("gives fixed addresses the labels that rules rely on", () => {
    const flink = [{ cluster: "c", namespace: "n", jobManagers: ["jm:9249"], taskManagers: ["a:1", "b:2"] }];
    const found = configs({ outrider: [], flink, kubernetes: { enabled: false } });
    expect(found).toHaveLength(1);
    expect(found[0]?.["static_configs"]).toEqual([
      { targets: ["jm:9249"], labels: { cluster: "c", namespace: "n", component: "jobmanager" } },
      { targets: ["a:1", "b:2"], labels: { cluster: "c", namespace: "n", component: "taskmanager" } },
    ]);
  });

  test("finds pods by their component, at the reporter's port, in the namespaces that were named", () => {
    const found = configs({ outrider: [], kubernetes: { namespaces: ["prod"], port: 9250 } })[0];
    expect(found?.["kubernetes_sd_configs"]).toEqual([{ role: "pod", namespaces: { names: ["prod"] } }]);
    const text = JSON.stringify(found?.["relabel_configs"]);
    expect(text).toContain("jobmanager|taskmanager");
    expect(text).toContain("$1:9250");
    for (const label of ["cluster", "namespace", "component", "pod"]) {
      expect(text).toContain(`"target_label":"${label}"`);
    }
  });

  test("is written slower or faster", () => {
    expect(configs({ interval: "15s" })[0]?.scrape_interval).toBe("15s");
  });
});

import { flinkPodRelabelings, type Rendered, ruleFiles, shippedIn } from "./shipped.ts";
import { valuesJsonSchema } from "./values-schema.ts";
import { renderValuesReference, renderValuesYaml } from "./values-text.ts";

/** What the other parts render with their defaults. */
export interface Parts {
  readonly alerts: readonly Rendered[];
  readonly scrape: readonly Rendered[];
  readonly dashboards: readonly Rendered[];
}

export interface GeneratedFile {
  readonly path: string;
  content(): string;
}

/** Every generated file of the chart, and its reference page; paths are relative to the checkout. */
export function chartFiles({ alerts, scrape, dashboards }: Parts): readonly GeneratedFile[] {
  const schema = valuesJsonSchema(shippedIn(alerts, dashboards));
  const inFolder = (folder: string) => (rendered: Rendered) => ({
    path: `charts/outrider/files/${folder}/${rendered.file}`,
    content: () => rendered.content,
  });
  return [
    { path: "charts/outrider/values.schema.json", content: () => `${JSON.stringify(schema, null, 2)}\n` },
    { path: "charts/outrider/values.yaml", content: () => renderValuesYaml(schema) },
    { path: "docs/reference/values.md", content: () => renderValuesReference(schema) },
    {
      path: "charts/outrider/files/flink-pods.relabelings.yaml",
      content: () => flinkPodRelabelings(scrape),
    },
    ...ruleFiles(alerts).map(inFolder("alerts")),
    ...dashboards.map(inFolder("dashboards")),
  ];
}

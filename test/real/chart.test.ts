import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments, parse as parseYaml } from "yaml";
import { createResource, type Resource } from "./kubernetes/apply.ts";
import { type Kubernetes, startKubernetes } from "./kubernetes/cluster.ts";
import { schemaLocation, writeSchemas } from "./kubernetes/schemas.ts";
import { waitFor } from "./support/child.ts";
import { type Ended, runProgram } from "./support/program.ts";
import { tool } from "./tools/build.ts";
import { operatorDefinitions } from "./tools/crds.ts";

const chart = join(import.meta.dirname, "../../charts/outrider");
const valuesDirectory = join(chart, "ci");
const helms = ["helm3", "helm4"] as const;
const scenarios = existsSync(valuesDirectory)
  ? readdirSync(valuesDirectory)
      .filter((name) => name.endsWith("-values.yaml"))
      .map((name) => name.replace("-values.yaml", ""))
      .sort()
  : [];
const cases = helms.flatMap((helm) => scenarios.map((scenario) => [helm, scenario] as const));

let kubernetes: Kubernetes;
let workDir: string;

beforeAll(async () => {
  workDir = mkdtempSync(join(tmpdir(), "outrider-chart-"));
  kubernetes = await startKubernetes({ portBase: 19140 });
  for (const text of await operatorDefinitions()) {
    const reply = await createResource(kubernetes.api, parseYaml(text) as Resource, "default");
    if (reply.status >= 300) throw new Error(`${reply.status}: ${reply.body.message ?? ""}`);
  }
  await servesOperatorKinds();
  await writeSchemas(kubernetes.api, join(workDir, "schemas"));
}, 1_800_000);

afterAll(async () => {
  await kubernetes?.stop();
  if (workDir !== undefined) rmSync(workDir, { recursive: true, force: true });
});

test("the chart has values to try", () => {
  expect(scenarios).toEqual(expect.arrayContaining(["default", "everything"]));
});

describe.each(cases)("%s with the values %s", (helmName, scenario) => {
  const values = join(valuesDirectory, `${scenario}-values.yaml`);
  const name = `${helmName}-${scenario}`;

  test("lints without a warning", async () => {
    const ended = await helm(helmName, "lint", "--strict", chart, "-f", values);
    expect(ended.stdout + ended.stderr).not.toMatch(/\[(WARNING|ERROR)\]/);
    expect(ended.status, ended.stdout + ended.stderr).toBe(0);
  });

  test("renders what the API server's schemas allow", async () => {
    const file = join(workDir, `${name}.yaml`);
    writeFileSync(file, await rendered(helmName, values, name));
    const location = schemaLocation(join(workDir, "schemas"));
    const ended = await runProgram(await tool("kubeconform"), [
      "-strict",
      "-summary",
      "-schema-location",
      location,
      file,
    ]);
    expect(ended.stdout + ended.stderr).toMatch(/Invalid: 0, Errors: 0, Skipped: 0/);
    expect(ended.status).toBe(0);
  });

  test("is admitted without a warning where pods must be restricted, and becomes Ready", async () => {
    await addRestrictedNamespace(name);
    const resources = resourcesIn(await rendered(helmName, values, name));
    for (const resource of resources) {
      const reply = await createResource(kubernetes.api, resource, name, { dryRun: true });
      expect([reply.status, reply.warnings, reply.body.message], `${resource.kind}`).toEqual([
        201,
        [],
        undefined,
      ]);
    }
    await addVolumes(name, resources);
    const wait = ["--wait", "--timeout", "60s"];
    const ended = await helm(helmName, "install", "outrider", chart, "-n", name, "-f", values, ...wait);
    expect(ended.status, ended.stderr).toBe(0);
    expect(ended.stderr).not.toMatch(/warn|^W\d/im);
    expect(await readyPods(name)).toBe(wantedPods(resources));
    const gone = await helm(helmName, "uninstall", "outrider", "-n", name, ...wait);
    expect(gone.status, gone.stderr).toBe(0);
  });
});

describe.each(helms)("%s refuses", (helmName) => {
  test.each([
    ["a misspelt value", ["--set", "imagee.tag=x"], /imagee/],
    ["a second replica beside a store in one file", ["--set", "replicas=2"], /replica/i],
  ])("%s", async (_, args, words) => {
    const ended = await helm(helmName, "template", "outrider", chart, ...args);
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toMatch(words);
  });
});

test("the checks see what is wrong", async () => {
  const file = join(workDir, "wrong.yaml");
  writeFileSync(file, JSON.stringify(wrongDeployment));
  const location = schemaLocation(join(workDir, "schemas"));
  const strict = await runProgram(await tool("kubeconform"), ["-strict", "-schema-location", location, file]);
  expect(strict.status).toBe(1);
  expect(strict.stdout).toContain("replicaz");

  await addRestrictedNamespace("wrong");
  const { replicaz: _, ...spec } = wrongDeployment.spec;
  const reply = await createResource(kubernetes.api, { ...wrongDeployment, spec } as Resource, "wrong", {
    dryRun: true,
  });
  expect(reply.warnings.join()).toContain("would violate PodSecurity");
});

const wrongDeployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "wrong" },
  spec: {
    replicaz: 1,
    selector: { matchLabels: { app: "wrong" } },
    template: {
      metadata: { labels: { app: "wrong" } },
      spec: { containers: [{ name: "wrong", image: "wrong" }] },
    },
  },
};

async function helm(name: (typeof helms)[number], ...args: readonly string[]): Promise<Ended> {
  const home = join(workDir, name);
  mkdirSync(home, { recursive: true });
  return runProgram(await tool(name), args, {
    env: {
      KUBECONFIG: kubernetes.kubeconfig,
      HELM_CACHE_HOME: home,
      HELM_CONFIG_HOME: home,
      HELM_DATA_HOME: home,
    },
  });
}

async function rendered(
  helmName: (typeof helms)[number],
  values: string,
  namespace: string,
): Promise<string> {
  const ended = await helm(helmName, "template", "outrider", chart, "-n", namespace, "-f", values);
  if (ended.status !== 0) throw new Error(`helm template failed: ${ended.stderr}`);
  return ended.stdout;
}

function resourcesIn(text: string): readonly Resource[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Resource | null)
    .filter((resource) => resource !== null);
}

async function addRestrictedNamespace(name: string): Promise<void> {
  const labels = Object.fromEntries(
    ["enforce", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
  );
  await kubernetes.api.expect("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels },
  });
}

/** Nothing here makes volumes on demand: one for every claim, as it asks for it. */
async function addVolumes(name: string, resources: readonly Resource[]): Promise<void> {
  for (const { kind, metadata, spec } of resources) {
    if (kind !== "PersistentVolumeClaim") continue;
    const claim = spec as { accessModes: readonly string[]; storageClassName?: string; resources: unknown };
    await kubernetes.api.expect("POST", "/api/v1/persistentvolumes", {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `${name}-${metadata.name}` },
      spec: {
        capacity: { storage: "100Gi" },
        accessModes: claim.accessModes,
        claimRef: { namespace: name, name: metadata.name },
        hostPath: { path: "/nowhere" },
        ...(claim.storageClassName === undefined ? {} : { storageClassName: claim.storageClassName }),
      },
    });
  }
}

function wantedPods(resources: readonly Resource[]): number {
  const deployments = resources.filter((resource) => resource.kind === "Deployment");
  return deployments.reduce((sum, { spec }) => sum + ((spec as { replicas?: number }).replicas ?? 1), 0);
}

async function readyPods(namespace: string): Promise<number> {
  const { items } = await kubernetes.api.expect<{
    items: readonly { status: { conditions?: readonly { type: string; status: string }[] } }[];
  }>("GET", `/api/v1/namespaces/${namespace}/pods`);
  return items.filter((pod) => pod.status.conditions?.some((c) => c.type === "Ready" && c.status === "True"))
    .length;
}

async function servesOperatorKinds(): Promise<void> {
  await waitFor("the kinds of the Prometheus operator are served", 30_000, async () => {
    const { paths } = await kubernetes.api.expect<{ paths: Record<string, unknown> }>("GET", "/openapi/v3");
    return "apis/monitoring.coreos.com/v1" in paths ? true : undefined;
  });
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Kubernetes, as far as its own version and the schemas that helm assumes are concerned. */
export const kubernetesMinor = 34;

/** The programs that the real tests start and do not have from a package. */
export const toolNames = [
  "promtool",
  "prometheus",
  "helm3",
  "kubeconform",
  "helm4",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "versitygw",
] as const;
export type ToolName = (typeof toolNames)[number];

/** How one program is built out of a Go module that is pinned in `go/<folder>/go.mod` and `go.sum`. */
export interface Tool {
  readonly name: ToolName;
  /** Folder below `go/`. */
  readonly folder: string;
  /** The module that gives the tool its version. */
  readonly module: string;
  /** The main package. */
  readonly package: string;
  readonly tags?: string;
  /** Variables to set when linking; `V` stands for the version, with its `v`. */
  readonly stamp?: Readonly<Record<string, string>>;
}

const kube = (name: ToolName): Tool => ({
  name,
  folder: "kubernetes",
  module: "k8s.io/kubernetes",
  package: `k8s.io/kubernetes/cmd/${name}`,
  stamp: Object.fromEntries(
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((p) => [
      [`${p}.gitVersion`, "V"],
      [`${p}.gitMajor`, "1"],
      [`${p}.gitMinor`, `${kubernetesMinor}`],
      [`${p}.gitTreeState`, "clean"],
      [`${p}.gitCommit`, "V"],
      [`${p}.buildDate`, "2026-01-01T00:00:00Z"],
    ]),
  ),
});

const prom = (name: ToolName): Tool => ({
  name,
  folder: "prometheus",
  module: "github.com/prometheus/prometheus",
  package: `github.com/prometheus/prometheus/cmd/${name}`,
  // Without the service discoveries of cloud vendors a build takes half the time; static and file discovery stay.
  tags: "remove_all_sd",
  stamp: { "github.com/prometheus/common/version.Version": "V" },
});

/** Every tool, in the order in which one wants them: the quick checks before the cluster. */
export const tools: Readonly<Record<ToolName, Tool>> = {
  promtool: prom("promtool"),
  prometheus: prom("prometheus"),
  helm3: {
    name: "helm3",
    folder: "helm3",
    module: "helm.sh/helm/v3",
    package: "helm.sh/helm/v3/cmd/helm",
    // Without these Helm 3 takes any cluster that it has not asked for Kubernetes 1.20.
    stamp: {
      "helm.sh/helm/v3/internal/version.version": "V",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": `${kubernetesMinor}`,
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": `${kubernetesMinor}`,
    },
  },
  kubeconform: {
    name: "kubeconform",
    folder: "kubeconform",
    module: "github.com/yannh/kubeconform",
    package: "github.com/yannh/kubeconform/cmd/kubeconform",
    stamp: { "main.version": "V" },
  },
  helm4: {
    name: "helm4",
    folder: "helm4",
    module: "helm.sh/helm/v4",
    package: "helm.sh/helm/v4/cmd/helm",
    stamp: { "helm.sh/helm/v4/internal/version.version": "V" },
  },
  etcd: {
    name: "etcd",
    folder: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    package: "go.etcd.io/etcd/server/v3",
  },
  "kube-apiserver": kube("kube-apiserver"),
  "kube-controller-manager": kube("kube-controller-manager"),
  "kube-scheduler": kube("kube-scheduler"),
  kwok: {
    name: "kwok",
    folder: "kwok",
    module: "sigs.k8s.io/kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    stamp: { "sigs.k8s.io/kwok/pkg/consts.Version": "V" },
  },
  versitygw: {
    name: "versitygw",
    folder: "versitygw",
    module: "github.com/versity/versitygw",
    package: "github.com/versity/versitygw/cmd/versitygw",
    stamp: { "main.Version": "V" },
  },
};

/** What a folder below `go/` pins: both files as text, the Go version it asks for, and a module's version. */
export interface Pins {
  readonly goMod: string;
  readonly goSum: string;
  /** For example `1.26.0`. */
  readonly go: string;
  /** For example `v3.6.16`. */
  readonly version: string;
}

/** Reads the pins of one module folder; throws when a file or a line is missing. */
export function pinsOf(folder: string, module: string): Pins {
  const directory = moduleDirectory(folder);
  const goMod = readFileSync(join(directory, "go.mod"), "utf8");
  const go = /^go (\S+)$/m.exec(goMod)?.[1];
  const line = goMod
    .split("\n")
    .map((l) => l.replace(/^require /, "").trim())
    .find((l) => l.startsWith(`${module} v`));
  const version = line?.split(" ")[1];
  if (go === undefined || version === undefined) {
    throw new Error(`${join(directory, "go.mod")} has no line "go …" or does not require ${module}`);
  }
  return { goMod, goSum: readFileSync(join(directory, "go.sum"), "utf8"), go, version };
}

/** Where the pinned module of a tool lies in the checkout. */
export function moduleDirectory(folder: string): string {
  return join(import.meta.dirname, "go", folder);
}

/** The linker's flags: no symbol tables, and the version where the program wants to be told it. */
export function linkerFlags(tool: Tool, version: string): string {
  const stamps = Object.entries(tool.stamp ?? {}).map(
    ([variable, value]) => `-X ${variable}=${value === "V" ? version : value}`,
  );
  return ["-s", "-w", ...stamps].join(" ");
}

import { z } from "zod";
import {
  dashboards,
  flinkMonitor,
  prometheusRule,
  type Shipped,
  serviceMonitor,
} from "./monitoring-values.ts";
import { flag, listPassedOn, name, passedOn, text, texts } from "./value-kinds.ts";

/**
 * What a person sets when installing the chart, `config` aside, which has Outrider's own settings. Descriptions
 * become comments of `values.yaml`, the reference page and what an editor shows.
 */

const image = z.strictObject({
  registry: text("Host that the image is pulled from; empty: that of the container runtime."),
  repository: z.string().min(1).default("outrider").describe("Name of the image."),
  tag: text("Tag; empty: the chart's appVersion."),
  digest: z
    .string()
    .regex(/^(sha256:[0-9a-f]{64})?$/)
    .default("")
    .describe("sha256:…; wins over the tag."),
  pullPolicy: z
    .enum(["IfNotPresent", "Always", "Never"])
    .default("IfNotPresent")
    .describe("When it is pulled."),
  pullSecrets: z
    .array(z.strictObject({ name: z.string().min(1) }))
    .default([])
    .describe("Secrets with the registry's credentials."),
});

const token = z.strictObject({
  name: z
    .string()
    .max(63)
    .regex(/^[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?$/)
    .describe("Who it is: stands in records of what was done with the token."),
  role: z
    .enum(["viewer", "operator", "admin"])
    .describe("What the token may do: look, also steer jobs, or also change Outrider itself."),
  key: z.string().min(1).optional().describe("Key of the Secret; its name when absent."),
});

const tokens = z.strictObject({
  secret: text(
    "Name of an existing Secret that holds the tokens; the chart makes none, so that no token lies in a release.",
  ),
  entries: z
    .array(token)
    .default([])
    .describe(
      "Who may use the HTTP API. Without any, Outrider listens inside its pod only (kubectl port-forward) and has no Service.",
    ),
});

const store = z.strictObject({
  persistence: z
    .strictObject({
      enabled: flag(
        "A volume that outlives the pod. Without it a new pod has forgotten pauses, modes, approvals and all records.",
        true,
      ),
      existingClaim: text("A PersistentVolumeClaim that is there already; the chart then makes none."),
      storageClass: text(
        "Class of the volume; empty: the cluster's default. Not a network file system: SQLite locks.",
      ),
      accessMode: z
        .enum(["ReadWriteOnce", "ReadWriteOncePod"])
        .default("ReadWriteOnce")
        .describe("One pod writes."),
      size: z
        .string()
        .regex(/^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/)
        .default("1Gi")
        .describe("Size of the volume."),
      keep: flag("Leave the claim when the release is uninstalled.", true),
      annotations: texts("Annotations of the claim."),
    })
    .prefault({})
    .describe("Where the SQLite file lies."),
});

const id = (least: number) => z.int().min(least).nullable().optional();

/** As strict as the Pod Security Standard `restricted`: what it refuses cannot be set by accident. */
const podSecurityContext = z.strictObject({
  runAsNonRoot: z.literal(true).optional(),
  runAsUser: id(1).describe("null: the platform's choice."),
  runAsGroup: id(0).describe("null: the platform's choice."),
  fsGroup: id(0).describe("null: the platform's choice."),
  fsGroupChangePolicy: z.enum(["OnRootMismatch", "Always"]).optional(),
  supplementalGroups: z.array(z.int().min(0)).optional(),
  seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }).optional(),
  seLinuxOptions: z
    .strictObject({
      level: z.string().optional(),
      type: z.enum(["container_t", "container_init_t", "container_kvm_t", "container_engine_t"]).optional(),
    })
    .optional(),
});

/** All values of the chart but `config`, in the order of `values.yaml`. */
export function chartOnlyValues(shipped: Shipped) {
  return {
    nameOverride: name("Replaces the chart's name in names."),
    fullnameOverride: name("Replaces release and chart in names."),
    commonLabels: texts("Labels for every object."),
    image: image.prefault({}).describe("The image."),
    replicas: z
      .int()
      .min(0)
      .default(1)
      .describe("1, or 0 to stop it. Never more: the store is one SQLite file that belongs to one process."),
    tokens: tokens.prefault({}).describe("Tokens of the HTTP API, from a Secret."),
    store: store.prefault({}).describe("What survives a restart; how long, stands under config.store."),
    service: z
      .strictObject({
        port: z.int().min(1).max(65_535).default(8090).describe("Port of the Service."),
        annotations: texts("Annotations of the Service."),
      })
      .prefault({})
      .describe(
        "A ClusterIP Service for API, console and metrics, where there are tokens. It speaks plain HTTP.",
      ),
    serviceAccount: z
      .strictObject({
        create: flag("Make one; its API token is mounted nowhere.", true),
        name: text("Its name; empty: that of the release, or default where none is made."),
        annotations: texts("Annotations of the ServiceAccount."),
      })
      .prefault({})
      .describe("Who the pod is for Kubernetes. Outrider asks the Kubernetes API nothing."),
    serviceMonitor: serviceMonitor.prefault({}).describe("Outrider's own metrics in Prometheus."),
    flinkMonitor: flinkMonitor
      .prefault({})
      .describe("Flink's metrics in Prometheus, with the labels that rules and dashboards rely on."),
    prometheusRule: prometheusRule(shipped.alerts)
      .prefault({})
      .describe("Alerts for Flink and for Outrider."),
    dashboards: dashboards(shipped.dashboards).prefault({}).describe("Dashboards for Grafana."),
    resources: passedOn("Requests and limits of the container.").default({
      requests: { cpu: "100m", memory: "192Mi" },
      limits: { memory: "512Mi" },
    }),
    podSecurityContext: podSecurityContext
      .default({
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        fsGroup: 65_532,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      })
      .describe(
        "Of the pod, within the Pod Security Standard restricted; on OpenShift set runAsUser, runAsGroup and fsGroup to null. That of the container is fixed.",
      ),
    podLabels: texts("More labels of the pod."),
    podAnnotations: texts("Annotations of the pod."),
    extraEnv: listPassedOn(
      "Environment of the container, such as a setting from a Secret (docs/reference/configuration.md).",
    ),
    extraVolumes: listPassedOn("Volumes of the pod, such as authorities to trust."),
    extraVolumeMounts: listPassedOn("Where they are mounted."),
    nodeSelector: texts("Nodes that may run it.", { "kubernetes.io/os": "linux" }),
    tolerations: listPassedOn("Taints that it tolerates."),
    affinity: passedOn("Affinity of the pod."),
    priorityClassName: text("Priority class of the pod."),
    terminationGracePeriodSeconds: z
      .int()
      .min(1)
      .default(30)
      .describe("How long a pass may take to end before the pod is killed."),
  };
}

/** What Outrider watches when nothing is said: the Service of Flink's own manifests for a session cluster. */
export const DEFAULT_CONFIG = { clusters: [{ name: "flink", url: "http://flink-jobmanager:8081" }] };

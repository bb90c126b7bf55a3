import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Child, HopelessError, startChild, tailOf, waitFor } from "../support/child.ts";
import { tool } from "../tools/build.ts";
import type { ToolName } from "../tools/catalogue.ts";
import { createKubernetesApi, type KubernetesApi } from "./api.ts";

/** Where and how much of Kubernetes to start. */
export interface KubernetesOptions {
  /** First of six ports: etcd, its peers, API server, controller-manager, scheduler, kwok. */
  readonly portBase: number;
  /** With controllers, scheduler and pretended kubelets; without them only the API answers. On unless given. */
  readonly whole?: boolean;
}

/** A real Kubernetes control plane on loopback, without machines: kwok says of every pod that it runs. */
export interface Kubernetes {
  readonly api: KubernetesApi;
  /** A kubeconfig file of an administrator, for helm. */
  readonly kubeconfig: string;
  readonly workDir: string;
  stop(): Promise<void>;
}

/** The users of the cluster; each has a token, since tokens need no certificates. */
const users = {
  admin: { name: "admin", groups: "system:masters" },
  controllers: { name: "system:kube-controller-manager", groups: "" },
  scheduler: { name: "system:kube-scheduler", groups: "" },
} as const;
type User = keyof typeof users;

/** Starts the control plane and returns once it serves, with one Ready node when it is a whole one. */
export async function startKubernetes(options: KubernetesOptions): Promise<Kubernetes> {
  const workDir = mkdtempSync(join(tmpdir(), "outrider-kubernetes-"));
  const children: Child[] = [];
  const stop = async () => {
    // In reverse: an API server without its store would complain for as long as it may.
    for (const child of children.toReversed()) await child.stop();
    rmSync(workDir, { recursive: true, force: true });
  };
  const start = async (name: ToolName, args: readonly string[]) => {
    const logFile = join(workDir, `${name}.log`);
    children.push(startChild({ name, command: await tool(name), args, cwd: workDir, logFile }));
  };
  const ready = <T>(what: string, probe: () => Promise<T | undefined>) =>
    waitFor(what, 60_000, () => {
      const ended = children.find((child) => !child.running());
      if (ended !== undefined) throw new HopelessError(`${ended.name} ended: ${tailOf(ended.logFile)}`);
      return probe();
    });
  try {
    const { api, kubeconfig } = await startApiServer(options.portBase, workDir, start, ready);
    if (options.whole ?? true) await startControllers(options.portBase, workDir, start);
    if (options.whole ?? true) await addNode(api, ready);
    return { api, kubeconfig, workDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Start = (name: ToolName, args: readonly string[]) => Promise<void>;
type Ready = <T>(what: string, probe: () => Promise<T | undefined>) => Promise<T>;

async function startApiServer(
  portBase: number,
  workDir: string,
  start: Start,
  ready: Ready,
): Promise<{ api: KubernetesApi; kubeconfig: string }> {
  const [clients, peers, secure] = [portBase, portBase + 1, portBase + 2];
  const tokens = writeSecrets(workDir);
  const store = `http://127.0.0.1:${clients}`;
  await start("etcd", [
    "--name=real",
    `--data-dir=${join(workDir, "etcd")}`,
    "--unsafe-no-fsync",
    `--listen-client-urls=${store}`,
    `--advertise-client-urls=${store}`,
    `--listen-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peers}`,
    `--initial-cluster=real=http://127.0.0.1:${peers}`,
    "--log-level=warn",
  ]);
  await start("kube-apiserver", [
    "--advertise-address=127.0.0.1",
    "--bind-address=127.0.0.1",
    `--secure-port=${secure}`,
    `--etcd-servers=${store}`,
    // Without a given certificate the server makes itself one for 127.0.0.1, and writes it there.
    `--cert-dir=${certDirectory(workDir)}`,
    `--token-auth-file=${join(workDir, "tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${join(workDir, "sa.pub")}`,
    `--service-account-signing-key-file=${join(workDir, "sa.key")}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--allow-privileged=true",
    "--authorization-mode=RBAC",
    "--endpoint-reconciler-type=none",
    "--profiling=false",
  ]);
  const url = `https://127.0.0.1:${secure}`;
  const ca = await ready("the API server's certificate", async () =>
    readFileSync(certificate(workDir), "utf8"),
  );
  const api = createKubernetesApi({ url, ca, token: tokens.admin });
  await ready("the API server", async () =>
    (await api.request("GET", "/readyz")).status === 200 ? true : undefined,
  );
  for (const user of Object.keys(users) as User[]) {
    writeFileSync(kubeconfigOf(workDir, user), kubeconfigText(url, certificate(workDir), tokens[user]));
  }
  return { api, kubeconfig: kubeconfigOf(workDir, "admin") };
}

async function startControllers(portBase: number, workDir: string, start: Start): Promise<void> {
  await start("kube-controller-manager", [
    `--kubeconfig=${kubeconfigOf(workDir, "controllers")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${portBase + 3}`,
    "--leader-elect=false",
    // Else all controllers share one user that may do next to nothing.
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${join(workDir, "sa.key")}`,
    `--root-ca-file=${certificate(workDir)}`,
    "--authentication-skip-lookup",
    `--cert-dir=${join(workDir, "controllers-cert")}`,
  ]);
  await start("kube-scheduler", [
    `--kubeconfig=${kubeconfigOf(workDir, "scheduler")}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${portBase + 4}`,
    "--leader-elect=false",
    "--authentication-skip-lookup",
    `--cert-dir=${join(workDir, "scheduler-cert")}`,
  ]);
  await start("kwok", [
    `--kubeconfig=${kubeconfigOf(workDir, "admin")}`,
    `--config=${join(import.meta.dirname, "stages.yaml")}`,
    "--manage-all-nodes=true",
    "--cidr=10.244.0.0/16",
    "--node-ip=127.0.0.1",
    "--node-lease-duration-seconds=40",
    `--server-address=127.0.0.1:${portBase + 5}`,
  ]);
}

async function addNode(api: KubernetesApi, ready: Ready): Promise<void> {
  const name = "pretended-0";
  await api.expect("POST", "/api/v1/nodes", {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/os": "linux", "kubernetes.io/hostname": name } },
  });
  await ready("the node is Ready", async () => {
    const node = await api.expect<{
      status?: { conditions?: readonly { type: string; status: string }[] };
    }>("GET", `/api/v1/nodes/${name}`);
    return node.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True") ? true : undefined;
  });
}

/** Key pair for service accounts and one token per user; returns the tokens. */
function writeSecrets(workDir: string): Readonly<Record<User, string>> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  mkdirSync(certDirectory(workDir));
  writeFileSync(join(workDir, "sa.pub"), publicKey);
  writeFileSync(join(workDir, "sa.key"), privateKey, { mode: 0o600 });
  const token = () => randomBytes(16).toString("hex");
  const tokens = { admin: token(), controllers: token(), scheduler: token() };
  const lines = (Object.keys(users) as User[]).map(
    (user) => `${tokens[user]},${users[user].name},${user},"${users[user].groups}"\n`,
  );
  writeFileSync(join(workDir, "tokens.csv"), lines.join(""), { mode: 0o600 });
  return tokens;
}

const certDirectory = (workDir: string) => join(workDir, "cert");
const certificate = (workDir: string) => join(certDirectory(workDir), "apiserver.crt");
const kubeconfigOf = (workDir: string, user: User) => join(workDir, `${user}.kubeconfig`);

function kubeconfigText(server: string, ca: string, token: string): string {
  // JSON is YAML.
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "real", cluster: { server, "certificate-authority": ca } }],
    users: [{ name: "user", user: { token } }],
    contexts: [{ name: "real", context: { cluster: "real", user: "user" } }],
    "current-context": "real",
  });
}

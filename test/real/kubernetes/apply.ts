import type { ApiReply, KubernetesApi } from "./api.ts";

/** A resource as `helm template` writes it. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: unknown;
}

/**
 * Sends a resource as `kubectl create` would and returns the server's answer with its warnings. With `dryRun` nothing is
 * kept, but everything is checked: schema, unknown keys, admission. `namespace` is for those that name none.
 */
export async function createResource(
  api: KubernetesApi,
  resource: Resource,
  namespace: string,
  options: { readonly dryRun?: boolean } = {},
): Promise<ApiReply<{ readonly message?: string }>> {
  const { plural, namespaced } = await resourceType(api, resource);
  const root = resource.apiVersion.includes("/") ? "/apis" : "/api";
  const place = namespaced ? `/namespaces/${resource.metadata.namespace ?? namespace}` : "";
  const query = `fieldValidation=Strict${options.dryRun === true ? "&dryRun=All" : ""}`;
  return api.request("POST", `${root}/${resource.apiVersion}${place}/${plural}?${query}`, resource);
}

async function resourceType(
  api: KubernetesApi,
  { apiVersion, kind }: Resource,
): Promise<{ plural: string; namespaced: boolean }> {
  const root = apiVersion.includes("/") ? "/apis" : "/api";
  const { resources } = await api.expect<{
    resources: readonly { name: string; kind: string; namespaced: boolean }[];
  }>("GET", `${root}/${apiVersion}`);
  const type = resources.find((r) => r.kind === kind && !r.name.includes("/"));
  if (type === undefined) throw new Error(`the API server does not serve ${kind} of ${apiVersion}`);
  return { plural: type.name, namespaced: type.namespaced };
}

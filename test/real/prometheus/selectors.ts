/** One selector of an expression, as Prometheus itself read it. */
export interface Selector {
  readonly name: string;
  /** The selector alone, to ask whether it selects anything: `name{label="value"}`. */
  readonly text: string;
}

interface Matcher {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** Every selector of an expression, by Prometheus's own parser; fails with its words where the text is no PromQL. */
export async function selectorsOf(url: string, expression: string): Promise<readonly Selector[]> {
  const reply = await fetch(`${url}/api/v1/parse_query`, {
    method: "POST",
    body: new URLSearchParams({ query: expression }),
    signal: AbortSignal.timeout(20_000),
  });
  const body = (await reply.json()) as { readonly data?: unknown; readonly error?: string };
  if (body.data === undefined) throw new Error(`Prometheus cannot read ${expression}: ${body.error ?? ""}`);
  return selectorsIn(body.data);
}

function selectorsIn(node: unknown): readonly Selector[] {
  if (Array.isArray(node)) return node.flatMap(selectorsIn);
  if (typeof node !== "object" || node === null) return [];
  const { type, name, matchers } = node as { type?: string; name?: string; matchers?: readonly Matcher[] };
  if (type === "vectorSelector" || type === "matrixSelector") {
    const others = (matchers ?? []).filter((m) => m.name !== "__name__");
    const text = others.map((m) => `${m.name}${m.type}${JSON.stringify(m.value)}`).join(",");
    return name === undefined ? [] : [{ name, text: `${name}{${text}}` }];
  }
  return Object.values(node).flatMap(selectorsIn);
}

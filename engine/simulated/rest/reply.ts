/** A request as far as answers depend on it. */
export interface SimulatorRequest {
  readonly method: string;
  /** Without the query, percent-encoded as it came. */
  readonly path: string;
  /** With or without its `?`. */
  readonly query?: string;
  readonly body?: string;
}

export interface SimulatorReply {
  readonly status: number;
  /** To be sent as JSON; text where `contentType` says so. */
  readonly body: unknown;
  readonly contentType?: string;
}

export const ok = (body: unknown): SimulatorReply => ({ status: 200, body });
export const accepted = (body: unknown): SimulatorReply => ({ status: 202, body });

const REST = "org.apache.flink.runtime.rest";
const AT =
  "\n\tat org.apache.flink.runtime.rest.handler.AbstractHandler.respondAsLeader(AbstractHandler.java:188)\n";

const errors = (status: number, ...lines: string[]): SimulatorReply => ({ status, body: { errors: lines } });

/** Flink's words without a stack trace. */
export const plainError = (status: number, text: string): SimulatorReply => errors(status, text);

/** What a handler refuses (`RestHandlerException`). */
export const refusal = (status: number, text: string): SimulatorReply =>
  errors(status, `${REST}.handler.RestHandlerException: ${text}${AT}`);

/** What an execution-graph handler cannot find (`NotFoundException`). */
export const notFound = (text: string): SimulatorReply =>
  errors(404, `${REST}.NotFoundException: ${text}${AT}`);

/** What a handler did not foresee; `thrown` is the exception's class and message. */
export const serverError = (thrown: string): SimulatorReply =>
  errors(
    500,
    "Internal server error.",
    `<Exception on server side:\n${thrown}${AT}\nEnd of exception on server side>`,
  );

/** Of a text that already names its class, with the status that Flink gives it. */
export const thrownError = (status: number, thrown: string): SimulatorReply =>
  status === 500 ? serverError(thrown) : errors(status, `${thrown}${AT}`);

export const jobNotFound = (id: string): SimulatorReply => notFound(`Job ${id} not found`);

/** Of the routes that ask the dispatcher and not the graph cache. */
export const jobNotFoundByDispatcher = (id: string): SimulatorReply =>
  serverError(
    `org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${id})`,
  );

const badRequest = (text: string): SimulatorReply =>
  refusal(400, `Bad request, could not parse parameters: ${text}`);

export const badPathParameter = (name: string, value: string): SimulatorReply =>
  badRequest(`Cannot resolve path parameter (${name}) from value "${value}".`);

export const badQueryParameter = (name: string, value: string): SimulatorReply =>
  badRequest(`Cannot resolve query parameter (${name}) from value "${value}".`);

/** `expected`: the class of the body that could not be read. */
export const badBody = (expected: string): SimulatorReply =>
  refusal(400, `Request did not match expected format ${expected}.`);

/** Files are what Flink looks for when no handler has the path. */
export const routeNotFound = (method: string, path: string): SimulatorReply =>
  errors(404, method === "GET" ? `Unable to load requested file ${path}.` : `Not found: ${path}`);

import * as replies from "./replies.ts";
import type { Transport } from "./transport.ts";

/** What is asked of the cluster itself: version, slots, TaskManagers, configuration. */
export function clusterCalls({ call }: Transport) {
  return {
    config: () => call({ what: "read Flink's version", path: ["config"], schema: replies.configReply }),
    overview: () => call({ what: "read the cluster", path: ["overview"], schema: replies.overviewReply }),
    taskManagers: async (): Promise<readonly replies.TaskManager[]> =>
      (
        await call({
          what: "list TaskManagers",
          path: ["taskmanagers"],
          schema: replies.taskManagersReply,
        })
      ).taskmanagers,
    /** The JobManager's own configuration; secrets come masked. */
    async clusterConfig(): Promise<Readonly<Record<string, string>>> {
      const pairs = await call({
        what: "read the cluster's configuration",
        path: ["jobmanager", "config"],
        schema: replies.keyValuesReply,
      });
      return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
    },
  };
}

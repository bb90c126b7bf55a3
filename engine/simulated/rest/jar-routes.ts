import { ok, refusal } from "./reply.ts";
import { type Route, route } from "./route.ts";

const refused = () => refusal(400, "The simulated Flink runs the jobs of its world; it takes no jars.");

/** There are no jars, and none can be brought. */
export const jarRoutes: readonly Route[] = [
  route("GET /jars", () => ok({ address: "http://localhost:8081", files: [] })),
  route("POST /jars/upload", refused),
  route("POST /jars/:jarid/run", refused),
  route("DELETE /jars/:jarid", ({ at }) =>
    refusal(400, `File ${at["jarid"]} does not exist in the upload directory.`),
  ),
];

import { z } from "zod";
import { limitQuery, type Route, route } from "../route.ts";
import { eventSchema, listOf } from "../schemas.ts";

/** What happened, in order; as a list, or live. */
export const eventRoutes: readonly Route[] = [
  route({
    id: "listEvents",
    method: "get",
    path: "/api/v1/events",
    access: "viewer",
    tag: "events",
    summary:
      "Events, oldest first. With `Accept: text/event-stream` they keep coming, from `Last-Event-ID` on",
    query: z.strictObject({
      after: z.coerce.number().int().min(0).optional().describe("Only events with a greater `seq`."),
      limit: limitQuery(100, 1000),
      job: z.string().max(2000).optional().describe("A job key."),
    }),
    reply: listOf(eventSchema),
    stream: true,
    handle: ({ query }, { store }) => {
      const items = store.eventsAfter(query.after ?? 0, query.limit, query.job);
      return { items, next: items.length === query.limit ? String(items.at(-1)?.seq ?? 0) : null };
    },
  }),
];

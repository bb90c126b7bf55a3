import { z } from "zod";
import { Failure } from "../../../model/index.ts";
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
      "Events. With `Accept: text/event-stream` they keep coming, oldest first, from `Last-Event-ID` on",
    query: z.strictObject({
      order: z
        .enum(["oldest", "newest"])
        .default("oldest")
        .describe("Which come first: the oldest, paged by `after`, or the newest, paged by `before`."),
      after: z.coerce.number().int().min(0).optional().describe("Only events with a greater `seq`."),
      before: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe("Only events with a smaller `seq`; with `order=newest` only."),
      limit: limitQuery(100, 1000),
      job: z.string().max(2000).optional().describe("A job key."),
    }),
    reply: listOf(eventSchema),
    stream: true,
    handle: ({ query }, { store }) => {
      const unfit = query.order === "newest" ? query.after : query.before;
      if (unfit !== undefined) {
        const message = "cannot page the events; got after with order=newest, or before without it";
        throw new Failure(
          "bad-request",
          `${message}; expected after with the oldest first, before with the newest`,
        );
      }
      const items =
        query.order === "newest"
          ? store.eventsBefore(query.before, query.limit, query.job)
          : store.eventsAfter(query.after ?? 0, query.limit, query.job);
      return { items, next: items.length === query.limit ? String(items.at(-1)?.seq ?? 0) : null };
    },
  }),
];

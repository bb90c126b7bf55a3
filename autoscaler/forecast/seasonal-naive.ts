import type { Method } from "./method.ts";

/** Same as at this time a day or a week ago. */
export function seasonalNaive(season: "day" | "week"): Method {
  return {
    name: `seasonal-naive-${season}`,
    seasonal: true,
    see: () => undefined,
    ahead(past, ahead) {
      const i = past.length - 1 + ahead - past[season];
      return i >= 0 && i < past.length ? past.at(i) : Number.NaN;
    },
  };
}

import { Failure } from "./failure.ts";
import { isInside, type Location, locationText, parseLocation } from "./location.ts";

/** What lies at `from` is read at `to`: a copy, a mount, another bucket. */
export interface LocationMap {
  readonly from: Location;
  readonly to: Location;
}

/**
 * Reads `FROM=TO`. Both may hold equals signs, as in `s3://b/day=1=/mnt/day=1`; there must be exactly one way to
 * read it. Throws a `Failure` `bad-request`.
 */
export function parseLocationMap(text: string): LocationMap {
  const ways = [...text.matchAll(/=/g)].flatMap(({ index }) => {
    try {
      return [{ from: parseLocation(text.slice(0, index)), to: parseLocation(text.slice(index + 1)) }];
    } catch {
      return [];
    }
  });
  const [only, ...others] = ways;
  if (only === undefined || others.length > 0) {
    const got = only === undefined ? "no pair of places" : `${ways.length} ways to read it`;
    throw new Failure(
      "bad-request",
      `cannot read the map ${JSON.stringify(text.slice(0, 300))}: got ${got}; expected FROM=TO such as s3://bucket/flink=/mnt/copy`,
    );
  }
  return only;
}

/** Where a place is read: below the longest `from` that holds it, else where it says. Maps are not chained. */
export function mapLocation(maps: readonly LocationMap[], location: Location): Location {
  let best: LocationMap | undefined;
  for (const map of maps) {
    if (!isInside(map.from, location)) continue;
    if (best === undefined || map.from.path.length > best.from.path.length) best = map;
  }
  if (best === undefined) return location;
  const rest = best.from.path === "/" ? location.path : location.path.slice(best.from.path.length);
  const path = `${best.to.path === "/" ? "" : best.to.path}${rest === "/" ? "" : rest}`;
  return { ...best.to, path: path === "" ? "/" : path };
}

/** The text of a map as people give it. */
export function locationMapText({ from, to }: LocationMap): string {
  return `${locationText(from)}=${locationText(to)}`;
}

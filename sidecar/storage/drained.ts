/** Everything that comes, in order; for tests, because a listing may have no end. */
export async function drained<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/* What a request names twice is answered once: else a short request could ask for an answer without a bound. */

/** The first of those with the same key, in their order. */
export function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(key(item))) first.set(key(item), item);
  return [...first.values()];
}

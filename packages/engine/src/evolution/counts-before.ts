/* What a job had counted before it was planned again: its nodes go on counting from there. */

import type { FieldDrift, NodeMetrics } from '#dataflow';

/** Metrics of now, on top of those of before; fields that `isColumn` by now differ no more. */
export function onTopOf(
  before: readonly NodeMetrics[],
  now: readonly NodeMetrics[],
  isColumn: (node: string, field: string) => boolean,
): readonly NodeMetrics[] {
  if (before.length === 0) return now;
  const earlier = new Map(before.map((m) => [keyOf(m), m]));
  const merged = now.map((metrics): NodeMetrics => {
    const known = earlier.get(keyOf(metrics));
    earlier.delete(keyOf(metrics));
    if (known === undefined) return metrics;
    const drift = driftOf(known.drift, metrics.drift)?.filter((d) => !isColumn(metrics.id, d.path));
    return {
      ...metrics,
      rowsIn: known.rowsIn + metrics.rowsIn,
      rowsOut: known.rowsOut + metrics.rowsOut,
      counters: sums(known.counters, metrics.counters),
      drift,
    };
  });
  // Before it runs again there are no others.
  return [...merged, ...earlier.values()];
}
const keyOf = ({ id, instance }: NodeMetrics): string => `${id}#${instance}`;

function sums(a: NodeMetrics['counters'], b: NodeMetrics['counters']): NodeMetrics['counters'] {
  const all: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) all[name] = (all[name] ?? 0) + value;
  return all;
}
function driftOf(
  before: readonly FieldDrift[] = [],
  now: readonly FieldDrift[] | undefined,
): readonly FieldDrift[] | undefined {
  const all = new Map(before.map((d) => [driftKey(d), d]));
  for (const drift of now ?? []) {
    const known = all.get(driftKey(drift));
    all.set(
      driftKey(drift),
      known === undefined
        ? drift
        : { ...known, times: known.times + drift.times, looked: known.looked + drift.looked },
    );
  }
  return now === undefined && before.length === 0 ? undefined : [...all.values()];
}
const driftKey = ({ of, kind, path }: FieldDrift): string => `${of} ${kind} ${path}`;

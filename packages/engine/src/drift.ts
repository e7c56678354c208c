/* How what a job reads differs from its tables, all instances together. */

import type { FieldDrift, NodeMetrics } from '#dataflow';
import type { JobPlan } from '#job';

export interface TableDrift extends FieldDrift {
  readonly table: string;
}

/** By table, field and kind; those found most often first. */
export function driftOf({ nodes }: JobPlan, metrics: readonly NodeMetrics[]): readonly TableDrift[] {
  const found = new Map<string, TableDrift>();
  for (const { id, drift = [] } of metrics) {
    const node = nodes.find((n) => n.id === id);
    if (node?.kind !== 'source') continue;
    const table = node.table.path.object;
    for (const one of drift) {
      const key = `${table} ${one.of} ${one.kind} ${one.path}`;
      const known = found.get(key);
      found.set(key, {
        ...one,
        table,
        times: one.times + (known?.times ?? 0),
        looked: one.looked + (known?.looked ?? 0),
      });
    }
  }
  return [...found.values()].sort((a, b) => b.times - a.times);
}

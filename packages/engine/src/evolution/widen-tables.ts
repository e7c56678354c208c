/* Gives tables the columns that sources asked for: those that are written by their connectors, and the plan. */

import type { World } from '#base';
import type { ConnectorRegistry } from '#catalog';
import type { ConnectorRuntime, WantedColumns } from '#dataflow';
import type { EvolvingPlan, WiderSink } from './evolving-plan.ts';

/** A column that a table got while the job ran. */
export interface EvolvedColumn {
  readonly table: string;
  readonly name: string;
  /** As SQL. */
  readonly type: string;
  /** Tables that are written and got it too. */
  readonly sinks: readonly string[];
  /** Ms since the epoch. */
  readonly at: number;
}
export interface WideningParts {
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly warn: (message: string) => void;
}

/** Nobody reads or writes the tables meanwhile. What cannot be had is told of, and no source asks for it again. Throws what a
 *  target says; asked for again, a column that is there by then stays. */
export async function widenTables(
  wanted: readonly WantedColumns[],
  evolving: EvolvingPlan,
  parts: WideningParts,
): Promise<readonly EvolvedColumn[]> {
  const { world, warn } = parts;
  const evolved: EvolvedColumn[] = [];
  for (const { source, columns } of wanted) {
    const table = evolving.tableOf(source);
    const next = evolving.with(source, columns, (column, why) => {
      warn(`table '${table}': no column for the new field '${column}': ${why}`);
    });
    if (next === undefined) continue;
    for (const sink of next.sinks) await addColumns(sink, parts);
    const known = evolving.added.length;
    evolving.take(next);
    const sinks = next.sinks.map((s) => s.table.path.object);
    const also = sinks.length === 0 ? '' : `, and so did ${sinks.map((name) => `'${name}'`).join(', ')}`;
    for (const { name, type } of next.added.slice(known)) {
      evolved.push({ table, name, type, sinks, at: world.now() });
      warn(`table '${table}' got the column '${name}' ${type}${also}`);
    }
  }
  evolving.refresh();
  return evolved;
}

async function addColumns(
  { connector, table, columns }: WiderSink,
  { world, connectors, warn }: WideningParts,
): Promise<void> {
  const runtime = (await connectors.get(connector)!.load()) as ConnectorRuntime;
  const { signal } = new AbortController();
  await runtime.addColumns?.({ world, table, columns, signal, warn });
}

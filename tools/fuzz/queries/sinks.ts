/* Sinks by chance: which columns of a relation are the key of the table that its rows go into, and what becomes of rows
 * that meet in one. */

import type { FuzzedSink } from '../../../tests/conformance/fuzzed-cases.ts';
import type { Chance } from './chance.ts';
import { keys, type Relation } from './relation.ts';

export interface Written {
  readonly sql: string;
  readonly into: FuzzedSink;
}

/** Without its clause Flink refuses a key that is not the query's; so it must be said here too. */
export const asksForConflict = { 'table.exec.sink.require-on-conflict': 'true' } as const;

/** The relation's rows that have a key, and where they go; undefined where no column can be one. Of rows in no fixed order
 *  it is chance which comes first: then no clause is asked for. */
export function written(chance: Chance, relation: Relation): Written | undefined {
  const shown = relation.columns.filter((c) => c.time !== 'proctime');
  const free = keys(shown);
  if (free.length === 0) return undefined;
  // Groups have their keys in front.
  const count = chance.pick([1, 1, 1, 2]);
  const key = (chance.percent(55) ? free.slice(0, count) : chance.some(free, count)).map((c) => c.name);
  const conflict = relation.ordered
    ? chance.pick(['NOTHING', 'NOTHING', 'ERROR', 'ERROR', 'DEDUPLICATE', undefined] as const)
    : undefined;
  const list = shown.map((c) => `q.${c.name}`).join(', ');
  const given = key.map((k) => `q.${k} IS NOT NULL`).join(' AND ');
  return {
    sql: `SELECT ${list} FROM ${relation.from} AS q WHERE ${given}`,
    into: { key, ...(conflict !== undefined && { conflict }) },
  };
}

/* A topic as a checked table: its records, up to its end as it is now, through the engine's own connector.
 *
 *   topic ─▶ SELECT over a table of it ─▶ a line of JSON a record, in a folder of its own ─▶ DuckDB
 *
 * Without --columns each value is an object of JSON; one that is not stands as text in the column "$malformed". */

import { UserError } from '#base';
import type { Field, Row } from '#data';
import { Executor, jsonText, type Execution } from '#engine';
import { realWorld } from '#host';
import type { CheckedTable } from '#quality';
import { allConnectors } from '../connectors.ts';
import { clientProperties } from '../topic/address.ts';
import { startOptions } from '../topic/tail.ts';
import { topicTable } from '../topic/table.ts';
import { print, warn } from '../terminal.ts';
import { executeOwn } from '../own-statement.ts';
import { copiedRows } from './copied-rows.ts';
import { duration, type ValidateFlags } from './flags.ts';

export const malformedColumn = '$malformed';

/** Throws what the connector throws, and QLT2008 for a topic without records. */
export async function openTopic(topic: string, flags: ValidateFlags): Promise<CheckedTable> {
  const plain = flags.columns === undefined;
  return await copiedRows(
    `topic ${topic}`,
    () => recordsOf(topic, flags),
    (fields, row) => lineOf(fields, row, plain),
    new UserError('QLT2008', {
      message: `topic "${topic}" has no records to validate`,
      hint: '--last and --since choose which are read.',
    }),
    flags,
  );
}

async function recordsOf(
  topic: string,
  flags: ValidateFlags,
): Promise<Extract<Execution, { kind: 'query' }>> {
  const properties = await clientProperties(flags);
  const start = await startOptions(topic, properties, { partition: [], from: startOf(flags) });
  const bounded = { ...start, 'scan.bounded.mode': 'latest-offset' };
  const engine = new Executor({ world: realWorld(), connectors: allConnectors(), warn, print });
  const record = {
    ...(flags.columns === undefined ? {} : { schema: flags.columns }),
    ...(flags.format === undefined ? {} : { format: flags.format }),
  };
  await executeOwn(engine, topicTable(topic, properties, record, bounded, true));
  const execution = await executeOwn(engine, 'SELECT * FROM records');
  if (execution.kind !== 'query') throw new TypeError('a SELECT is a query');
  return execution;
}

/** --last N, --since 1h as `topic tail --from` has them. */
export function startOf({ last, since }: ValidateFlags): string {
  if (last !== undefined && since !== undefined)
    throw new UserError('CLI1001', { message: '--last and --since exclude each other' });
  if (last !== undefined && !/^[1-9]\d*$/.test(last))
    throw new UserError('CLI1004', {
      message: `--last ${last}: expected a number of records of each partition`,
    });
  if (last !== undefined) return `-${last}`;
  if (since === undefined) return 'earliest';
  return new Date(realWorld().now() - duration('since', since)).toISOString();
}

const places = new Set(['headers', '$key', 'timestamp', 'partition', 'offset']);
function lineOf(fields: readonly Field[], row: Row, plain: boolean): string {
  const at = (name: string): number => fields.findIndex((f) => f.name === name);
  const place = ['partition', 'offset'].map(
    (name) => `"$${name}":${jsonText(row[at(name)]!, fields[at(name)]!.type)}`,
  );
  if (!plain) {
    const members = fields.flatMap((f, i) =>
      places.has(f.name) ? [] : [`${JSON.stringify(f.name)}:${jsonText(row[i]!, f.type)}`],
    );
    return `{${[...members, ...place].join(',')}}`;
  }
  const value = row[at('value')] as string | null;
  const members = value === null ? undefined : objectText(value);
  const body = members ?? `${JSON.stringify(malformedColumn)}:${JSON.stringify(value ?? 'NULL')}`;
  return `{${[body, ...place].filter((p) => p !== '').join(',')}}`;
}
/** What stands between the braces of an object, as it was written; undefined for other text. */
function objectText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const trimmed = text.trim().replaceAll(/[\r\n]+/g, ' ');
    return trimmed.slice(1, -1).trim();
  } catch {
    return undefined;
  }
}

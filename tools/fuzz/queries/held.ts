/* What a sink by key holds in the end, as changes that insert it: how cases that INSERT are answered. */

import { fromJson, parseJson } from '#engine';
import type { LogicalType, Row } from '#data';
import { formatValue } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import type { WrittenRow } from '#testkit';
import type { Described } from './answer.ts';
import type { Change } from './printed.ts';

/** A record of an upsert-kafka sink: key and value as JSON; null ends the key. */
export interface KeyedRecord {
  readonly key: string;
  readonly value: string | null;
}

/** Of what our sink got: -D ends a key. */
export function heldRows(
  written: readonly WrittenRow[],
  key: readonly number[],
  types: readonly LogicalType[],
): Change[] {
  const held = new Map<string, Row>();
  const text = (row: Row): string => JSON.stringify(key.map((k) => cellText(row[k]!, types[k]!)));
  for (const { kind, row } of written)
    if (kind === 0 || kind === 2) held.set(text(row), row);
    else held.delete(text(row));
  return [...held.values()].map((row): Change => ['+I', ...row.map((v, i) => cellText(v, types[i]!))]);
}
/** Of the records of a topic. */
export function heldRecords(records: readonly KeyedRecord[], columns: readonly Described[]): Change[] {
  const held = new Map(records.map(({ key, value }) => [key, value]));
  const types = columns.map((c) => bindType(parseDataType(c.type)));
  return [...held.values()].flatMap((value): Change[] => {
    if (value === null) return [];
    const cells = new Map(Object.entries(parseJson(value) as Record<string, never>));
    const cell = (name: string, type: LogicalType): string | null =>
      cellText(fromJson(cells.get(name) ?? null, type), type);
    return [['+I', ...columns.map((c, i) => cell(c.name, types[i]!))]];
  });
}
const cellText = (value: Row[number], type: LogicalType): string | null =>
  value === null ? null : formatValue(value, type, 'UTC');

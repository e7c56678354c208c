/* The tables of the cases as Flink reads them.
 *
 *   inserts   a file of JSON lines
 *   changes   a file of Debezium's JSON: an update's line gives -U and +U
 *   upserts   a topic of upsert-kafka: a value is the row as it is now, null its end
 *   stepped   a sequence of numbers, one a second
 *   lookups   a table of PostgreSQL */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonCell, jsonRow, type ConformanceTable } from '../../tests/conformance/tables.ts';
import type { FlinkSession } from '../flink.ts';
import type { Judge } from './judge.ts';

/** Tables that a session can read, whatever they give. */
export async function createSources(
  judge: Judge,
  session: FlinkSession,
  tables: readonly ConformanceTable[],
): Promise<void> {
  for (const table of tables) {
    const options = table.gives === 'upserts' ? await upserts(judge, session, table) : fileOf(judge, table);
    await session.execute(`CREATE TABLE ${table.name} (${table.columns}) WITH (${withText(options)})`);
  }
}

/** A table whose rows come one at a time: each is through before the next one. */
export async function createStepped(session: FlinkSession, table: ConformanceTable): Promise<void> {
  const [number] = table.fields;
  const options = {
    connector: 'datagen',
    // More of them would come at once, a second's worth at a time.
    'rows-per-second': '1',
    [`fields.${number!}.kind`]: 'sequence',
    [`fields.${number!}.start`]: '0',
    [`fields.${number!}.end`]: String(table.rows.length - 1),
  };
  await session.execute("SET 'execution.buffer-timeout.interval' = '0 ms'");
  await session.execute(`CREATE TABLE ${table.name} (${table.columns}) WITH (${withText(options)})`);
}

export function withText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([k, v]) => `'${k}' = '${v.replaceAll("'", "''")}'`)
    .join(', ');
}

function fileOf(judge: Judge, table: ConformanceTable): Record<string, string> {
  const path = join(judge.folder, `${table.name}.json`);
  writeFileSync(path, fileText(table));
  return fileOptions(table, path);
}
/** How Flink reads such a file. */
export const fileOptions = ({ gives }: ConformanceTable, path: string): Record<string, string> => ({
  connector: 'filesystem',
  path: `file://${path}`,
  format: gives === 'changes' ? 'debezium-json' : 'json',
});
/** A table of inserts or changes as the text of a file. */
export const fileText = (table: ConformanceTable): string =>
  (table.gives === 'changes' ? debezium(table) : inserts(table)).map((line) => `${line}\n`).join('');
const inserts = (table: ConformanceTable): string[] => table.rows.map((row) => jsonRow(table.fields, row));

function debezium({ name, fields, rows }: ConformanceTable): string[] {
  const lines: string[] = [];
  for (let i = 0; i < rows.length; i++) {
    const [kind, ...cells] = rows[i]!;
    const row = jsonRow(fields, cells);
    if (kind === '+I') lines.push(`{"before":null,"after":${row},"op":"c"}`);
    else if (kind === '-D') lines.push(`{"before":${row},"after":null,"op":"d"}`);
    else {
      const [next, ...after] = rows[++i] ?? [];
      if (kind !== '-U' || next !== '+U') throw new Error(`${name}: an update is -U and then +U`);
      lines.push(`{"before":${row},"after":${jsonRow(fields, after)},"op":"u"}`);
    }
  }
  return lines;
}

async function upserts(
  judge: Judge,
  session: FlinkSession,
  table: ConformanceTable,
): Promise<Record<string, string>> {
  const { bootstrapServers } = await judge.kafka();
  // A topic stays as long as the broker, so each session fills one of its own.
  const topic = freshTopic(table.name);
  const records = upsertRecords(table);
  const raw = `${table.name}_records`;
  await session.execute(rawTable(raw, topic, bootstrapServers));
  const text = (s: string): string => `'${s.replaceAll("'", "''")}'`;
  const values = records.map((r) => `(${r.map((s) => text(s ?? '')).join(', ')})`).join(', ');
  await session.execute(`INSERT INTO ${raw} SELECT k, NULLIF(v, '') FROM (VALUES ${values}) AS r (k, v)`);
  return boundedUpserts(topic, bootstrapServers);
}
/** A topic of upserts that is read to its end, with a watermark after each record. */
export const boundedUpserts = (topic: string, servers: string): Record<string, string> => ({
  ...upsertKafka(topic, servers),
  'scan.bounded.mode': 'latest-offset',
  'scan.watermark.emit.strategy': 'on-event',
});
/** The keys and values of a topic of upserts; null ends a key. */
export const upsertRecords = ({ fields, key, rows }: ConformanceTable): [string, string | null][] =>
  rows.map(([kind, ...cells]) => {
    const ofKey = jsonRow(
      key!,
      key!.map((k) => cells[fields.indexOf(k)]),
    );
    return [ofKey, kind === '-D' ? null : jsonRow(fields, cells)];
  });

let topics = 0;
export const freshTopic = (name: string): string => `${name}-${topics++}`;
export const upsertKafka = (topic: string, servers: string): Record<string, string> => ({
  connector: 'upsert-kafka',
  topic,
  'properties.bootstrap.servers': servers,
  'key.format': 'json',
  'value.format': 'json',
  'value.json.encode.decimal-as-plain-number': 'true',
});
/** A topic as what its records are: text, or NULL where there is no value. */
export function rawTable(name: string, topic: string, servers: string): string {
  const options = {
    connector: 'kafka',
    topic,
    'properties.bootstrap.servers': servers,
    'scan.startup.mode': 'earliest-offset',
    'scan.bounded.mode': 'latest-offset',
    'key.format': 'raw',
    'key.fields': 'k',
    'value.format': 'raw',
    'value.fields-include': 'EXCEPT_KEY',
  };
  return `CREATE TABLE ${name} (k STRING, v STRING) WITH (${withText(options)})`;
}

/** Tables of PostgreSQL, filled and known to the session. */
export async function createLookups(
  judge: Judge,
  session: FlinkSession,
  tables: readonly ConformanceTable[],
): Promise<void> {
  const postgres = await judge.postgres();
  for (const { name, columns, rows } of tables) {
    await postgres.query(`DROP TABLE IF EXISTS ${name}`);
    await postgres.query(`CREATE TABLE ${name} (${postgresColumns(columns)})`);
    const cell = (v: unknown): string => (typeof v === 'string' ? `'${v}'` : jsonCell(v));
    for (const row of rows) await postgres.query(`INSERT INTO ${name} VALUES (${row.map(cell).join(', ')})`);
    await session.execute(
      `CREATE TABLE ${name} (${columns}) WITH (${withText(jdbc(name, postgres.options))})`,
    );
  }
}
export const jdbc = (table: string, options: Readonly<Record<string, string>>): Record<string, string> => ({
  connector: 'jdbc',
  'table-name': table,
  ...options,
});
/** Flink's columns in PostgreSQL's words. */
export const postgresColumns = (columns: string): string =>
  columns
    .replaceAll(' NOT ENFORCED', '')
    .replaceAll(/\bSTRING\b/g, 'TEXT')
    .replaceAll(/\bDOUBLE\b/g, 'DOUBLE PRECISION');

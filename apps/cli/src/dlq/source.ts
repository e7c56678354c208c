/* Where dead letters lie: a topic of any Kafka, or a folder or file of JSON lines. Both are read through the engine's own
 * connectors, of a topic what is committed, up to its end as it is now. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '#base';
import { typeText, type Row } from '#data';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { deadLetterFields } from '#job';
import { SessionSettings } from '#plan';
import { quoteName } from '#sql';
import { allConnectors } from '../connectors.ts';
import { kafka } from '../services/kafka.ts';
import { print, warn } from '../terminal.ts';
import { clientProperties } from '../topic/address.ts';
import { executeOwn } from '../own-statement.ts';
import type { DlqFlags } from './flags.ts';
import { letterOfRecord, letterOfRow, type Letter } from './letter.ts';

/** Where files of letters lie unless a table says otherwise. */
export const lettersFolder = join('.millrace', 'dlq');

export type LetterSource =
  | { readonly kind: 'topic'; readonly topic: string; readonly properties: ReadonlyMap<string, string> }
  | { readonly kind: 'files'; readonly path: string };

/** A path that is there, or a table whose letters lie in files; else a topic. */
export async function letterSource(name: string, flags: DlqFlags): Promise<LetterSource> {
  const ofTable = join(lettersFolder, encodeURIComponent(name));
  const path = [name, ofTable].find((p) => existsSync(p));
  if (path !== undefined) return { kind: 'files', path };
  const looksLikePath = /[/\\]|\.jsonl?$/.test(name);
  if (looksLikePath) throw new UserError('CLI1003', { message: `there is no folder or file ${name}` });
  return { kind: 'topic', topic: name, properties: await clientProperties(flags) };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const withOptions = (options: Readonly<Record<string, string>>): string =>
  `WITH (${Object.entries(options)
    .map(([key, value]) => `${quoted(key)} = ${quoted(value)}`)
    .join(', ')})`;
const letterColumns = deadLetterFields
  .map(({ name, type }) => `${quoteName(name)} ${typeText(type).replace(' NOT NULL', '')}`)
  .join(', ');

/** CREATE TABLE of a topic's records with all that they carry. */
export function recordsTable(
  name: string,
  topic: string,
  properties: ReadonlyMap<string, string>,
  more: Readonly<Record<string, string>>,
): string {
  const columns = [
    '`partition` INT METADATA VIRTUAL',
    '`offset` BIGINT METADATA VIRTUAL',
    '`timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL',
    '`headers` MAP<STRING, BYTES> METADATA VIRTUAL',
    '`key` BYTES',
    '`value` BYTES',
  ];
  const options = {
    connector: 'kafka',
    topic,
    'key.format': 'raw',
    'key.fields': 'key',
    'value.format': 'raw',
    'value.fields-include': 'EXCEPT_KEY',
    'properties.isolation.level': 'read_committed',
    ...Object.fromEntries([...properties].map(([key, value]) => [`properties.${key}`, value])),
    ...more,
  };
  return `CREATE TABLE ${quoteName(name)} (${columns.join(', ')}) ${withOptions(options)}`;
}
/** CREATE TABLE of letters in files; `more` columns come first. */
export const filesTable = (name: string, path: string, more = ''): string =>
  `CREATE TABLE ${quoteName(name)} (${more}${letterColumns}) ${withOptions({ connector: 'filesystem', path, format: 'json' })}`;

/** All letters, in their order. */
export async function* letters(source: LetterSource): AsyncGenerator<Letter> {
  if (source.kind === 'topic') {
    const { topic, properties } = source;
    const bounds = { 'scan.startup.mode': 'earliest-offset', 'scan.bounded.mode': 'latest-offset' };
    const rows = query(
      recordsTable('letters', topic, properties, bounds),
      'SELECT `partition`, `offset`, `timestamp`, headers, `key`, `value` FROM letters',
    );
    for await (const row of rows) yield letterOfRecord(topic, row);
    return;
  }
  const line = new Map<string, number>();
  const rows = query(
    filesTable('letters', source.path, "file STRING METADATA FROM 'file.path' VIRTUAL, "),
    'SELECT * FROM letters',
  );
  for await (const [path, ...row] of rows) {
    const file = basename(String(path));
    line.set(file, (line.get(file) ?? 0) + 1);
    yield letterOfRow(file, line.get(file)!, row);
  }
}

/** The rows of a bounded query. */
export async function* query(table: string, select: string): AsyncGenerator<Row> {
  const engine = new Executor({
    world: realWorld(),
    connectors: allConnectors(),
    settings: new SessionSettings(),
    warn,
    print,
  });
  await executeOwn(engine, table);
  const execution = await executeOwn(engine, select);
  if (execution.kind !== 'query') return;
  try {
    for (let part = await execution.changes.next(); part !== undefined; part = await execution.changes.next())
      for (const { row } of part) yield row;
  } finally {
    await execution.job.cancel();
  }
}

/** Names of all places with letters: folders of this project, and topics of Kafka where one is known. */
export async function knownSources(flags: DlqFlags): Promise<string[]> {
  const folders = existsSync(lettersFolder) ? readdirSync(lettersFolder).map(decodeURIComponent) : [];
  const address = flags.bootstrapServer ?? flags.property.find((p) => p.startsWith('bootstrap.servers='));
  if (address === undefined && (await kafka.status())?.url === undefined) return folders.sort();
  const { KafkaAdmin } = await import('#connectors');
  const admin = await KafkaAdmin.open(await clientProperties(flags), warn);
  try {
    const topics = (await admin.list(false)).filter((topic) => topic.endsWith('.dlq'));
    return [...folders, ...topics].sort();
  } finally {
    await admin.close();
  }
}

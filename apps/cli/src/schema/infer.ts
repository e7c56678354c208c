/* millrace schema infer FILE|TOPIC: the CREATE TABLE that a sample gives. A file is known by its ending, a topic by what is in it:
 * JSON objects, or messages behind the id of a schema, whose columns the registry has. */

import { basename } from 'node:path';
import { UserError } from '#base';
import type { InferredTable } from '#catalog';
import { inferFileTable, jsonTable } from '#connectors';
import { createTableText, Executor } from '#engine';
import { realWorld } from '#host';
import { parseStatement, printStatement, type CreateTable } from '#sql';
import { allConnectors } from '../connectors.ts';
import { out, warn } from '../terminal.ts';
import { clientProperties } from '../topic/address.ts';
import { executeOwn } from '../own-statement.ts';
import { takeNames } from './arguments.ts';
import type { SchemaFlags } from './flags.ts';

/** Records of a topic that are looked at. */
const sampleRows = 1000;

export async function infer(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [name] = takeNames('infer', names, ['FILE|TOPIC']);
  const isFile = /[/*?]|\.(csv|tsv|jsonl?|ndjson|avro)(\.gz)?$/i.test(name!);
  const found = isFile ? await inferFileTable(name!) : await inferTopic(name!, flags);
  const table = isFile ? basename(name!).replace(/\..*$/, '').replaceAll(/\W+/g, '_') : name!;
  const text = createTableText(table === '' ? 'records' : table, found);
  out(`${printStatement(parseStatement(text) as CreateTable)};`);
  return 0;
}

async function inferTopic(topic: string, flags: SchemaFlags): Promise<InferredTable> {
  const properties = await clientProperties(flags);
  const values = await sample(topic, properties);
  if (values.length === 0)
    throw new UserError('CLI1006', {
      message: `the topic '${topic}' has no records, of which columns could be made`,
      hint: 'Write one, or declare the columns.',
    });
  if (values.every((value) => value[0] === 0))
    throw new UserError('CLI1006', {
      message: `the records of '${topic}' carry ids of a schema registry, which knows their columns`,
      hint: "CREATE TABLE … WITH (…, 'format' = 'avro-confluent', 'avro-confluent.url' = '…') needs no columns.",
    });
  const text = values
    .map((value) =>
      Buffer.from(value)
        .toString()
        .replaceAll(/\s*\n\s*/g, ' '),
    )
    .join('\n');
  const { columns, options } = jsonTable(text, true, topic);
  const own = Object.fromEntries([...properties].map(([key, value]) => [`properties.${key}`, value]));
  const start = { 'scan.startup.mode': 'earliest-offset' };
  return { columns, options: { connector: 'kafka', topic, ...own, ...start, format: 'json', ...options } };
}

/** Values of the first records. */
async function sample(topic: string, properties: ReadonlyMap<string, string>): Promise<Uint8Array[]> {
  const engine = new Executor({ world: realWorld(), connectors: allConnectors(), warn });
  const options = {
    connector: 'kafka',
    topic,
    format: 'raw',
    'scan.startup.mode': 'earliest-offset',
    'scan.bounded.mode': 'latest-offset',
    ...Object.fromEntries([...properties].map(([key, value]) => [`properties.${key}`, value])),
  };
  const columns = [{ name: 'v', type: 'BYTES' }];
  await executeOwn(engine, createTableText('records', { columns, options }));
  const execution = await executeOwn(engine, `SELECT v FROM records LIMIT ${sampleRows}`);
  const values: Uint8Array[] = [];
  if (execution.kind !== 'query') return values;
  for (;;) {
    const part = await execution.changes.next();
    if (part === undefined) return values;
    for (const { row } of part) if (row[0] !== null) values.push(row[0] as Uint8Array);
  }
}

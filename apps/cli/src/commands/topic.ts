/* millrace topic: topics and records of any Kafka. Lists, makes, shows, changes and deletes topics; `tail` prints records
 * as they come, `produce` writes lines of standard input. Records go through the engine's own kafka connector. */

import { createInterface } from 'node:readline';
import { UserError } from '#base';
import { KafkaAdmin, type TopicDescription } from '#connectors';
import type { Value } from '#data';
import { Executor, jsonText } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { allConnectors } from '../connectors.ts';
import { configPairs } from '../services/kafka.ts';
import { onSignal } from '../signals.ts';
import { dim, out, warn } from '../terminal.ts';
import { clientProperties, type ClientFlags } from '../topic/address.ts';
import { topicTable, type RecordFlags } from '../topic/table.ts';

export interface TopicFlags extends ClientFlags, RecordFlags {
  readonly json?: boolean;
  readonly internal?: boolean;
  readonly partitions?: string;
  readonly replicationFactor?: string;
  readonly config: readonly string[];
  readonly deleteConfig: readonly string[];
  readonly from: string;
  readonly follow?: boolean;
  readonly maxMessages?: string;
  readonly keySeparator?: string;
}

const actions: Readonly<Record<string, (name: string | undefined, flags: TopicFlags) => Promise<number>>> = {
  list: (_, flags) => withAdmin(flags, (admin) => list(admin, flags)),
  create: (name, flags) => withAdmin(flags, (admin) => create(admin, named(name), flags)),
  describe: (name, flags) => withAdmin(flags, (admin) => describe(admin, named(name), flags)),
  alter: (name, flags) => withAdmin(flags, (admin) => alter(admin, named(name), flags)),
  delete: (name, flags) => withAdmin(flags, (admin) => remove(admin, named(name), flags)),
  tail: (name, flags) => tail(named(name), flags),
  produce: (name, flags) => produce(named(name), flags),
};

export async function topicCommand(
  action: string,
  name: string | undefined,
  flags: TopicFlags,
): Promise<number> {
  const run = actions[action];
  if (run === undefined)
    throw new UserError('CLI1001', {
      message: `topic ${action}: expected ${Object.keys(actions).join(', ')}`,
    });
  return run(name, flags);
}
function named(name: string | undefined): string {
  if (name === undefined) throw new UserError('CLI1001', { message: 'which topic? Its name is missing' });
  return name;
}
async function withAdmin(flags: TopicFlags, use: (admin: KafkaAdmin) => Promise<void>): Promise<number> {
  const admin = await KafkaAdmin.open(await clientProperties(flags), warn);
  try {
    await use(admin);
    return 0;
  } finally {
    await admin.close();
  }
}
function number(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text))
    throw new UserError('CLI1004', { message: `--${flag} ${text}: expected a number` });
  return Number(text);
}

async function list(admin: KafkaAdmin, flags: TopicFlags): Promise<void> {
  for (const name of await admin.list(flags.internal === true))
    out(flags.json ? JSON.stringify({ topic: name }) : name);
}
/** Kafka's number for it. */
const brokerDefault = -1;

async function create(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  const wanted = number('partitions', flags.partitions, brokerDefault);
  const replicas = number('replication-factor', flags.replicationFactor, brokerDefault);
  const partitions = await admin.create(name, wanted, replicas, configPairs(flags.config));
  out(flags.json ? JSON.stringify({ topic: name, status: 'created', partitions }) : `created ${name}`);
}
async function describe(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  const topic = await admin.describe(name);
  out(
    flags.json
      ? JSON.stringify(topic, (_, v: unknown) => (typeof v === 'bigint' ? Number(v) : v))
      : described(topic),
  );
}
function described({ topic, id, partitions, configs }: TopicDescription): string {
  const offsets = partitions.reduce((n, p) => n + (p.end - p.start), 0n);
  const about = `id ${id}, ${counted(partitions.length, 'partition')}, ${counted(offsets, 'offset')}`;
  return [
    `${topic}  ${dim(about)}`,
    ...Object.entries(configs).map(([key, value]) => `  ${key} = ${value}`),
    ...partitions.map(
      (p) => `  partition ${p.partition}: leader ${p.leader}, offsets ${p.start} to ${p.end}`,
    ),
  ].join('\n');
}
const counted = (n: number | bigint, what: string): string =>
  `${n.toLocaleString('en')} ${what}${Number(n) === 1 ? '' : 's'}`;

async function alter(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  if (flags.partitions !== undefined) await admin.grow(name, number('partitions', flags.partitions, 1));
  const dropped = Object.fromEntries(flags.deleteConfig.map((key) => [key, undefined]));
  await admin.configure(name, { ...configPairs(flags.config), ...dropped });
  out(flags.json ? JSON.stringify({ topic: name, status: 'altered' }) : `altered ${name}`);
}
async function remove(admin: KafkaAdmin, name: string, flags: TopicFlags): Promise<void> {
  await admin.delete(name);
  out(flags.json ? JSON.stringify({ topic: name, status: 'deleted' }) : `deleted ${name}`);
}

function executor(): Executor {
  return new Executor({ world: realWorld(), connectors: allConnectors(), warn, print: out });
}
const startups: Readonly<Record<string, string>> = { earliest: 'earliest-offset', latest: 'latest-offset' };

/** Prints records: those that are there, or with --follow those that come, too. */
async function tail(topic: string, flags: TopicFlags): Promise<number> {
  const startup = startups[flags.from];
  if (startup === undefined)
    throw new UserError('CLI1004', { message: `--from ${flags.from}: expected earliest or latest` });
  const follow = flags.follow === true || flags.from === 'latest';
  const engine = executor();
  const bounds = follow ? {} : { 'scan.bounded.mode': 'latest-offset' };
  const options = { 'scan.startup.mode': startup, ...bounds };
  const table = topicTable(topic, await clientProperties(flags), flags, options, true);
  await engine.execute(parseStatement(table));
  const execution = await engine.execute(parseStatement('SELECT * FROM records'), { unboundedResult: true });
  if (execution.kind !== 'query') return 1;
  const { changes, fields, job } = execution;
  const signal = onSignal(() => job.cancel());
  const max = number('max-messages', flags.maxMessages, Infinity);
  let shown = 0;
  for (let part = await changes.next(); part !== undefined && shown < max; part = await changes.next()) {
    for (const { row } of part.slice(0, max - shown)) {
      const cells = Object.fromEntries(
        fields.map((f, i): [string, string] => [f.name, jsonText(row[i]!, f.type)]),
      );
      out(flags.json ? asJson(cells) : asText(cells, row, flags.schema === undefined));
      shown++;
    }
  }
  await job.cancel();
  signal.off();
  return signal.stopped ? 130 : 0;
}
const places = ['partition', 'offset', 'timestamp', 'headers', '$key'];
/** Cells are JSON text already. */
function asJson(cells: Readonly<Record<string, string>>): string {
  const value = Object.keys(cells).filter((name) => !places.includes(name));
  const object = (names: readonly string[]): string =>
    names.map((name) => `${JSON.stringify(name.replace('$', ''))}:${cells[name]!}`).join(',');
  const plain = value.length === 1 && value[0] === 'value';
  return `{${object(places)},${plain ? object(value) : `"value":{${object(value)}}`}}`;
}
function asText(cells: Readonly<Record<string, string>>, row: readonly Value[], plain: boolean): string {
  const value = Object.keys(cells).filter((name) => !places.includes(name));
  const key = row[4] === null || row[4] === '' ? '' : `${String(row[4])} `;
  const text = plain
    ? String(row.at(-1) ?? 'NULL')
    : `{${value.map((n) => `${n}: ${cells[n]!}`).join(', ')}}`;
  return `${dim(`${cells['partition']!}:${cells['offset']!}`)} ${key}${text}`;
}

/** One record a line of standard input; with --key-separator what stands in front of the separator is its key. */
async function produce(topic: string, flags: TopicFlags): Promise<number> {
  const { Millrace } = await import('../../../library/src/index.ts');
  const properties = await clientProperties(flags);
  const m = new Millrace();
  const separator = flags.keySeparator;
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  let written = 0;
  async function* records(): AsyncIterable<{ line: string; recordKey: string | null }> {
    for await (const line of lines) {
      const at = separator === undefined ? -1 : line.indexOf(separator);
      written++;
      yield at < 0
        ? { line, recordKey: null }
        : { line: line.slice(at + separator!.length), recordKey: line.slice(0, at) };
    }
  }
  m.createTable('standard_input', {
    schema: { line: 'STRING', recordKey: 'STRING' },
    from: records(),
  });
  await m.execute(
    `${topicTable(topic, properties, { ...flags, format: 'raw', schema: '`value` STRING' }, {}, false)};`,
  );
  const job = await m.execute('INSERT INTO records SELECT recordKey, line FROM standard_input;');
  await job!.done;
  out(
    flags.json
      ? JSON.stringify({ topic, records: written })
      : `${counted(written, 'record')} written to ${topic}`,
  );
  return 0;
}

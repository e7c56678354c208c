/* millrace topic tail: records as they come, through the engine's own kafka connector.
 *
 *   --from ─▶ where each partition starts ─▶ SELECT over a table of the topic ─▶ a line a record */

import { UserError } from '#base';
import { KafkaAdmin } from '#connectors';
import type { Field, Instant, MapValue, Row, Value } from '#data';
import { Executor, jsonText } from '#engine';
import { realWorld } from '#host';
import { allConnectors } from '../connectors.ts';
import { safeText } from '../results/cell.ts';
import { onStop } from '../signals.ts';
import { dim, out, print, readerGone, taken, warn } from '../terminal.ts';
import { executeOwn } from '../own-statement.ts';
import { clientProperties } from './address.ts';
import { number, startAt, type TopicFlags } from './flags.ts';
import { topicTable } from './table.ts';

export async function tail(topic: string, flags: TopicFlags): Promise<number> {
  const json = isJson(flags);
  const max = number('max-messages', flags.maxMessages, Infinity);
  const properties = await clientProperties(flags);
  const follow = flags.follow === true || flags.from === 'latest';
  const start = await startOptions(topic, properties, flags);
  const options = { ...start, ...(follow ? {} : { 'scan.bounded.mode': 'latest-offset' }) };
  const engine = new Executor({ world: realWorld(), connectors: allConnectors(), warn, print });
  await executeOwn(engine, topicTable(topic, properties, flags, options, true));
  const partitions = flags.partition.map((p) => number('partition', p, 0));
  const where = partitions.length === 0 ? '' : ` WHERE \`partition\` IN (${partitions.join(', ')})`;
  const execution = await executeOwn(engine, `SELECT * FROM records${where}`);
  if (execution.kind !== 'query') return 1;
  const { changes, fields, job } = execution;
  const stop = onStop(() => job.cancel());
  let shown = 0;
  while (shown < max && !readerGone()) {
    const part = await changes.next();
    if (part === undefined) break;
    for (const { row } of part.slice(0, max - shown)) {
      out(json ? asJson(fields, row) : asText(fields, row, flags.schema === undefined));
      shown++;
    }
    await taken();
  }
  await job.cancel();
  stop.off();
  return stop.code;
}
function isJson({ json, output }: TopicFlags): boolean {
  if (output !== undefined && output !== 'json' && output !== 'text')
    throw new UserError('CLI1004', { message: `-o ${output}: expected text or json` });
  return json === true || output === 'json';
}

/** The connector's startup options for --from. */
export async function startOptions(
  topic: string,
  properties: ReadonlyMap<string, string>,
  { from = 'earliest', partition }: Pick<TopicFlags, 'from' | 'partition'>,
): Promise<Record<string, string>> {
  const start = startAt(from);
  switch (start.kind) {
    case 'earliest':
      return { 'scan.startup.mode': 'earliest-offset' };
    case 'latest':
      return { 'scan.startup.mode': 'latest-offset' };
    case 'time':
      return { 'scan.startup.mode': 'timestamp', 'scan.startup.timestamp-millis': String(start.ms) };
    default:
  }
  const admin = await KafkaAdmin.open(properties, warn);
  try {
    const wanted = new Set(partition.map(Number));
    const offsets = (await admin.describe(topic)).partitions.map(
      ({ partition: index, start: first, end }) => {
        // What is not asked for need not be read.
        if (wanted.size > 0 && !wanted.has(index)) return `partition:${index},offset:${end}`;
        const at = start.kind === 'offset' ? start.offset : end - start.count;
        const bounded = at < first ? first : at > end ? end : at;
        return `partition:${index},offset:${bounded}`;
      },
    );
    return {
      'scan.startup.mode': 'specific-offsets',
      'scan.startup.specific-offsets': offsets.join(';'),
    };
  } finally {
    await admin.close();
  }
}

const places = ['partition', 'offset', 'timestamp', 'headers', '$key'];
const valueFields = (fields: readonly Field[]): number[] =>
  fields.flatMap((f, i) => (places.includes(f.name) ? [] : [i]));

function asJson(fields: readonly Field[], row: Row): string {
  const member = (i: number): string => {
    const { name, type } = fields[i]!;
    // As text, like key and value beside them.
    const shownValue =
      name === 'headers'
        ? `{${headersOf(row[i]!)
            .map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`)
            .join(',')}}`
        : jsonText(row[i]!, type);
    return `${JSON.stringify(name.replace('$', ''))}:${shownValue}`;
  };
  const all = fields.map((_, i) => i);
  const value = valueFields(fields);
  const plain = value.length === 1 && fields[value[0]!]!.name === 'value';
  const place = all.filter((i) => !value.includes(i)).map(member);
  return `{${place.join(',')},${plain ? member(value[0]!) : `"value":{${value.map(member).join(',')}}`}}`;
}

/** partition:offset time key value {headers}; a record without a key, or value, shows NULL. */
function asText(fields: readonly Field[], row: Row, plain: boolean): string {
  const at = (name: string): Value => row[fields.findIndex((f) => f.name === name)]!;
  const value = valueFields(fields);
  const text = plain
    ? shown(row[value[0]!]!)
    : `{${value.map((i) => `${fields[i]!.name}: ${jsonText(row[i]!, fields[i]!.type)}`).join(', ')}}`;
  const time = new Date((at('timestamp') as Instant).ms).toISOString();
  const headers = headersOf(at('headers')).map(
    ([key, text]) => `${safeText(key)}: ${text === null ? 'NULL' : safeText(text)}`,
  );
  const place = dim(`${String(at('partition'))}:${String(at('offset'))} ${time}`);
  return `${place} ${shown(at('$key'))} ${text}${headers.length === 0 ? '' : ` ${dim(`{${headers.join(', ')}}`)}`}`;
}
/** A header may be null. */
const headersOf = (value: Value): [string, string | null][] =>
  (value as MapValue).entries.map(([key, bytes]) => [
    String(key),
    bytes === null ? null : new TextDecoder().decode(bytes as Uint8Array),
  ]);
const shown = (value: Value): string => (value === null ? dim('NULL') : safeText(String(value)));

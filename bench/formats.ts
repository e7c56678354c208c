/* The same rows in every format: how many messages a second of CPU time become columns, on one core?
 *
 * Bids of Nexmark, written by each format's own encoder, lie in the thread's memory and are read again and again: by the
 * format's scanner, and by its decoder (into a batch). The formats take turns in every round, so that all of them meet the same
 * machine; the best of the rounds. Schemas of a registry are learnt beforehand.
 *
 * Run: npm run bench -- formats [thousands of rows, 50 by default] [--write]. With --write the answer goes to formats.md. */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ByteWriter, limits, Rng } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder, types, type Field, type LogicalType, type Row } from '#data';
import {
  findFormat,
  FormatOptions,
  formatSpecs,
  type Decoder,
  type RecordPositions,
  type Scanner,
} from '#formats';
import { parseSchema } from '#schemas';
import { threadMemory, type Region } from '#wasm';
import { nexmarkEvent } from './nexmark/events.ts';

const rounds = 7;
const roundSeconds = 0.3;
const count = 1000 * Number(process.argv.slice(3).find((a) => /^\d+$/.test(a)) ?? '50');
const memory = threadMemory();

const fieldsOf = (of: Readonly<Record<string, LogicalType>>): Field[] =>
  Object.entries(of).map(([name, type]) => ({ name, type }));
const bid = fieldsOf({
  auction: types.BIGINT,
  bidder: types.BIGINT,
  price: types.BIGINT,
  channel: types.STRING,
  url: types.STRING,
  dateTime: types.timestamp(3),
  extra: types.STRING,
});
const some = bid.filter((f) => ['auction', 'price', 'channel'].includes(f.name));
const proto = `syntax = "proto3"; import "google/protobuf/timestamp.proto"; message Bid { optional int64 auction = 1;
  optional int64 bidder = 2; optional int64 price = 3; optional string channel = 4; optional string url = 5;
  google.protobuf.Timestamp dateTime = 6; optional string extra = 7; }`;

function bids(): Row[] {
  const rows: Row[] = [];
  const rng = new Rng(42);
  for (let n = 0; rows.length < count; n++) {
    const event = JSON.parse(nexmarkEvent(n, rng)) as {
      readonly bid: Readonly<Record<string, string | number>> | null;
    };
    const b = event.bid;
    if (b === null) continue;
    rows.push([
      BigInt(b['auction']!),
      BigInt(b['bidder']!),
      BigInt(b['price']!),
      String(b['channel']),
      String(b['url']),
      { ms: Date.parse(`${String(b['dateTime']).replace(' ', 'T')}Z`), ns: 0 },
      String(b['extra']),
    ]);
  }
  return rows;
}

function optionsOf(name: string): FormatOptions {
  const given: Readonly<Record<string, string>> =
    name === 'protobuf'
      ? { 'schema-file': 'bid.proto', 'message-class-name': 'Bid' }
      : { url: 'http://localhost' };
  const specs = formatSpecs(findFormat(name), '');
  const options = Object.entries(given)
    .filter(([key]) => specs.some((spec) => spec.key === key))
    .map(([key, value]) => ({ key, value }));
  return new FormatOptions(parseOptions({ owner: 'bench', specs }, options), '', (path) =>
    path === 'bid.proto' ? proto : undefined,
  );
}

interface Laid {
  readonly positions: RecordPositions;
  readonly bytes: number;
  readonly regions: readonly Region[];
}
function lay(messages: readonly Uint8Array[]): Laid {
  const bytes = messages.reduce((sum, m) => sum + m.length, 0);
  const region = memory.allocate(bytes)!;
  const lists = memory.allocate((messages.length + 1) * 8)!;
  const { buffer } = memory.memory;
  const endsAddress = lists.address + (messages.length + 1) * 4;
  const starts = new Int32Array(buffer, lists.address, messages.length + 1);
  const ends = new Int32Array(buffer, endsAddress, messages.length + 1);
  let at = region.address;
  for (const [i, message] of messages.entries()) {
    memory.bytes.set(message, at);
    starts[i] = at;
    ends[i] = at += message.length;
  }
  const positions = { starts, ends, startsAddress: lists.address, endsAddress };
  return { positions, bytes: bytes / messages.length, regions: [region, lists] };
}

interface Contender {
  readonly name: string;
  readonly laid: Laid;
  readonly scan: () => void;
  readonly scanSome: () => void;
  readonly decode: () => void;
  readonly fused: number;
}

function contender(name: string, rows: readonly Row[]): Contender {
  const format = findFormat(name);
  const options = optionsOf(name);
  const encoder = format.encoder!(bid, options);
  const { schema } = encoder;
  const parsed = schema && parseSchema(schema.type, schema.text);
  if (parsed !== undefined) schema!.use(7, parsed);
  const messages = rows.map((row) => {
    const builder = new BatchBuilder(bid.map((f) => f.type));
    builder.appendRow(row);
    const to = new ByteWriter();
    encoder.encode(builder.build().columns, 0, 0, to);
    return to.finish();
  });
  const laid = lay(messages);
  const scannerOf = (fields: readonly Field[]): Scanner => {
    const scanner = format.scanner!({ memory, fields, record: bid, options, rowsMax: limits.batchRowsMax })!;
    if (parsed !== undefined) scanner.learn?.(7, parsed);
    return scanner;
  };
  const whole = scannerOf(bid);
  const part = scannerOf(some);
  const decoder = format.decoder!(bid, options, bid);
  if (parsed !== undefined) decoder.learn?.(7, parsed);
  const builder = new BatchBuilder(bid.map((f) => f.type));
  scanAll(whole, laid.positions);
  return {
    name,
    laid,
    scan: () => scanAll(whole, laid.positions),
    scanSome: () => scanAll(part, laid.positions),
    decode: () => decodeAll(decoder, builder, laid.positions),
    fused: whole.counts.fused / count,
  };
}
function scanAll(scanner: Scanner, positions: RecordPositions): void {
  scanner.begin();
  for (let record = 0; record < count; ) {
    record = scanner.scan(positions, record, count);
    if (record === count) return;
    if (scanner.full) {
      scanner.columns();
      scanner.begin();
    } else scanner.reference(positions, record++);
  }
}
function decodeAll(decoder: Decoder, builder: BatchBuilder, { starts, ends }: RecordPositions): void {
  for (let i = 0; i < count; i++) {
    if (builder.full) builder.build();
    decoder.decode(memory.bytes, starts[i]!, ends[i]!, (row) => builder.appendRow(row));
  }
}

/** Rows a second of CPU time. */
function rate(pass: () => void): number {
  const before = process.cpuUsage();
  for (let passes = 1; ; passes++) {
    pass();
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    if (seconds >= roundSeconds) return (passes * count) / seconds;
  }
}

const rows = bids();
const names = ['json', 'csv', 'json-registry', 'avro', 'avro-confluent', 'protobuf', 'protobuf-confluent'];
const contenders = names.map((name) => contender(name, rows));
const best = contenders.map(() => ({ scan: 0, scanSome: 0, decode: 0 }));
for (let round = 0; round < rounds; round++)
  for (const [i, c] of contenders.entries())
    for (const way of ['scan', 'scanSome', 'decode'] as const)
      best[i]![way] = Math.max(best[i]![way], rate(c[way]));

const millions = (n: number): string => (n / 1e6).toFixed(2);
const json = best[0]!;
const lines = contenders.map(({ name, laid, fused }, i) => {
  const { scan, scanSome, decode } = best[i]!;
  const shares = `${millions(scan)} | ${(scan / json.scan).toFixed(2)} | ${millions(scanSome)} | ${millions(decode)}`;
  return `| ${name} | ${Math.round(laid.bytes)} | ${Math.round(fused * 100)} | ${shares} |`;
});
const table = [
  '| format | bytes each | fused, % | 7 columns | as many times json | 3 of 7 columns | decoder, 7 columns |',
  '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  ...lines,
];
console.log(table.join('\n'));
if (process.argv.includes('--write')) {
  const page = [
    '# The same rows in every format',
    '',
    'Millions of messages a second of CPU time on one core, bytes in the thread’s memory to columns, by the scanner; and by the decoder, into',
    `a batch. ${count.toLocaleString('en')} bids of Nexmark, in one process by turns, best of ${rounds} rounds. ${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.versions.node}.`,
    '',
    ...table,
    '',
  ];
  writeFileSync(join(import.meta.dirname, 'formats.md'), page.join('\n'));
}

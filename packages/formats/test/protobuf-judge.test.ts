/* Random messages, and what Google's protobuf for Python makes of them: the same values out of its bytes, the same bytes out of
 * the values; with all columns, and with some of them in another order. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ByteWriter, Rng } from '#base';
import {
  BatchBuilder,
  types,
  type Field,
  type LogicalType,
  type MapValue,
  type Row,
  type Value,
} from '#data';
import { ProtoSchema } from '#schemas';
import { runProgram } from '../../../tools/clients.ts';
import { formatsPython } from '../../../tools/registry-clients.ts';
import { ProtoDecoder } from '../src/protobuf/decoder.ts';
import { ProtoEncoder } from '../src/protobuf/encoder.ts';
import { fitsFrame } from '../src/scan/slots.ts';
import { protoScanner, scanAll } from './scan-messages.ts';
import { MessageTypes } from '../src/protobuf/message-type.ts';
import { rowsOfMessage } from '../src/protobuf/rows-of-message.ts';
import { judged, type Judged } from './judged-values.ts';
import { RandomProtoRows } from './random-proto-rows.ts';

const fileCount = Number(process.env['MILLRACE_PROTO_ROWS'] ?? 80);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_130);

type Theirs = { readonly o: readonly [string, unknown][] };
interface Answer {
  readonly rows: readonly { readonly text: Theirs; readonly hex: string }[];
}
const settings = { format: 'protobuf', skipsMalformed: false, defaults: false };

function decode(decoder: ProtoDecoder, bytes: Buffer): Row {
  const rows: Row[] = [];
  decoder.decode(bytes, 0, bytes.length, (row) => rows.push(row));
  return rows[0]!;
}
function encode(encoder: ProtoEncoder, fields: readonly Field[], row: Row): string {
  const builder = new BatchBuilder(fields.map((f) => f.type));
  builder.appendRow(row);
  const to = new ByteWriter();
  encoder.encode(builder.build().columns, 0, 0, to);
  return Buffer.from(to.finish()).toString('hex');
}
/** Ours as theirs: maps are sorted, and empty lists are nothing. */
function comparable(value: Value, type: LogicalType): unknown {
  if (value === null) return null;
  if (type.kind === 'ROW')
    return { o: type.fields.map((f, i) => [f.name, comparable((value as Row)[i]!, f.type)]) };
  if (type.kind === 'ARRAY') {
    const items = (value as Row).map((item) => comparable(item, type.element));
    return items.length === 0 ? null : items;
  }
  if (type.kind === 'MAP') {
    const { entries } = value as MapValue;
    if (entries.length === 0) return null;
    return { m: sorted(entries.map(([k, v]) => [comparable(k, type.key), comparable(v, type.value)])) };
  }
  return judged(value, type) as Judged;
}
const sorted = (entries: unknown[]): unknown[] =>
  entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
function theirs(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(theirs);
  if ('m' in value) return { m: sorted((value.m as unknown[]).map(theirs)) };
  return 'o' in value ? { o: (value.o as [string, unknown][]).map(([k, v]) => [k, theirs(v)]) } : value;
}

test('values and bytes are those of protobuf', { timeout: 600_000 }, async ({ skip }) => {
  const python = await formatsPython();
  if ('missing' in python) return skip(python.missing);
  const rng = new Rng(seed);
  const files = Array.from({ length: fileCount }, () => new RandomProtoRows(rng).file());
  const input = files.map((proto, i) => `${JSON.stringify({ proto, seed: seed + i, rows: 6 })}\n`).join('');
  const program = join(import.meta.dirname, 'python', 'protobuf_judge.py');
  const output = await runProgram('python3', [program], input, python.env);
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  let written = 0;
  let fused = 0;
  for (const [i, proto] of files.entries()) {
    const message = new MessageTypes(ProtoSchema.parse(proto, []).types).named('a.b.Root')!;
    const fields = rowsOfMessage(message);
    const decoder = new ProtoDecoder(message, fields, settings);
    const some = fields.filter(() => rng.double() < 0.5).toReversed();
    const partial = new ProtoDecoder(message, some, settings);
    const encoder = new ProtoEncoder(message, fields, { format: 'protobuf', nullText: '' });
    const messages = answers[i]!.rows.map(({ hex }) => Buffer.from(hex, 'hex'));
    const framed = fields.filter((f) => fitsFrame(f.type));
    const scanned = scanAll(protoScanner(message, framed), messages, framed);
    fused += scanned.fused;
    for (const [r, { text, hex }] of answers[i]!.rows.entries()) {
      const label = `seed ${seed}, file ${i}: ${proto} ${hex}`;
      const bytes = messages[r]!;
      const row = decode(decoder, bytes);
      const quick = scanned.rows[r];
      const slow = framed.map((f) => row[fields.indexOf(f)]!);
      if (quick !== undefined)
        expect(comparable(quick, types.row(framed)), label).toEqual(comparable(slow, types.row(framed)));
      expect(comparable(row, types.row(fields)), label).toEqual(theirs(text));
      expect(encode(encoder, fields, row), label).toBe(hex);
      written++;
      const cells = new Map(text.o);
      const wanted = some.map((f) => [f.name, theirs(cells.get(f.name))]);
      expect(comparable(decode(partial, bytes), types.row(some)), label).toEqual({ o: wanted });
    }
  }
  expect(written).toBe(fileCount * 6);
  // Most go the fast way; numbers beyond 2^53 and constants below 0 do not.
  expect(fused).toBeGreaterThan(fileCount * 2);
});

/* Every kind of change that Protobuf's rules allow, in both directions: what a table with a schema of its own makes of messages of
 * another version is what Google's protobuf makes of them with that schema. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { types, type LogicalType, type MapValue, type Row, type Value } from '#data';
import { ProtoSchema } from '#schemas';
import { runProgram } from '../../../tools/clients.ts';
import { formatsPython } from '../../../tools/registry-clients.ts';
import { ProtobufConfluentDecoder } from '../src/protobuf-confluent/decoder.ts';
import { MessageTypes, type MessageType } from '../src/protobuf/message-type.ts';
import { rowsOfMessage } from '../src/protobuf/rows-of-message.ts';
import { judged } from './judged-values.ts';

interface Change {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}
const one = (rule: string, from: string, to: string): Change => ({ rule, from, to });
const pairs = (group: readonly string[]): Change[] =>
  group.flatMap((a, i) => group.slice(i + 1).map((b) => one(`${a} and ${b}`, `${a} v = 2;`, `${b} v = 2;`)));
const inner = 'message Inner { int32 a = 1; }';
const changes: readonly Change[] = [
  ...pairs(['int32', 'int64', 'uint32', 'uint64', 'bool']),
  one('int32 and an enum', 'int32 v = 2;', 'enum E { A = 0; B = 1; } E v = 2;'),
  ...pairs(['sint32', 'sint64']),
  ...pairs(['string', 'bytes']),
  ...pairs(['fixed32', 'sfixed32']),
  ...pairs(['fixed64', 'sfixed64']),
  one('a field more', '', 'string v = 2;'),
  one('an optional field more', '', 'optional string v = 2;'),
  one('a message more', '', `${inner} Inner v = 2;`),
  one('a list more', '', 'repeated int32 v = 2;'),
  one('a map more', '', 'map<string, int32> v = 2;'),
  one('a field that is called otherwise', 'string old = 2;', 'string v = 2;'),
  one('optional', 'int32 v = 2;', 'optional int32 v = 2;'),
  one('a field in a new oneof', 'int32 v = 2;', 'oneof o { int32 v = 2; string w = 3; }'),
  one('a name more', 'enum E { A = 0; } E v = 2;', 'enum E { A = 0; B = 1; C = 2; } E v = 2;'),
  one(
    'a nested field more',
    `${inner} Inner v = 2;`,
    'message Inner { int32 a = 1; string b = 2; } Inner v = 2;',
  ),
  one('a nested field becomes wider', `${inner} Inner v = 2;`, 'message Inner { int64 a = 1; } Inner v = 2;'),
  one(
    'a nested field in a list is called otherwise',
    `${inner} repeated Inner v = 2;`,
    'message Inner { int64 z = 1; } repeated Inner v = 2;',
  ),
  one('items become wider', 'repeated int32 v = 2;', 'repeated int64 v = 2;'),
  one('values become wider', 'map<string, int32> v = 2;', 'map<string, int64> v = 2;'),
  one('not packed', 'repeated int32 v = 2;', 'repeated int32 v = 2 [packed = false];'),
];
const fileOf = (fields: string): string =>
  `syntax = "proto3"; package a.b; message Root { int32 id = 1; ${fields} }`;

interface Case {
  readonly rule: string;
  readonly side: 'backward' | 'forward';
  readonly writer: string;
  readonly reader: string;
}
const cases = changes.flatMap(({ rule, from, to }): Case[] => [
  { rule, side: 'backward', writer: fileOf(from), reader: fileOf(to) },
  { rule, side: 'forward', writer: fileOf(to), reader: fileOf(from) },
]);
interface Answer {
  readonly rows: readonly { readonly text: unknown; readonly hex: string; readonly error?: string }[];
}
const python = await formatsPython();
const answers: Answer[] =
  'missing' in python
    ? []
    : (
        await runProgram(
          'python3',
          [join(import.meta.dirname, 'python', 'protobuf_judge.py')],
          cases
            .map(({ writer, reader }) => `${JSON.stringify({ proto: writer, reader, seed: 5, rows: 20 })}\n`)
            .join(''),
          python.env,
        )
      )
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer);

const root = (proto: string): MessageType =>
  new MessageTypes(ProtoSchema.parse(proto, []).types).named('a.b.Root')!;

/** Ours as the judge has it: maps are sorted, and empty lists are nothing. */
function comparable(value: Value, type: LogicalType): unknown {
  if (value === null) return null;
  if (type.kind === 'ROW')
    return { o: type.fields.map((f, i) => [f.name, comparable((value as Row)[i]!, f.type)]) };
  if (type.kind === 'ARRAY') {
    const items = (value as Row).map((item) => comparable(item, type.element));
    return items.length === 0 ? null : items;
  }
  if (type.kind === 'MAP') {
    const entries = (value as MapValue).entries.map(([k, v]) => [String(k), comparable(v, type.value)]);
    return entries.length === 0 ? null : { m: sorted(entries) };
  }
  return judged(value, type);
}
const sorted = (entries: unknown[]): unknown[] =>
  entries.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
/** Numbers without a sign are those of the column's bits, as in Java; a constant that only the writer has is its number to the judge. */
function theirs(value: unknown, type: LogicalType): unknown {
  if (type.kind === 'VARCHAR' && (value === '1' || value === '2')) return value === '1' ? 'B' : 'C';
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item) => theirs(item, (type as { element: LogicalType }).element));
  if ('m' in value && type.kind === 'MAP')
    return { m: sorted((value.m as [string, unknown][]).map(([k, v]) => [k, theirs(v, type.value)])) };
  if ('o' in value && type.kind === 'ROW') {
    const cells = new Map(value.o as [string, unknown][]);
    return { o: type.fields.map((f) => [f.name, theirs(cells.get(f.name), f.type)]) };
  }
  if ('n' in value && (type.kind === 'INT' || type.kind === 'BIGINT'))
    return { n: String(BigInt.asIntN(type.kind === 'INT' ? 32 : 64, BigInt(value.n as string))) };
  return value;
}

describe.skipIf('missing' in python)('another version of a message', () => {
  test.for(cases.map((c, i) => ({ ...c, i })))('$rule, $side', ({ writer, reader, i }) => {
    const own = root(reader);
    const fields = rowsOfMessage(own);
    const settings = { format: 'protobuf-confluent', skipsMalformed: false, defaults: false };
    const decoder = new ProtobufConfluentDecoder(fields, settings, own);
    decoder.learn(1, ProtoSchema.parse(writer, []));
    let read = 0;
    for (const { text, hex, error } of answers[i]!.rows) {
      const message = Buffer.concat([Buffer.of(0, 0, 0, 0, 1, 0), Buffer.from(hex, 'hex')]);
      const rows: Row[] = [];
      const decode = (): void => decoder.decode(message, 0, message.length, (row) => rows.push(row));
      if (error !== undefined) {
        // Bytes that are no UTF-8.
        expect(error).toContain('DecodeError');
        continue;
      }
      // A number that neither version has a name for is an error here, and itself in Python.
      if (
        reader.includes('enum') &&
        !writer.includes('enum') &&
        /\["v","-?\d+"\]/.test(JSON.stringify(text))
      ) {
        expect(decode).toThrow('has no constant');
        continue;
      }
      decode();
      read++;
      expect(comparable(rows[0]!, types.row(fields)), hex).toEqual(theirs(text, types.row(fields)));
    }
    expect(read).toBeGreaterThan(5);
  });
});

/* Every kind of change that Avro's resolution knows, in both directions: what a table whose columns are those of one schema makes of
 * messages of the other is what fastavro makes of them with the first as its reader. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { types, type Field, type LogicalType, type Row } from '#data';
import { AvroSchema, parseAvro, type AvroType } from '#schemas';
import { runProgram } from '../../../tools/clients.ts';
import { formatsPython } from '../../../tools/registry-clients.ts';
import { compileReader } from '../src/avro/compile-reader.ts';
import { AvroCursor } from '../src/avro/cursor.ts';
import { planRows } from '../src/avro/read-plan.ts';
import { readerSchemaText } from '../src/avro/resolved-schema.ts';
import { rowsOfSchema } from '../src/avro/rows-of-schema.ts';
import { judged, type Judged } from './judged-values.ts';

type Json = string | number | null | boolean | readonly Json[] | { readonly [key: string]: Json };
interface Change {
  readonly rule: string;
  readonly from: readonly Json[];
  readonly to: readonly Json[];
  /** Where we read what Avro refuses: with the columns of `to` (backward) or of `from` (forward). */
  readonly more?: { readonly backward?: string; readonly forward?: string };
}
const id = { name: 'id', type: 'int' };
const field = (type: Json, more: { readonly [key: string]: Json } = {}): Json => ({
  name: 'v',
  type,
  ...more,
});
const fixed = (size: number, name = 'F'): Json => ({ type: 'fixed', name, size });
const enumOf = (symbols: readonly string[], more: { readonly [key: string]: Json } = {}): Json => ({
  type: 'enum',
  name: 'E',
  symbols,
  ...more,
});
const inner = (...fields: readonly Json[]): Json => ({ type: 'record', name: 'Inner', fields });
const array = (items: Json): Json => ({ type: 'array', items });
const map = (values: Json): Json => ({ type: 'map', values });
const one = (rule: string, from: Json, to: Json, more: Change['more'] = {}): Change => ({
  rule,
  from: [id, field(from)],
  to: [id, field(to)],
  more,
});
const asText = 'a column STRING or BYTES takes text, bytes, symbols and fixed alike';

const asEmpty = 'an empty list or map has nothing that could not be read, as in Java';

const promotions: Change[] = [
  ['int', 'long'],
  ['int', 'float'],
  ['int', 'double'],
  ['long', 'float'],
  ['long', 'double'],
  ['float', 'double'],
].map(([from, to]) => one(`${from} to ${to}`, from!, to!));

const changes: readonly Change[] = [
  ...promotions,
  ...promotions.map(({ rule, from, to }): Change => {
    const nullable = (fields: readonly Json[]): Json[] => [
      id,
      field(['null', (fields[1] as { type: Json }).type], { default: null }),
    ];
    return { rule: `${rule}, both with null`, from: nullable(from), to: nullable(to) };
  }),
  one('string to bytes', 'string', 'bytes'),
  one('bytes to string', 'bytes', 'string'),
  one('boolean to int', 'boolean', 'int'),
  one('string to int', 'string', 'int'),
  one('int to array', 'int', array('int')),
  one('array to map', array('int'), map('int')),
  one('NOT NULL to nullable', 'int', ['null', 'int']),
  one('NOT NULL int to nullable long', 'int', ['null', 'long']),
  one('null first to null last', ['null', 'int'], ['int', 'null']),
  one('a branch more', ['null', 'int'], ['null', 'int', 'long']),
  one('items become wider', array('int'), array('long'), { forward: asEmpty }),
  one('items become nullable', array('int'), array(['null', 'int'])),
  one('values become wider', map('float'), map('double'), { forward: asEmpty }),
  one('a nested field becomes wider', inner({ name: 'a', type: 'int' }), inner({ name: 'a', type: 'long' })),
  one(
    'a nested field with null as its default',
    inner({ name: 'a', type: 'int' }),
    inner({ name: 'a', type: 'int' }, { name: 'b', type: ['null', 'int'], default: null }),
  ),
  one(
    'a nested field with a default',
    inner({ name: 'a', type: 'int' }),
    inner({ name: 'a', type: 'int' }, { name: 'b', type: 'string', default: 'x' }),
  ),
  one(
    'a nested field with no default',
    inner({ name: 'a', type: 'int' }),
    inner({ name: 'a', type: 'int' }, { name: 'b', type: 'string' }),
  ),
  one(
    'items with a field more',
    array(inner({ name: 'a', type: 'int' })),
    array(inner({ name: 'a', type: 'int' }, { name: 'b', type: 'long', default: 7 })),
  ),
  one('a symbol more', enumOf(['A']), enumOf(['A', 'B']), { forward: asText }),
  one('symbols in another order', enumOf(['A', 'B']), enumOf(['B', 'A'])),
  one('a symbol more, with a default', enumOf(['A', 'X'], { default: 'X' }), enumOf(['A', 'B', 'X'])),
  one('a larger fixed', fixed(2), fixed(3), { backward: asText, forward: asText }),
  one('a fixed of another name', fixed(2, 'F'), fixed(2, 'G'), { backward: asText, forward: asText }),
  ...(
    [
      ['null', ['null', 'int'], null],
      ['a number', 'int', 42],
      ['a long', 'long', -9_007_199_254_740_991],
      ['a double', 'double', 0.5],
      ['text', 'string', 'none'],
      ['bytes', 'bytes', '\u00ff'],
      ['true', 'boolean', true],
      ['a list', array('int'), [1, 2]],
      ['a map', map('string'), { a: 'b' }],
      ['a symbol', enumOf(['A', 'B']), 'B'],
      [
        'a record',
        inner({ name: 'a', type: 'int' }, { name: 'b', type: 'string', default: 'y' }),
        { a: 3, b: 'z' },
      ],
      ['a value of a union', ['string', 'null'], 'first'],
    ] as const
  ).map(
    ([what, type, otherwise]): Change => ({
      rule: `a field with a default: ${what}`,
      from: [id],
      to: [id, field(type, { default: otherwise })],
    }),
  ),
  { rule: 'a field without a default', from: [id], to: [id, field('int')] },
  { rule: 'fields in another order', from: [id, field('string')], to: [field('string'), id] },
  {
    rule: 'a field is called otherwise, with an alias',
    from: [id, { name: 'old', type: 'int' }],
    to: [id, { name: 'v', type: 'long', aliases: ['old'] }],
  },
  {
    rule: 'a field is called otherwise, without an alias',
    from: [id, { name: 'old', type: 'int' }],
    to: [id, { name: 'v', type: 'long' }],
  },
];

const record = (fields: readonly Json[]): Json => ({ type: 'record', name: 'R', fields });
const rootOf = (fields: readonly Json[]): AvroType => parseAvro(JSON.stringify(record(fields)));

interface Answer {
  readonly rows: readonly {
    readonly text: { readonly o: readonly [string, Judged][] } | null;
    readonly hex: string;
    readonly error: string | null;
  }[];
}
interface Case {
  readonly rule: string;
  readonly side: 'backward' | 'forward';
  readonly writer: readonly Json[];
  readonly reader: readonly Json[];
  readonly more: string | undefined;
}
const cases = changes.flatMap(({ rule, from, to, more }): Case[] => [
  { rule, side: 'backward', writer: from, reader: to, more: more?.backward },
  { rule, side: 'forward', writer: to, reader: from, more: more?.forward },
]);
const python = await formatsPython();
const answers: Answer[] =
  'missing' in python
    ? []
    : (
        await runProgram(
          'python3',
          [join(import.meta.dirname, 'python', 'avro_judge.py')],
          cases
            .map(
              ({ writer, reader }) =>
                `${JSON.stringify({ schema: record(writer), reader: record(reader), seed: 3, rows: 12 })}\n`,
            )
            .join(''),
          python.env,
        )
      )
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Answer);

/** What a table gives that took its columns from the reader's schema, or why it gives nothing. */
function read(
  writer: AvroType,
  reader: AvroType,
  hex: string,
): { readonly row: Row } | { readonly why: string } {
  const own = readerSchemaText(new AvroSchema(reader, []));
  const bytes = Buffer.from(hex, 'hex');
  const cursor = new AvroCursor('avro');
  cursor.reset(bytes, 0, bytes.length);
  const plan = planRows(writer, rowsOfSchema(reader, false), own === undefined ? undefined : parseAvro(own));
  try {
    return { row: compileReader(plan)(cursor) };
  } catch (error) {
    return { why: (error as Error).message };
  }
}
/** The judge's value as one of the column's type: Python keeps whole numbers as they are, floats as doubles, and text as text. A default
 *  of bytes stands as text of one byte a character. */
function asColumn(value: Judged, type: LogicalType, isDefault = false): Judged {
  if (typeof value === 'string' && type.kind === 'VARBINARY')
    return judged(Buffer.from(value, isDefault ? 'latin1' : 'utf8'), type);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item: Judged) => asColumn(item, (type as { element: LogicalType }).element));
  if ('b' in value && type.kind === 'VARCHAR') return Buffer.from(value.b, 'hex').toString();
  if ('n' in value && type.kind === 'DOUBLE') return judged(Number(value.n), type);
  if ('f' in value && type.kind === 'FLOAT')
    return judged(Math.fround(Buffer.from(value.f, 'hex').readDoubleBE()), type);
  if ('n' in value && type.kind === 'FLOAT') return judged(Math.fround(Number(value.n)), type);
  if (!('o' in value)) return value;
  if (type.kind === 'MAP') return { o: value.o.map(([key, item]) => [key, asColumn(item, type.value)]) };
  const cells = new Map(value.o);
  const { fields } = type as { fields: readonly Field[] };
  return { o: fields.map((f) => [f.name, asColumn(cells.get(f.name)!, f.type, isDefault)]) };
}

describe.skipIf('missing' in python)('resolution', () => {
  test.for(cases.map((c, i) => ({ ...c, i })))('$rule, $side', ({ rule, writer, reader, more, i }) => {
    const [written, wanted] = [rootOf(writer), rootOf(reader)];
    const row = types.row(rowsOfSchema(wanted, false));
    let readMore = 0;
    for (const { text, hex, error } of answers[i]!.rows) {
      const found = read(written, wanted, hex);
      if (text !== null) {
        const ours = 'row' in found ? judged(found.row, row) : found.why;
        expect(ours, hex).toEqual(asColumn(text, row, rule.includes('default')));
      } else if ('row' in found) {
        expect(
          more,
          `${hex}: ${JSON.stringify(judged(found.row, row))}, and fastavro: ${error}`,
        ).toBeDefined();
        readMore++;
      } else expect(found.why).toMatch(/^malformed avro record: /);
    }
    if (more !== undefined) expect(readMore).toBeGreaterThan(0);
  });
});

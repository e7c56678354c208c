/* Random schemas and rows, and what fastavro makes of them: the same values out of its bytes, the same bytes out of the values;
 * with all columns, with some of them in another order, and with wider types. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ByteWriter, Rng } from '#base';
import { BatchBuilder, types, withNullable, type Field, type LogicalType, type Row } from '#data';
import { parseAvro } from '#schemas';
import { runProgram } from '../../../tools/clients.ts';
import { formatsPython } from '../../../tools/registry-clients.ts';
import { AvroDecoder } from '../src/avro/decoder.ts';
import { AvroEncoder } from '../src/avro/encoder.ts';
import { rowsOfSchema } from '../src/avro/rows-of-schema.ts';
import { fitsFrame } from '../src/scan/slots.ts';
import { judged, type Judged } from './judged-values.ts';
import { avroScanner, scanAll } from './scan-messages.ts';
import { RandomAvroRows } from './random-avro-rows.ts';

const schemaCount = Number(process.env['MILLRACE_AVRO_SCHEMAS'] ?? 150);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_130);

interface Answer {
  readonly rows: readonly {
    readonly text: { readonly o: readonly [string, Judged][] };
    readonly hex: string;
  }[];
}

function decode(decoder: AvroDecoder, bytes: Buffer): Row {
  const rows: Row[] = [];
  decoder.decode(bytes, 0, bytes.length, (row) => rows.push(row));
  return rows[0]!;
}
function encode(encoder: AvroEncoder, fields: readonly Field[], row: Row): Buffer {
  const builder = new BatchBuilder(fields.map((f) => f.type));
  builder.appendRow(row);
  const to = new ByteWriter();
  encoder.encode(builder.build().columns, 0, 0, to);
  return Buffer.from(to.finish());
}
/** What a narrow branch was written as, a wide one may be too: such unions come back as other bytes. */
const hasNumberUnion = (schema: unknown): boolean =>
  /\["int","null","long"\]|\["float","double"\]|\["int","double","null"\]/.test(JSON.stringify(schema));

test('values and bytes are those of fastavro', { timeout: 600_000 }, async ({ skip }) => {
  const python = await formatsPython();
  if ('missing' in python) return skip(python.missing);
  const rng = new Rng(seed);
  const schemas = Array.from({ length: schemaCount }, () => new RandomAvroRows(rng).record());
  const input = schemas
    .map((schema, i) => `${JSON.stringify({ schema, seed: seed + i, rows: 4 })}\n`)
    .join('');
  const output = await runProgram(
    'python3',
    [join(import.meta.dirname, 'python', 'avro_judge.py')],
    input,
    python.env,
  );
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  let written = 0;
  let fused = 0;
  for (const [i, schema] of schemas.entries()) {
    const writer = parseAvro(JSON.stringify(schema));
    const fields = rowsOfSchema(writer, false);
    const decoder = new AvroDecoder(writer, fields);
    const some = fields
      .filter(() => rng.double() < 0.5)
      .map(widened)
      .toReversed();
    const partial = new AvroDecoder(writer, some);
    const encoder = new AvroEncoder(writer, fields, 'avro');
    const messages = answers[i]!.rows.map(({ hex }) => Buffer.from(hex, 'hex'));
    const framed = fields.filter((f) => fitsFrame(f.type));
    const scanned = scanAll(avroScanner(writer, framed), messages, framed);
    fused += scanned.fused;
    for (const [r, { text, hex }] of answers[i]!.rows.entries()) {
      const label = `seed ${seed}, schema ${i}: ${JSON.stringify(schema)} ${hex}`;
      const bytes = messages[r]!;
      const quick = scanned.rows[r];
      if (quick !== undefined)
        expect(judged(quick, types.row(framed)), label).toEqual(asType(text, types.row(framed)));
      const row = decode(decoder, bytes);
      expect(judged(row, types.row(fields)), label).toEqual(asType(text, types.row(fields)));
      if (!hasNumberUnion(schema)) {
        expect(encode(encoder, fields, row).toString('hex'), label).toBe(hex);
        written++;
      }
      expect(judged(decode(partial, bytes), types.row(some)), label).toEqual(asType(text, types.row(some)));
    }
  }
  expect(written).toBeGreaterThan(schemaCount);
  // Most go the fast way; numbers beyond 2^53 do not.
  expect(fused).toBeGreaterThan(schemaCount);
});

const wide = new Map<LogicalType['kind'], LogicalType>([
  ['INT', types.BIGINT],
  ['FLOAT', types.DOUBLE],
]);
const widened = (field: Field): Field => ({
  name: field.name,
  type: withNullable(wide.get(field.type.kind) ?? field.type, field.type.nullable),
});
/** A value of the judge's as one of the column's type: a whole number from a union is a DOUBLE there. */
function asType(value: Judged, type: LogicalType): Judged {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item: Judged) => asType(item, (type as { element: LogicalType }).element));
  if ('n' in value && type.kind === 'DOUBLE') return judged(Number(value.n), type);
  if (!('o' in value)) return value;
  if (type.kind === 'MAP') return { o: value.o.map(([key, item]) => [key, asType(item, type.value)]) };
  const { fields } = type as { fields: readonly Field[] };
  const cells = new Map(value.o);
  return { o: fields.map((f) => [f.name, asType(cells.get(f.name)!, f.type)]) };
}

/* The scanners against the reference, on MILLRACE_SCAN_RECORDS records: every rung gives its answer, whatever stands around a
 * record, and nothing is written but the frame.
 *
 *   records │ starts, ends │ frame │ guard
 *
 * Records and lists are compared with what they were, and the guard with its pattern. */

import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { types, type Value } from '#data';
import type { Region } from '#wasm';
import {
  csvRecord,
  csvValues,
  jsonRecord,
  otherCsvValues,
  recordsFrom,
  type Generator,
} from './scan-records.ts';
import { fields, type Set } from './samples.ts';
import {
  lay,
  lists,
  memory,
  place,
  readingOf,
  referenceOf,
  region,
  scanAll,
  scannerOf,
  type Outcome,
  type Reading,
} from './scan-harness.ts';

/** Records of all tests together. */
const recordsTotal = Number(process.env['MILLRACE_SCAN_RECORDS'] ?? 250_000);
const recordsPerCall = 1000;
const guardBytes = 1 << 14;
const pattern = 0xa7;

/** Takes what lies behind the regions that there are. */
function takeGuard(): Region {
  const guard = memory.allocate(guardBytes)!;
  memory.bytes.fill(pattern, guard.address, guard.address + guard.bytes);
  return guard;
}
function releaseGuard(guard: Region): void {
  const { address, bytes } = guard;
  const written = memory.bytes.subarray(address, address + bytes).findIndex((byte) => byte !== pattern);
  memory.free(guard);
  expect(written).toBe(-1);
}
const copyOf = ({ address }: Region, bytes: number): Buffer =>
  Buffer.from(memory.bytes.subarray(address, address + bytes));

function same(a: Value | undefined, b: Value | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x as Value, b[i] as Value));
  return 'ms' in a && 'ms' in b && a.ms === b.ms && a.ns === b.ns;
}
function agrees(a: Outcome, b: Outcome): boolean {
  if ('error' in a || 'error' in b) return 'error' in a && 'error' in b && a.error === b.error;
  return a.rows.length === b.rows.length && a.rows.every((row, i) => same(row, b.rows[i]));
}

/** What stands between records and behind them. */
const surroundings = ['}"0', '\n', '\r\n', ',', '"', ' ', '5', '\\', '}', '\0', 'é', '{"i":', '""', "'"];

interface Case {
  readonly name: string;
  readonly reading: Reading;
  readonly make: Generator;
}

const jsonFields = fields({
  i: types.INT,
  l: types.BIGINT,
  d: types.DOUBLE,
  m: types.decimal(10, 2),
  t: types.STRING,
  b: types.BOOLEAN,
  ts: types.timestamp(6),
  r: types.row(fields({ x: types.INT, y: types.STRING })),
});
const csvFields = fields({
  i: types.INT,
  l: types.BIGINT,
  d: types.DOUBLE,
  m: types.decimal(10, 2),
  t: types.STRING,
  b: types.BOOLEAN,
  ts: types.timestamp(6),
  day: types.DATE,
  last: types.STRING,
});
/** Types that are less common, over the same values. */
const others = {
  i: types.TINYINT,
  l: types.SMALLINT,
  d: types.FLOAT,
  m: types.decimal(30, 5),
  t: types.char(3),
  b: types.STRING,
  ts: types.timestampLtz(3),
};
const json = (name: string, set: Set = {}, columns = jsonFields): Case => ({
  name: `json, ${name}`,
  reading: readingOf('json', columns, set),
  make: jsonRecord,
});
const csv = (
  name: string,
  set: Set = {},
  columns = csvFields,
  { record = csvFields, delimiter = ',', quote = '"', values = csvValues } = {},
): Case => ({
  name: `csv, ${name}`,
  reading: readingOf('csv', columns, set, record),
  make: csvRecord(delimiter, quote, values),
});
const csvOthers = fields({ ...others, day: types.time(3), last: types.STRING });
const cases: readonly Case[] = [
  json('plainly'),
  json('ignoring errors', { 'ignore-parse-errors': 'true' }),
  json('ISO times', { 'timestamp-format.standard': 'ISO-8601' }),
  json('numbers as text', { 'ignore-parse-errors': 'true' }, fields({ l: types.STRING, d: types.STRING })),
  json('few columns', {}, jsonFields.slice(4, 6)),
  json('other types', { 'ignore-parse-errors': 'true' }, fields(others)),
  csv('plainly'),
  csv('ignoring errors', { 'ignore-parse-errors': 'true' }),
  csv('NULL and comments', { 'null-literal': '', 'allow-comments': 'true' }),
  csv('escapes', { 'escape-character': '\\', 'ignore-parse-errors': 'true', 'null-literal': 'a' }),
  csv('few columns', { 'quote-character': "'" }, csvFields.slice(4, 6), { quote: "'" }),
  csv('other types', { 'ignore-parse-errors': 'true', 'null-literal': 'a' }, csvOthers, {
    record: csvOthers,
    values: otherCsvValues,
  }),
  csv('tabs, no quotes', { 'field-delimiter': '\\t', 'disable-quote-character': 'true' }, csvFields, {
    delimiter: '\t',
    quote: '|',
  }),
];

const stackTraceLimit = Error.stackTraceLimit;
Error.stackTraceLimit = 0;
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

let seed = 1;
for (const { name, reading, make } of cases) {
  test(`${name}: every rung gives the reference's answer`, { timeout: 120_000 }, () => {
    const rng = new Rng(seed++);
    const scanner = scannerOf(reading, 700)!;
    const guard = takeGuard();
    const reference = referenceOf(reading);
    const calls = Math.ceil(recordsTotal / cases.length / recordsPerCall);
    let wrong = 0;
    for (let call = 0; call < calls; call++) {
      const records = recordsFrom(make, recordsPerCall, rng);
      const around = Buffer.from(rng.pick(surroundings));
      const used = lay(records, around);
      const before = [copyOf(region, used), copyOf(lists, lists.bytes)];
      const found = scanAll(reading, records, scanner, reference);
      for (let i = 0; i < records.length; i++) {
        const expected = reference(records[i]!);
        if (agrees(found[i]!, expected)) continue;
        wrong++;
        expect({ record: records[i]!.toString(), around: around.toString(), ...found[i]! }).toEqual(expected);
      }
      expect([copyOf(region, used), copyOf(lists, lists.bytes)].every((b, i) => b.equals(before[i]!))).toBe(
        true,
      );
    }
    releaseGuard(guard);
    const { fused, generic, reference: slow } = scanner.counts;
    scanner.release();
    expect(wrong).toBe(0);
    const share = (rows: number): number => rows / (calls * recordsPerCall);
    const shares = JSON.stringify({ fused: share(fused), generic: share(generic), reference: share(slow) });
    expect(Math.min(share(fused), share(generic)), shares).toBeGreaterThan(0.05);
    expect(share(slow), shares).toBeGreaterThan(0.002);
  });
}

test('more unescaped text than a frame holds ends a batch, and nothing is written over', () => {
  const long = 'x'.repeat(6000);
  const number = fields({ n: types.INT, t: types.STRING, m: types.INT });
  const records = {
    json: (i: number) => `{"n":${i},"t":"\\n${long}","m":${i}}`,
    csv: (i: number) => `${i},"${long}""",${i}`,
  };
  for (const [format, record] of Object.entries(records)) {
    const reading = readingOf(format, number);
    const scanner = scannerOf(reading, 700)!;
    const guard = takeGuard();
    const all = Array.from({ length: 700 }, (_, i) => Buffer.from(record(i)));
    lay(all);
    const reference = referenceOf(reading);
    const found = scanAll(reading, all, scanner, reference);
    expect(found.every((outcome, i) => agrees(outcome, reference(all[i]!)))).toBe(true);
    scanner.release();
    releaseGuard(guard);
  }
});

test('nothing is searched behind a record: the memory may end there', () => {
  const open = {
    json: [
      '{"n":1,"t":"a',
      '{"n":1,"t":"a\\',
      '{ "t',
      '{"n":',
      '{"other":"a',
      '{"other":["a',
      '{"t":"',
      '{"n":1',
      ' ',
    ],
    csv: ['1,a', '1,"a', '1,"a""', '"1', '1,"', '1', '"', 'é'],
  };
  for (const [format, texts] of Object.entries(open)) {
    const reading = readingOf(format, fields({ n: types.INT, t: types.STRING }));
    const reference = referenceOf(reading);
    const scanner = scannerOf(reading, 16)!;
    for (const text of texts) {
      const record = Buffer.from(text);
      const end = memory.bytes.length - 64;
      lay([record]);
      place.starts[0] = end - record.length;
      place.ends[0] = end;
      memory.bytes.set(record, place.starts[0]);
      const [found] = scanAll(reading, [record], scanner, reference);
      expect(agrees(found!, reference(record)), text).toBe(true);
    }
    scanner.release();
  }
});

/* The scanners against the reference: every record, as it is, changed or cut, gives the same rows or the
 * same error. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { notNull, types, type Field } from '#data';
import { odd } from './odd-values.ts';
import { fields, type Set } from './samples.ts';
import { agree as agreeOn, memory, readingOf, scannerOf } from './scan-harness.ts';

const agree = (columns: readonly Field[], records: readonly Uint8Array[], set: Set = {}) =>
  agreeOn(readingOf('json', columns, set), records);

const bid = fields({
  auction: types.BIGINT,
  bidder: types.BIGINT,
  price: types.BIGINT,
  channel: types.STRING,
  url: types.STRING,
  dateTime: types.timestamp(3),
  extra: types.STRING,
});
const nexmark = fields({ event_type: types.INT, bid: types.row(bid) });
function event(i: number): string {
  if (i % 50 === 0) {
    const person = `{"id":${i},"name":"p \\"q\\"","tags":[1,{"x":null}]}`;
    return `{"event_type":0,"person":${person},"auction":null,"bid":null}`;
  }
  const time = `2024-01-01 00:0${i % 10}:${10 + (i % 50)}.${100 + (i % 900)}`;
  const url = `https://www.nexmark.com/a/b/c/item.htm?query=1&channel_id=${i}`;
  const numbers = `"auction":${1000 + i},"bidder":${i * 7},"price":${i ** 3}`;
  const texts = `"channel":"Google","url":"${url}","dateTime":"${time}","extra":"${'x'.repeat(i % 40)}"`;
  return `{"event_type":2,"person":null,"auction":null,"bid":{${numbers},${texts}}}`;
}

test('records in one order take the fused scanner, others the generic one', () => {
  const records = Array.from({ length: 400 }, (_, i) => Buffer.from(event(i)));
  expect(agree(nexmark, records)).toEqual({ fused: 400, generic: 0, reference: 0 });
  const spaced = records.map((r) => Buffer.from(JSON.stringify(JSON.parse(r.toString()), null, 1)));
  expect(agree(nexmark, spaced).generic).toBe(400);
});

test('what stands around records decides nothing, and keeps none from its rung', () => {
  const texts = [
    '{"a":12}',
    '{ "a":12 }',
    ' {"a":1}\t',
    '{"a":[1]}',
    '{"a":1',
    '{"a":1} x',
    '{"a":"1"}',
    '{"b":[{}]}',
  ];
  const columns = fields({ a: types.INT });
  const reading = readingOf('json', columns);
  const records = texts.map((t) => Buffer.from(t));
  for (const around of ['}"0', '\n', ' ', ',', '}', '"', '5', '\\', '{"a":3}', '\u0000'])
    expect(agreeOn(reading, records, Buffer.from(around)), around).toEqual({
      fused: 3,
      generic: 2,
      reference: 1,
    });
});

test('types that scanners do not take', () => {
  const none = (type: Field['type']): unknown => scannerOf(readingOf('json', fields({ a: type })), 16);
  expect(
    [
      types.array(types.INT),
      types.BYTES,
      types.map(types.STRING, types.INT),
      types.row(fields({ x: types.array(types.INT) })),
    ].map(none),
  ).toEqual([undefined, undefined, undefined, undefined]);
});

const everything = fields({
  b: types.BOOLEAN,
  t: types.TINYINT,
  s: types.SMALLINT,
  i: types.INT,
  l: types.BIGINT,
  f: types.FLOAT,
  d: types.DOUBLE,
  m: types.decimal(10, 2),
  w: types.decimal(30, 5),
  x: types.STRING,
  day: types.DATE,
  time: types.time(3),
  ts: types.timestamp(3),
  ts9: types.timestamp(9),
  z: types.timestampLtz(6),
  r: types.row(fields({ x: types.INT, ék: types.STRING })),
  need: notNull(types.INT),
});
const number = fc.oneof(
  fc.integer({ min: -200, max: 200 }).map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  fc.tuple(fc.integer(), fc.nat({ max: 999_999 })).map(([a, b]) => `${a}.${b}`),
);
/** Decimals that round to a double halfway between two floats, but do not lie there. */
const nearTies = Array.from({ length: 4000 }, (_, i) => (0x1000001 + 2 * i * 977) * 2 ** -(24 + (i % 4)))
  .map((tie) => ({ tie, text: tie.toPrecision(16) }))
  .filter(({ tie, text }) => Number(text) === tie && !text.includes('e'))
  .filter(({ text }) => Number(text.replace('.', '').replace(/^0+/, '')) < 2 ** 53)
  .map(({ text }) => text)
  .slice(0, 40);
const string = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 8 }))
  .map((s) => JSON.stringify(s));
const anyOdd = fc.constantFrom(...Object.values(odd).flat());
const anyValue = fc.oneof(number, string, anyOdd);
const names = [...everything.map((f) => f.name), 'unknown', 'x"y'];
const space = fc.constantFrom('', '', '', ' ', '\n\t', '\r\n  ', '\u000b');
const record = fc
  .tuple(
    fc.shuffledSubarray(names, { minLength: 0 }),
    fc.array(anyValue, { minLength: 20, maxLength: 20 }),
    fc.array(space, { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([keys, cells, [a, b, c, d], withNeed]) => {
    const all = withNeed && !keys.includes('need') ? [...keys, 'need'] : keys;
    const members = all.map(
      (k, i) => `${JSON.stringify(k)}${a}:${b}${k === 'need' && i % 3 > 0 ? '7' : cells[i % 20]}`,
    );
    return `${d}{${a}${members.join(`${c},${b}`)}${c}}${d}`;
  });
const escaped = fc.string({ unit: 'grapheme', maxLength: 30 }).map((s) => JSON.stringify(s));
const stamp = (zone: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      fc.nat({ max: 9 }),
      fc.nat({ max: 999_999_999 }),
    )
    .map(([d, digits, nanos]) => {
      const fraction = digits === 0 ? '' : `.${String(nanos).padStart(9, '0').slice(0, digits)}`;
      return `"${d.toISOString().slice(0, 19).replace('T', ' ')}${fraction}${zone}"`;
    });
const whole = (bits: number): fc.Arbitrary<string> =>
  fc.integer({ min: -(2 ** bits), max: 2 ** bits - 1 }).map(String);
const point = fc
  .tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.nat({ max: 99 }))
  .map(([a, b]) => `${a}.${String(b).padStart(2, '0')}`);
/** Each value where it belongs; then one or two fields may get something odd. */
const good = fc
  .tuple(
    fc.record({
      b: fc.constantFrom('true', 'false', 'null'),
      t: whole(7),
      s: whole(15),
      i: whole(31),
      l: fc.maxSafeInteger().map(String),
      f: point,
      d: point,
      m: point,
      w: point,
      x: fc.oneof(escaped, fc.constant('"plain"')),
      day: fc.constantFrom('"2024-02-29"', '"1969-12-31"', 'null'),
      time: fc.constantFrom('"12:00:01"', '"23:59:59.999"'),
      ts: stamp(''),
      ts9: stamp(''),
      z: stamp('Z'),
      r: fc.constantFrom('null', '{"x":5,"ék":"v"}', '{"x":5}', '{}'),
      need: fc.constant('7'),
    }),
    fc.array(fc.tuple(fc.nat({ max: everything.length - 1 }), anyValue), { maxLength: 2 }),
  )
  .map(([r, odd]) => {
    const cells = new Map(Object.entries(r));
    for (const [field, value] of odd) cells.set(everything[field]!.name, value);
    return `{${[...cells].map(([k, v]) => `"${k}":${v}`).join(',')}}`;
  });

const mutated = fc
  .tuple(
    fc.oneof(record, good),
    fc.nat(),
    fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(34, 92, 44, 58, 123, 125, 91, 93, 48, 45, 46, 32),
    ),
    fc.nat({ max: 5 }),
  )
  .map(([text, at, byte, how]) => {
    const bytes = Buffer.from(text);
    const i = at % Math.max(1, bytes.length);
    if (how === 0) return bytes.subarray(0, i);
    if (how === 1) return Buffer.concat([bytes.subarray(0, i), Buffer.from([byte]), bytes.subarray(i)]);
    if (how === 2) return Buffer.concat([bytes.subarray(0, i), bytes.subarray(i + 1)]);
    if (how === 3) return bytes;
    bytes[i] = byte;
    return bytes;
  });

describe('the scanners agree with the reference', () => {
  const sets: Record<string, Set> = {
    plainly: {},
    'ignoring errors': { 'ignore-parse-errors': 'true' },
    'with ISO timestamps': { 'timestamp-format.standard': 'ISO-8601' },
    'failing on missing fields': { 'fail-on-missing-field': 'true' },
  };
  for (const [name, set] of Object.entries(sets)) {
    test(`on generated and damaged records, ${name}`, () => {
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              mutated,
              mutated,
              good.map((g) => Buffer.from(g)),
            ),
            { minLength: 1, maxLength: 12 },
          ),
          (records) => {
            agree(everything, records, set);
          },
        ),
        { numRuns: 150 },
      );
    });
  }
  for (const [name, set] of Object.entries(sets)) {
    test(`on every odd value in every column, ${name}`, () => {
      const base: Record<string, string> = {
        b: 'true',
        t: '1',
        s: '2',
        i: '3',
        l: '4',
        f: '0.5',
        d: '1.5',
        m: '2.50',
        w: '3.5',
        x: '"x"',
        day: '"2024-01-01"',
        time: '"12:00:00"',
        ts: '"2024-01-01 00:00:00"',
        ts9: '"2024-01-01 00:00:00"',
        z: '"2024-01-01 00:00:00Z"',
        r: '{"x":1,"ék":"k"}',
        need: '1',
        more: '0',
      };
      const join = set['timestamp-format.standard'] === 'ISO-8601' ? 'T' : ' ';
      const text = (cells: Record<string, string>, gap: string): Buffer =>
        Buffer.from(
          `{${Object.entries(cells)
            .map(
              ([k, v]) => `"${k}":${gap}${v.replace(/^("2024-01-01) 00:00:00(Z?")$/, `$1${join}00:00:00$2`)}`,
            )
            .join(',')}}`,
        );
      for (const gap of ['', ' ']) {
        for (const column of Object.keys(base)) {
          agree(
            everything,
            Object.values(odd)
              .flat()
              .map((value) => text({ ...base, [column]: value }, gap)),
            set,
          );
        }
      }
    });
  }
  test('most good records are taken by the scanners, so that the above tests them', () => {
    const texts = fc.sample(good, { numRuns: 400, seed: 1 });
    const records = texts.map((text, i) => Buffer.from(i % 2 === 0 ? text : text.replace('{', '{ ')));
    const { fused, generic, reference } = agree(everything, records);
    expect(fused).toBeGreaterThan(60);
    expect(generic).toBeGreaterThan(60);
    expect(reference).toBeGreaterThan(20);
  });
  test('on damaged Nexmark records', () => {
    const nearly = fc
      .tuple(fc.nat({ max: 60 }), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([i, at, byte]) => {
        const bytes = Buffer.from(event(i));
        bytes[at % bytes.length] = byte;
        return bytes;
      });
    const clean = fc.nat({ max: 60 }).map((i) => Buffer.from(event(i)));
    fc.assert(
      fc.property(fc.array(fc.oneof(nearly, clean), { minLength: 1, maxLength: 30 }), (records) => {
        agree(nexmark, records);
      }),
      { numRuns: 200 },
    );
  });
});

test('floats are rounded once', () => {
  expect(nearTies.length).toBeGreaterThan(20);
  agree(
    fields({ x: types.FLOAT }),
    nearTies.map((text) => Buffer.from(`{"x":${text}}`)),
  );
});

test('a field that comes twice, and names with escapes, are for the reference', () => {
  const twice = [
    '{"r":{"x":1},"r":{}}',
    '{"r":{"x":1},"r":null}',
    '{"r":null,"r":{"x":1}}',
    '{"i":1,"i":2}',
    '{"i":1,"i":null}',
    '{"\\u0069":5}',
  ];
  const columns = fields({ i: types.INT, r: types.row(fields({ x: types.INT, y: types.INT })) });
  expect(
    agree(
      columns,
      twice.map((text) => Buffer.from(text)),
    ).reference,
  ).toBe(6);
  expect(
    agree(fields({ 'a"b': types.INT }), [Buffer.from('{"a\\"b":1}'), Buffer.from('{ "a\\"b":1}')]),
  ).toEqual({ fused: 1, generic: 0, reference: 1 });
});

test('text that is not UTF-8 is malformed, whether it is read or not', () => {
  const odds = [
    'ff',
    'c3',
    'c328',
    'c080',
    'c1bf',
    'e08080',
    'e09fbf',
    'eda080',
    'edbfbf',
    'f0808080',
    'f08fbfbf',
    'f4908080',
    'f5808080',
    '80',
    'e282',
  ];
  const evens = ['c3a9', 'df80', 'e0a080', 'ed9fbf', 'ee8080', 'efbfbf', 'f0908080', 'f48fbfbf'];
  for (const gap of ['', ' ']) {
    for (const name of ['x', 'y']) {
      const records = [...odds, ...evens].flatMap((hex) =>
        ['', 'a'.repeat(20), '\\n'].map((more) =>
          Buffer.concat([
            Buffer.from(`{"${name}":${gap}"${more}`),
            Buffer.from(hex, 'hex'),
            Buffer.from(`${more}"}`),
          ]),
        ),
      );
      const { fused, generic } = agree(fields({ x: types.STRING }), records);
      expect(fused + generic).toBeGreaterThan(15);
    }
  }
});

test('a frame that was used before does not remember a minute wrongly', () => {
  const nul = Buffer.from(`{"t":"${'\0'.repeat(16)}:00"}`);
  const clean = memory.allocate(1 << 23)!;
  memory.bytes.fill(0, clean.address, clean.address + clean.bytes);
  memory.free(clean);
  agree(fields({ t: types.timestamp(3) }), [nul]);
});

test('the generic scanner undoes escapes itself', () => {
  const texts = ['"\\n"', '"a\\u00e9\\/b"', '"\\u0041"', '"\\u20ac"', '"\\"\\\\\\b\\f\\r\\t"'];
  const records = texts.map((x) => Buffer.from(`{"x":${x}}`));
  expect(agree(fields({ x: types.STRING }), records)).toEqual({
    fused: 0,
    generic: texts.length,
    reference: 0,
  });
});

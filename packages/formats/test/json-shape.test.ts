/* What the fused rung of the JSON scanner learns from the first records, so that common data stays on it. */

import { describe, expect, test } from 'vitest';
import { notNull, types, type Field } from '#data';
import { nexmarkEvent } from '../../../bench/nexmark/events.ts';
import { Rng } from '#base';
import { fields, type Set } from './samples.ts';
import { agree, lay, place, readingOf, scannerOf } from './scan-harness.ts';

const rungs = (columns: readonly Field[], records: readonly string[], set: Set = {}) =>
  agree(
    readingOf('json', columns, set),
    records.map((r) => Buffer.from(r)),
  );
const times = (n: number, record: (i: number) => string): string[] =>
  Array.from({ length: n }, (_, i) => record(i));
const fused = (n: number) => ({ fused: n, generic: 0, reference: 0 });

const event = fields({
  type: types.STRING,
  a: types.INT,
  b: types.INT,
  inner: types.row(fields({ x: types.INT, y: types.STRING, z: types.BOOLEAN })),
});

describe('stays on the fused rung', () => {
  test('keys that are missing in some records', () => {
    const all = ['"type":"t"', '"a":1', '"b":2', '"inner":{"x":1,"y":"s","z":true}', '"other":[1,{}]'];
    const records = times(32, (mask) => `{${all.filter((_, i) => (mask >> i) & 1).join(',')}}`);
    expect(rungs(event, [...records, ...records])).toEqual(fused(64));
  });
  test('keys that are missing in nested objects, and objects that are null', () => {
    const inner = ['"x":1', '"y":"s"', '"z":false', '"w":null'];
    const some = (mask: number): string => `{${inner.filter((_, i) => (mask >> i) & 1).join(',')}}`;
    const records = times(48, (i) => `{"type":"t","inner":${i % 3 === 0 ? 'null' : some(i % 16)},"b":${i}}`);
    expect(rungs(event, records)).toEqual(fused(48));
  });
  test('records of several kinds, each with its own keys', () => {
    const kinds = [
      '{"type":"a","a":1}',
      '{"type":"b","b":2,"more":"x"}',
      '{"type":"c","inner":{"y":"s"}}',
      '{}',
    ];
    expect(
      rungs(
        event,
        times(60, (i) => kinds[i % 4]!),
      ),
    ).toEqual(fused(60));
  });
  test('numbers in quotes, with exponents, and as text', () => {
    const columns = fields({ n: types.BIGINT, d: types.DOUBLE, m: types.decimal(10, 2), t: types.STRING });
    const kinds = [
      '{"n":"12","d":"1.5","m":"2.50","t":7}',
      '{"n":12,"d":1.5e-7,"m":2.5,"t":"x"}',
      '{"n":"-3","d":-25E+3,"m":"0.01","t":-1.50}',
      '{"n":0,"d":1e22,"m":1,"t":1e3}',
    ];
    expect(
      rungs(
        columns,
        times(40, (i) => kinds[i % 4]!),
      ),
    ).toEqual(fused(40));
    const set = { 'decode.json-parser.enabled': 'false' };
    expect(
      rungs(
        columns,
        times(4, (i) => kinds[i % 4]!),
        set,
      ).reference,
    ).toBe(3);
  });
  test('whole numbers that are written with a fraction', () => {
    const columns = fields({ i: types.INT, l: types.BIGINT });
    const kinds = ['{"i":5.0,"l":-7.9}', '{"i":-0.5,"l":9007199254740990.5}', '{"i":2147483646.99,"l":0.0}'];
    expect(rungs(columns, kinds)).toEqual(fused(3));
    const odd = [
      '{"i":2147483647.0}',
      '{"l":9007199254740991.5}',
      '{"i":"5.0"}',
      '{"i":5.}',
      '{"i":5.0e1}',
      '{"i":5.0.0}',
    ];
    expect(rungs(columns, odd).fused).toBe(0);
    expect(rungs(fields({ t: types.TINYINT, s: types.SMALLINT }), ['{"t":1.0}', '{"s":1.0}']).fused).toBe(0);
  });
  test('every Nexmark event', () => {
    const rng = new Rng(3);
    const events = times(3000, (i) => nexmarkEvent(i, rng));
    const text = types.STRING;
    const time = types.timestamp(3);
    const id = types.BIGINT;
    const person = fields({
      id,
      name: text,
      emailAddress: text,
      creditCard: text,
      city: text,
      state: text,
      dateTime: time,
      extra: text,
    });
    const auction = fields({
      id,
      itemName: text,
      description: text,
      initialBid: id,
      reserve: id,
      dateTime: time,
      expires: time,
      seller: id,
      category: id,
      extra: text,
    });
    const bid = fields({
      auction: id,
      bidder: id,
      price: id,
      channel: text,
      url: text,
      dateTime: time,
      extra: text,
    });
    const columns = fields({
      event_type: types.INT,
      person: types.row(person),
      auction: types.row(auction),
      bid: types.row(bid),
    });
    expect(rungs(columns, events)).toEqual(fused(3000));
    expect(rungs(columns.slice(0, 2), events)).toEqual(fused(3000));
    expect(rungs(columns.slice(3), events)).toEqual(fused(3000));
  });
});

test('keys that must be there are missed: on no rung but the reference', () => {
  const columns = fields({ a: notNull(types.INT), b: types.INT });
  const records = times(40, (i) => (i % 2 === 0 ? '{"a":1,"b":2}' : '{"b":2}'));
  expect(rungs(columns, records)).toEqual(fused(20));
  expect(rungs(event, ['{"a":1}'], { 'fail-on-missing-field': 'true' })).toEqual(fused(0));
});

test('what is between keys is checked, wherever keys may be missing', () => {
  const good = ['{"a":1}', '{"b":2}', '{"a":1,"b":2}', '{}', '{"inner":{"y":"s"},"b":1}'];
  const broken = [
    '{,"a":1}',
    '{,"b":2}',
    '{"a":1{"b":2}',
    '{"a":1"b":2}',
    '{"a":1,}',
    '{"b":2,}',
    '{,}',
    '{',
    '{"a":1',
    '{{"a":1}',
    '{"b":2,"a":1}',
    '{"a":1,"a":2}',
    '{"inner":{,"y":"s"}}',
    '{"inner":{"x":1{"y":"s"}}',
    '{"inner":{"y":"s",}}',
    '{"inner":}',
  ];
  expect(rungs(event, [...good, ...broken, ...good]).fused).toBe(10);
});

test('a shape that the data no longer shows is learnt anew, also when the counters are taken away', () => {
  const scanner = scannerOf(readingOf('json', fields({ a: types.INT, b: types.INT })), 4096)!;
  let missed = 0;
  const run = (text: string): void => {
    lay(times(1000, () => text).map((t) => Buffer.from(t)));
    scanner.begin();
    expect(scanner.scan(place, 0, 1000)).toBe(1000);
    missed += scanner.counts.generic;
    scanner.counts.fused = scanner.counts.generic = 0;
  };
  run('{"a":1,"b":2}');
  for (let i = 0; i < 60; i++) run('{"b":2,"a":1}');
  expect(missed).toBeLessThan(6000);
  scanner.release();
});

/* What of messages and schemas does not fit a table's columns. */

import { expect, test } from 'vitest';
import { notNull, types } from '#data';
import { parseOptions } from '#catalog';
import { findFormat, FormatOptions, schemaDrift, type Drift } from '#formats';

const columns = [
  { name: 'id', type: notNull(types.BIGINT) },
  { name: 'name', type: types.STRING },
  { name: 'at', type: types.timestamp(3) },
  {
    name: 'place',
    type: types.row([
      { name: 'city', type: types.STRING },
      { name: 'tags', type: types.array(types.STRING) },
    ]),
  },
];
const noOptions = new FormatOptions(parseOptions({ owner: 'csv', specs: findFormat('csv').options }, []), '');
const inspector = findFormat('json').drift!(columns, noOptions);
const driftOf = (text: string): readonly Drift[] => {
  const bytes = new TextEncoder().encode(`..${text}..`);
  return inspector.inspect(bytes, 2, bytes.length - 2);
};
const whole = { id: 1, name: 'a', at: '2024-01-01 00:00:00', place: { city: 'x', tags: [] } };
const json = (more: object): readonly Drift[] => driftOf(JSON.stringify({ ...whole, ...more }));

test('a message that fits has none', () => {
  expect(json({})).toEqual([]);
  expect(json({ id: '17', name: null, place: null })).toEqual([]);
  expect(driftOf(JSON.stringify([whole, whole]))).toEqual([]);
});

test.each([
  [{ extra: { a: 1 } }, [{ kind: 'unknown', path: 'extra', sample: '{"a":1}', type: types.STRING }]],
  [
    { place: { city: 'x', tags: [], zip: 7 } },
    [{ kind: 'unknown', path: 'place.zip', sample: '7', type: types.BIGINT, noColumn: true }],
  ],
  [{ extra: null }, [{ kind: 'unknown', path: 'extra', sample: 'null' }]],
  [{ extra: false }, [{ kind: 'unknown', path: 'extra', sample: 'false', type: types.BOOLEAN }]],
  [{ extra: 0.5 }, [{ kind: 'unknown', path: 'extra', sample: '0.5', type: types.DOUBLE }]],
  [{ id: 'seventeen' }, [{ kind: 'type', path: 'id', sample: '"seventeen"' }]],
  [{ id: true }, [{ kind: 'type', path: 'id', sample: 'true' }]],
  [{ name: 5 }, [{ kind: 'type', path: 'name', sample: '5' }]],
  [{ at: 1_700_000_000 }, [{ kind: 'type', path: 'at', sample: '1700000000' }]],
  [{ place: 'here' }, [{ kind: 'type', path: 'place', sample: '"here"' }]],
  [{ place: { city: 'x', tags: 'none' } }, [{ kind: 'type', path: 'place.tags', sample: '"none"' }]],
  [{ place: { tags: [] } }, [{ kind: 'missing', path: 'place.city', sample: '' }]],
])('%j', (more, expected) => {
  expect(json(more)).toEqual(expected);
});

test('a long value is shown in short; what is no JSON object is another matter', () => {
  const [drift] = json({ extra: 'x'.repeat(500) });
  expect(drift!.sample.length).toBeLessThan(70);
  for (const text of ['', 'null', '7', '[1,2]', '{"id":', 'x']) expect(driftOf(text)).toEqual([]);
});

test('a schema beside the columns', () => {
  expect(schemaDrift(columns, columns)).toEqual([]);
  const written = [
    { name: 'id', type: types.INT },
    { name: 'name', type: notNull(types.varchar(20)) },
    { name: 'place', type: types.row([{ name: 'city', type: types.STRING }]) },
    { name: 'extra', type: types.DOUBLE },
  ];
  expect(schemaDrift(written, columns)).toEqual([
    { kind: 'type', path: 'id', sample: 'INT' },
    { kind: 'missing', path: 'place.tags', sample: '' },
    { kind: 'unknown', path: 'extra', sample: 'DOUBLE', type: types.DOUBLE },
    { kind: 'missing', path: 'at', sample: '' },
  ]);
});

test.each([
  ['1,a,true,0.5', []],
  ['', []],
  ['"unclosed', []],
  [',,,', []],
  ['x,a,true,1e3', [{ kind: 'type', path: 'id', sample: '"x"' }]],
  [
    '1,a,yes,none',
    ['ok', 'rate'].map((path, i) => ({ kind: 'type', path, sample: i === 0 ? '"yes"' : '"none"' })),
  ],
  ['1,a', ['ok', 'rate'].map((path) => ({ kind: 'missing', path, sample: '' }))],
  ['1,a,true,2,"m,n"', [{ kind: 'unknown', path: 'cell 5', sample: '"m,n"', noColumn: true }]],
])('csv: %s', (text, expected) => {
  const cells = [
    { name: 'id', type: types.BIGINT },
    { name: 'name', type: types.STRING },
    { name: 'ok', type: types.BOOLEAN },
    { name: 'rate', type: types.DOUBLE },
  ];
  const bytes = new TextEncoder().encode(text);
  expect(findFormat('csv').drift!(cells, noOptions).inspect(bytes, 0, bytes.length)).toEqual(expected);
});

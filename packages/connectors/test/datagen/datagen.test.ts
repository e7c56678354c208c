import { expect, test } from 'vitest';
import { UserError } from '#base';
import { parseOptions } from '#catalog';
import { types, type Field, type Row } from '#data';
import { SimWorld } from '#testkit';
import { datagenConnector } from '../../src/datagen/descriptor.ts';
import { datagenRuntime } from '../../src/datagen/runtime.ts';
import { connectorTable, readRows, rowsOf, sourceContext, type TestTable } from '../contexts.ts';
import { sourceContract } from '../contract/source.ts';

const everyType: readonly Field[] = [
  { name: 'id', type: types.BIGINT },
  { name: 'ok', type: types.BOOLEAN },
  { name: 'tiny', type: types.TINYINT },
  { name: 'n', type: types.INT },
  { name: 'big', type: types.BIGINT },
  { name: 'f', type: types.FLOAT },
  { name: 'd', type: types.DOUBLE },
  { name: 'price', type: types.decimal(38, 2) },
  { name: 'c', type: types.char(3) },
  { name: 's', type: types.STRING },
  { name: 'v', type: types.varchar(12) },
  { name: 'b', type: types.BYTES },
  { name: 'months', type: types.yearMonth() },
  { name: 'span', type: types.dayTime() },
  {
    name: 'r',
    type: types.row([
      { name: 'x', type: types.INT },
      { name: 'y', type: types.array(types.INT) },
    ]),
  },
  { name: 'm', type: types.map(types.STRING, types.INT) },
  { name: 'bag', type: types.multiset(types.INT) },
];
const fast = { 'rows-per-second': '1000000000', 'millrace.seed': '7' };
const everyOption = {
  ...fast,
  'number-of-rows': '9000',
  'fields.id.kind': 'sequence',
  'fields.id.start': '100',
  'fields.id.end': '1000000',
  'fields.r.x.min': '1',
  'fields.r.x.max': '3',
  'fields.r.y.length': '2',
  'fields.r.y.element.max': '9',
  'fields.r.y.element.min': '0',
  'fields.m.key.length': '4',
  'fields.n.null-rate': '0.5',
  'fields.v.var-len': 'true',
  'fields.price.min': '-1',
  'fields.price.max': '12.5',
};

sourceContract('datagen', async () => ({
  table: { fields: everyType, options: everyOption },
  runtime: datagenRuntime,
  rows: 9000,
  ordered: true,
  close: async () => {},
}));

/** All rows of a table that ends, the clock moving as the source asks for it. */
async function generate(table: TestTable, world = new SimWorld(1)): Promise<Row[]> {
  const { context, told } = sourceContext(world, table);
  const source = datagenRuntime.createSource!(context);
  await source.open(undefined);
  const rows: Row[] = [];
  for (let polled = source.poll(); polled.kind !== 'end'; polled = source.poll()) {
    if (polled.kind === 'batch') rows.push(...rowsOf([polled.batch], table.fields));
    if (polled.kind === 'wait') world.moveTo(world.nextTimer);
  }
  expect(told.warnings).toEqual([]);
  return rows;
}

test('values keep to the options of their fields', async () => {
  const rows = await generate({ fields: everyType, options: everyOption });
  const cell = (name: string): Row => rows.map((r) => r[everyType.findIndex((f) => f.name === name)]!);
  expect(cell('id').slice(0, 3)).toEqual([100n, 101n, 102n]);
  expect(cell('n').filter((v) => v === null).length / rows.length).toBeCloseTo(0.5, 1);
  expect(cell('c').every((v) => /^[0-9a-f]{3}$/.test(String(v)))).toBe(true);
  expect(cell('s').every((v) => String(v).length === 100)).toBe(true);
  expect(new Set(cell('v').map((v) => String(v).length)).size).toBe(12);
  expect(cell('price').every((v) => (v as bigint) >= -100n && (v as bigint) <= 1250n)).toBe(true);
  const nested = cell('r') as [number, number[]][];
  expect(
    nested.every(([x, y]) => x >= 1 && x <= 3 && y.length === 2 && y.every((e) => e >= 0 && e <= 9)),
  ).toBe(true);
  expect(
    cell('big').some((v) => (v as bigint) > 2n ** 60n) &&
      cell('big').some((v) => (v as bigint) < -(2n ** 60n)),
  ).toBe(true);
});

test('without a seed, the seed comes from the world', async () => {
  const table = {
    fields: [{ name: 's', type: types.STRING }],
    options: { 'number-of-rows': '3', 'rows-per-second': '100000' },
  };
  expect(await generate(table, new SimWorld(1))).toEqual(await generate(table, new SimWorld(1)));
  expect(await generate(table, new SimWorld(1))).not.toEqual(await generate(table, new SimWorld(2)));
});

test('the shortest sequence ends the table, read or not', async () => {
  const table: TestTable = {
    fields: [
      { name: 'a', type: types.STRING },
      { name: 'b', type: types.decimal(5, 1) },
    ],
    options: {
      ...fast,
      'fields.a.kind': 'sequence',
      'fields.a.start': '1',
      'fields.a.end': '5',
      'fields.b.kind': 'sequence',
      'fields.b.start': '8',
      'fields.b.end': '10',
    },
  };
  expect(await generate(table)).toEqual([
    ['1', 80n],
    ['2', 90n],
    ['3', 100n],
  ]);
  const { context, told } = sourceContext(new SimWorld(1), table, { fields: [table.fields[0]!] });
  const source = datagenRuntime.createSource!(context);
  await source.open(undefined);
  context.world.after(0, () => {});
  expect(datagenConnector.source!(connectorTable(table)).bounded).toBe(true);
  (context.world as SimWorld).moveTo(context.world.now());
  const first = await readRows(source, told, [table.fields[0]!], (n) => n === 1);
  expect(first).toEqual([['1']]);
});

test('rows come at their rate, by the clock', async () => {
  const world = new SimWorld(1);
  const { context } = sourceContext(world, {
    fields: [{ name: 'at', type: types.timestampLtz(3) }],
    options: { 'rows-per-second': '100' },
  });
  const source = datagenRuntime.createSource!(context);
  await source.open(undefined);
  let rows = 0;
  const start = world.now();
  while (world.now() < start + 1000) {
    const polled = source.poll();
    if (polled.kind === 'batch') rows += polled.batch.rows;
    if (polled.kind === 'wait') world.moveTo(world.nextTimer);
  }
  expect(rows).toBe(100);
  await source.close();
  expect(world.nextTimer).toBe(Infinity);
});

test('time types tell the clock, max-past goes back', async () => {
  const world = new SimWorld(1);
  const table: TestTable = {
    fields: [
      { name: 'd', type: types.DATE },
      { name: 't', type: types.timestamp(3) },
      { name: 'old', type: types.timestampLtz(3) },
    ],
    options: { ...fast, 'number-of-rows': '1', 'fields.old.max-past': '1 h' },
  };
  const [[day, at, old]] = (await generate(table, world)) as [[number, { ms: number }, { ms: number }]];
  expect([day, at.ms]).toEqual([Math.floor(world.now() / 86_400_000), world.now()]);
  expect(old.ms).toBeGreaterThan(world.now() - 3_600_000);
  expect(old.ms).toBeLessThan(world.now());
});

test('mistakes in options say what was expected', () => {
  const attempt = (options: Record<string, string>): string => {
    const table = { fields: everyType, options };
    try {
      parseOptions(datagenConnector.options(connectorTable(table)), connectorTable(table).options);
      datagenRuntime.createSource!(sourceContext(new SimWorld(1), table).context);
    } catch (error) {
      if (error instanceof UserError)
        return `${error.code} ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}`;
      throw error;
    }
    return 'fine';
  };
  expect(attempt({ 'fields.prise.min': '1' })).toBe(
    `CAT1001 unknown option 'fields.prise.min' for connector 'datagen' Did you mean "fields.price.min"?`,
  );
  expect(attempt({ 'fields.tiny.max': '200' })).toBe(
    `CAT1002 option 'fields.tiny.max': found '200', expected a number from -128 to 127`,
  );
  expect(attempt({ 'fields.n.min': '5', 'fields.n.max': '3' })).toContain(
    `option 'fields.n.min': found '5', expected at most 'fields.n.max', 3`,
  );
  expect(attempt({ 'fields.id.kind': 'sequence', 'fields.id.start': '1' })).toBe(
    `CAT1003 a sequence needs the option 'fields.id.end'`,
  );
  expect(attempt({ 'fields.ok.kind': 'sequence' })).toContain('a BOOLEAN cannot be a sequence');
  expect(attempt({ 'rows-per-second': '0' })).toContain(`expected a number above 0`);
  expect(attempt({ 'fields.v.length': '13' })).toContain('expected at most 12, as the type is VARCHAR(12)');
});

/* A process that fills one kind of state and prints what the store says that it holds, and what the process holds:
 * {"counted","held"} in bytes. Started by memory.test.ts with --expose-gc. */

import { columnBuilder, types, type Column, type LogicalType, type Value } from '#data';
import { MemoryStore } from '#state';

declare const gc: () => void;

const rows = 120_000;
const store = new MemoryStore();

/** The same column for all rows, each with a value of its own. */
function column(type: LogicalType, value: (i: number) => Value): Column {
  const builder = columnBuilder(type);
  for (let i = 0; i < rows; i++) builder.append(value(i));
  return builder.build();
}
const ints = column(types.BIGINT, (i) => BigInt(i * 7));
const groups = column(types.BIGINT, (i) => BigInt(i % 5000));
const texts = column(types.STRING, (i) => `a text of the row number ${i}`);
const times = column(types.timestamp(3), (i) => ({ ms: (i * 48271) % 1_000_003, ns: 0 }));
const wide = column(types.decimal(38, 0), (i) => 10n ** 30n + BigInt(i));
const nested = column(types.array(types.STRING), (i) => [`item ${i}`, null, 'x']);

const kinds: Readonly<Record<string, () => void>> = {
  'keys and numbers': () => {
    const table = store.keyed({
      name: 't',
      key: [types.BIGINT],
      cells: { a: 'f64', b: 'f64', c: types.BIGINT },
    });
    for (let i = 0; i < rows; i++) table.values('c').setValue(table.upsertRow([ints], i), BigInt(i));
  },
  'text as keys, whole rows': () => {
    const table = store.keyed({ name: 't', key: [types.STRING], row: [types.STRING, types.BIGINT] });
    for (let i = 0; i < rows; i++) table.setRow(table.upsertRow([texts], i), [texts, ints], i);
  },
  'numbers that are wide': () => {
    const table = store.keyed({ name: 't', key: [types.decimal(38, 0)] });
    for (let i = 0; i < rows; i++) table.upsertRow([wide], i);
  },
  'nested values': () => {
    const table = store.keyed({ name: 't', key: [types.BIGINT], row: [types.array(types.STRING)] });
    for (let i = 0; i < rows; i++) table.setRow(table.upsertRow([ints], i), [nested], i);
  },
  'rows in order of arrival': () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const owned = store.owned(keys, { name: 'r', row: [types.BIGINT, types.STRING] });
    for (let i = 0; i < rows; i++) owned.append(keys.upsertRow([groups], i), [ints, texts], i);
  },
  bags: () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const owned = store.owned(keys, { name: 'r', row: [types.BIGINT, types.STRING], find: 'row' });
    for (let i = 0; i < rows; i++) owned.append(keys.upsertRow([groups], i), [ints, texts], i);
  },
  maps: () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const owned = store.owned(keys, { name: 'r', row: [types.BIGINT], cells: { n: 'f64' }, find: [0] });
    for (let i = 0; i < rows; i++) owned.upsertRow(keys.upsertRow([groups], i), [ints], i);
  },
  'rows in an order': () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const owned = store.sorted(keys, {
      name: 'r',
      row: [types.timestamp(3), types.STRING],
      order: [{ column: 0 }],
      find: 'row',
    });
    for (let i = 0; i < rows; i++) owned.append(keys.upsertRow([groups], i), [times, texts], i);
  },
  timers: () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const timers = store.timers(keys, { name: 't', domain: 'event' });
    for (let i = 0; i < rows; i++) timers.set(keys.upsertRow([ints], i), (i * 48271) % 1_000_003);
  },
  slices: () => {
    const slices = store.slices('s', (scope) =>
      scope.keyed({ name: 't', key: [types.BIGINT], cells: { a: 'f64' } }),
    );
    for (let i = 0; i < rows; i++) slices.at(i % 7).upsertRow([ints], i);
  },
  lists: () => {
    const list = store.list({ name: 'l', row: [types.BIGINT, types.STRING], cells: { a: 'u8' } });
    for (let i = 0; i < rows; i++) list.append([ints, texts], i);
  },
  'rows that came and went': () => {
    const keys = store.keyed({ name: 'k', key: [types.BIGINT] });
    const owned = store.owned(keys, { name: 'r', row: [types.STRING], find: 'row' });
    for (let i = 0; i < rows; i++) {
      const slot = owned.append(keys.upsertRow([groups], i), [texts], i);
      if (i % 4 !== 0) owned.remove(slot);
    }
  },
};

const held = (): number => {
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const fill = kinds[process.argv[2]!]!;
const before = held();
fill();
const after = held();
console.log(JSON.stringify({ counted: store.bytes, held: after - before }));

/* Random tables: one that inserts and has late rows, one that inserts and has none, one that takes rows back, one that does
 * so under a key, one that upserts. Few different values, so that keys meet; NULLs, repeats, rows out of order; now and
 * then a table without rows. */

import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import type { Chance } from './chance.ts';
import type { Column, ColumnType, Relation } from './relation.ts';

export interface Source {
  readonly table: ConformanceTable;
  readonly relation: Relation;
}
type Row = unknown[];

const rowsMax = 40;
const nullPercent = 14;
const emptyPercent = 5;
const text = ['a', 'b', 'c', 'Ab', ''];
const valueOf: { readonly [T in ColumnType]: (chance: Chance) => unknown } = {
  INT: (c) => c.between(-3, 9),
  BIGINT: (c) => (c.percent(10) ? 10_000_000_000 : c.between(-2, 6)),
  STRING: (c) => c.pick(text),
  DOUBLE: (c) => c.between(-8, 24) / 4,
  'DECIMAL(10, 2)': (c) => c.between(-400, 999) / 100,
  BOOLEAN: (c) => c.percent(50),
  'TIMESTAMP(3)': (c) => timeText(c.below(120) * 500),
  'ARRAY<INT>': (c) => Array.from({ length: c.below(4) }, () => (c.percent(15) ? null : c.below(5))),
};
/** Milliseconds of the first hour of 2024. */
const timeText = (ms: number): string =>
  new Date(Date.UTC(2024, 0, 1) + ms).toISOString().replace('T', ' ').replace('Z', '');

interface Field extends Column {
  readonly notNull: boolean;
}
const letters: readonly (readonly [string, ColumnType])[] = [
  ['v', 'INT'],
  ['g', 'INT'],
  ['b', 'BIGINT'],
  ['s', 'STRING'],
  ['d', 'DOUBLE'],
  ['p', 'DECIMAL(10, 2)'],
  ['f', 'BOOLEAN'],
  ['xs', 'ARRAY<INT>'],
];

/** id, k, some others, ts. */
function fieldsOf(chance: Chance, more: number): Field[] {
  const field = (name: string, type: ColumnType, notNullPercent: number): Field => ({
    name,
    type,
    notNull: chance.percent(notNullPercent),
  });
  return [
    field('id', 'INT', 40),
    field('k', chance.pick(['STRING', 'STRING', 'INT']), 15),
    ...chance.some(letters, more).map(([name, type]) => field(name, type, 15)),
    { name: 'ts', type: 'TIMESTAMP(3)', notNull: chance.percent(30), time: 'rowtime' },
  ];
}
function value(chance: Chance, { type, notNull, time }: Field): unknown {
  if (!notNull && time === undefined && chance.percent(nullPercent)) return null;
  return valueOf[type](chance);
}
/** Times that mostly grow, by the number of the row. */
const timeAt = (chance: Chance, nr: number): string =>
  timeText(Math.max(0, nr * 1000 + chance.between(-4, 4) * 500 - (chance.percent(12) ? 8000 : 0)));

function rowAt(chance: Chance, fields: readonly Field[], nr: number): Row {
  return fields.map((f) =>
    f.name === 'id' ? nr : f.time === undefined ? value(chance, f) : timeAt(chance, nr),
  );
}
const countOf = (chance: Chance): number => (chance.percent(emptyPercent) ? 0 : chance.between(1, rowsMax));

function inserts(chance: Chance, fields: readonly Field[]): Row[] {
  const rows: Row[] = [];
  for (let nr = 0, count = countOf(chance); nr < count; nr++)
    rows.push(rows.length > 0 && chance.percent(8) ? chance.pick(rows) : rowAt(chance, fields, nr));
  return rows;
}
/** Inserts, updates and deletes of what is there. */
function changes(chance: Chance, fields: readonly Field[], isKeyed: boolean): Row[] {
  const live: Row[] = [];
  const rows: Row[] = [];
  for (let nr = 0, count = countOf(chance); rows.length < count; nr++) {
    const what = live.length === 0 ? 0 : chance.below(100);
    if (what < 50) {
      const row = rowAt(chance, fields, isKeyed ? chance.below(12) : nr);
      const taken = isKeyed && live.some((l) => l[0] === row[0]);
      if (taken) continue;
      live.push(row);
      rows.push(['+I', ...row]);
    } else if (what < 82) {
      const at = chance.below(live.length);
      const after = changed(chance, fields, live[at]!, nr);
      rows.push(['-U', ...live[at]!], ['+U', ...after]);
      live[at] = after;
    } else rows.push(['-D', ...live.splice(chance.below(live.length), 1)[0]!]);
  }
  return rows;
}
/** Some other values under the same id. */
function changed(chance: Chance, fields: readonly Field[], row: Row, nr: number): Row {
  if (chance.percent(8)) return row;
  const others = chance.some(
    fields.filter((f) => f.name !== 'id'),
    chance.between(1, 3),
  );
  return row.map((cell, i) => {
    const field = fields[i]!;
    if (!others.includes(field)) return cell;
    return field.time === undefined ? value(chance, field) : timeAt(chance, nr);
  });
}
/** Rows by key and ends of keys, known and unknown. */
function upserts(chance: Chance, fields: readonly Field[]): Row[] {
  const rows: Row[] = [];
  for (let nr = 0, count = countOf(chance); nr < count; nr++) {
    const id = chance.below(8);
    const last = rows.findLast((r) => r[1] === id);
    if (chance.percent(18)) rows.push(['-D', id]);
    else if (last?.[0] === '+U' && chance.percent(40))
      rows.push(['+U', ...changed(chance, fields, last.slice(1), nr)]);
    else rows.push(['+U', ...rowAt(chance, fields, nr).with(0, id)]);
  }
  return rows;
}

/** A watermark that lets no row be late, or one that does. */
const delays = { calm: "'1' HOUR", late: ["'0' SECOND", "'1' SECOND", "'3' SECOND", "'5' SECOND"] } as const;

function source(
  chance: Chance,
  name: string,
  gives: ConformanceTable['gives'],
  keyed: boolean,
  late: boolean,
): Source {
  const given = fieldsOf(chance, chance.between(2, 5));
  // Sources with keys number their rows by them.
  const fields = keyed ? given.map((f) => (f.name === 'id' ? { ...f, notNull: true } : f)) : given;
  const rows =
    gives === undefined
      ? inserts(chance, fields)
      : gives === 'changes'
        ? changes(chance, fields, keyed)
        : upserts(chance, fields);
  const timed = gives === undefined || chance.percent(70);
  const columns = [
    ...fields.map((f) => `${f.name} ${f.type}${f.notNull ? ' NOT NULL' : ''}`),
    'proc AS PROCTIME()',
    ...(timed ? [`WATERMARK FOR ts AS ts - INTERVAL ${late ? chance.pick(delays.late) : delays.calm}`] : []),
    ...(keyed ? ['PRIMARY KEY (id) NOT ENFORCED'] : []),
  ];
  const seen: Column[] = fields.map(({ name: n, type, time }) =>
    time !== undefined && timed ? { name: n, type, time } : { name: n, type },
  );
  return {
    table: {
      name,
      columns: columns.join(', '),
      fields: fields.map((f) => f.name),
      ...(gives !== undefined && { gives }),
      ...(keyed && { key: ['id'] }),
      rows,
    },
    relation: {
      from: name,
      columns: [...seen, { name: 'proc', type: 'TIMESTAMP(3)', time: 'proctime' }],
      changes: gives !== undefined,
      ordered: true,
      calm: !late,
      rows: rows.length,
      ...(keyed && timed && { versions: ['id'] }),
    },
  };
}

/** The tables of some cases that follow one another. In mini-batches watermarks come seldom, so that fewer rows are late, and
 *  upserts are normalized many at a time: none is late there, and upserts are in no order. */
export function sourcesOf(chance: Chance, inMiniBatches: boolean): Source[] {
  const ups = source(chance, 'ups', 'upserts', true, false);
  return [
    source(chance, 'ticks', undefined, false, !inMiniBatches),
    source(chance, 'calm', undefined, false, false),
    source(chance, 'log', 'changes', false, false),
    source(chance, 'keyed', 'changes', true, false),
    inMiniBatches ? { ...ups, relation: { ...ups.relation, ordered: false } } : ups,
  ];
}

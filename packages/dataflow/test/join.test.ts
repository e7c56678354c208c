/* The regular join against a slow recomputation: random changelogs on both sides, of every type of join, with keys and
 * without, NULL keys, rows that occur twice, unique keys, a residual condition, outputs that are always full. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { types, type LogicalType } from '#data';
import type { Expr } from '#expr';
import type { JoinSpec } from '#job';
import { batchOf, bench, moved, pushAll, resumeAll, said, TestOutput } from './harness.ts';

const { INT, STRING } = types;
/** k, v, a name. */
const left: readonly LogicalType[] = [INT, INT, STRING];
const right: readonly LogicalType[] = [INT, INT];

type Type = JoinSpec['type'];
type Row = readonly (number | string | null)[];
interface Change {
  readonly side: 0 | 1;
  readonly add: boolean;
  readonly update: boolean;
  readonly row: Row;
}

const column = (index: number, type: LogicalType): Expr => ({ kind: 'column', index, type });
/** left.v < right.v */
const less: Expr = {
  kind: 'call',
  fn: '<',
  args: [column(1, INT), column(4, INT)],
  flags: [],
  type: types.BOOLEAN,
};
const spec = (type: Type, changes: Partial<JoinSpec> = {}): JoinSpec => ({
  type,
  leftKeys: [0],
  rightKeys: [0],
  filterNulls: [true],
  condition: undefined,
  leftUniqueKey: undefined,
  rightUniqueKey: undefined,
  leftInsertOnly: false,
  rightInsertOnly: false,
  leftTtlMs: 0,
  rightTtlMs: 0,
  finalOnly: false,
  ...changes,
});
const outputOf = (type: Type): readonly LogicalType[] =>
  type === 'semi' || type === 'anti' ? left : [...left, ...right];

/** What the join of these rows is, pair by pair. */
function joined(lefts: readonly Row[], rights: readonly Row[], s: JoinSpec): string[] {
  const meets = (l: Row, r: Row): boolean => {
    for (let k = 0; k < s.leftKeys.length; k++) {
      const a = l[s.leftKeys[k]!]!;
      const b = r[s.rightKeys[k]!]!;
      if (a === null && b === null && !s.filterNulls[k]) continue;
      if (a === null || b === null || a !== b) return false;
    }
    if (s.condition === undefined) return true;
    return l[1] !== null && r[1] !== null && (l[1] as number) < (r[1] as number);
  };
  const out: Row[] = [];
  for (const l of lefts) {
    const found = rights.filter((r) => meets(l, r));
    if (s.type === 'semi' || s.type === 'anti') {
      if (found.length > 0 === (s.type === 'semi')) out.push(l);
      continue;
    }
    for (const r of found) out.push([...l, ...r]);
    if (found.length === 0 && (s.type === 'left' || s.type === 'full')) out.push([...l, null, null]);
  }
  if (s.type === 'right' || s.type === 'full')
    for (const r of rights) if (!lefts.some((l) => meets(l, r))) out.push([null, null, null, ...r]);
  return out.map((r) => r.map((v) => (v === null ? 'NULL' : String(v))).join(' ')).sort();
}

const small = fc.option(fc.integer({ min: 1, max: 3 }));
const leftRow = fc.tuple(small, small, fc.constantFrom('a', 'b')) as fc.Arbitrary<Row>;
const rightRow = fc.tuple(small, small) as fc.Arbitrary<Row>;

/** Rows that come, and go again only when they are there. */
function consistent(wanted: readonly Change[]): Change[] {
  const held: [string[], string[]] = [[], []];
  return wanted.filter(({ side, add, row }) => {
    const key = JSON.stringify(row);
    if (add) held[side].push(key);
    else {
      const at = held[side].indexOf(key);
      if (at < 0) return false;
      held[side].splice(at, 1);
    }
    return true;
  });
}
const changes: fc.Arbitrary<Change[]> = fc
  .array(
    fc.oneof(
      fc.record({ side: fc.constant(0 as const), add: fc.boolean(), update: fc.boolean(), row: leftRow }),
      fc.record({ side: fc.constant(1 as const), add: fc.boolean(), update: fc.boolean(), row: rightRow }),
    ),
    { maxLength: 60 },
  )
  .map(consistent);
const line = ({ add, update, row }: Change): string =>
  [add ? (update ? '+U' : '+') : update ? '-U' : '-', ...row.map((v) => (v === null ? 'NULL' : v))].join(' ');

class Held {
  readonly sides: [Row[], Row[]] = [[], []];
  take({ side, add, row }: Change): void {
    if (add) this.sides[side].push(row);
    else this.sides[side].splice(this.#at(side, row), 1);
  }
  #at(side: 0 | 1, row: Row): number {
    return this.sides[side].findIndex((r) => JSON.stringify(r) === JSON.stringify(row));
  }
}
/** The rows that changes leave. Fails when one is taken back that is not there. */
function net(lines: readonly string[]): string[] {
  const rows: string[] = [];
  for (const text of lines) {
    if (text.startsWith('@')) continue;
    const [kind, ...cells] = text.split(' ');
    const row = cells.join(' ');
    if (kind === '+' || kind === '+U') rows.push(row);
    else {
      const at = rows.indexOf(row);
      expect(at, `${text} takes back a row that is there`).toBeGreaterThanOrEqual(0);
      rows.splice(at, 1);
    }
  }
  return rows.sort();
}

const joinTypes: readonly Type[] = ['inner', 'left', 'right', 'full', 'semi', 'anti'];
const forms: readonly (readonly [string, Partial<JoinSpec>])[] = [
  ['equal keys', {}],
  ['equal keys and a condition', { condition: less }],
  ['keys where NULL meets NULL', { filterNulls: [false] }],
  ['no keys', { leftKeys: [], rightKeys: [], filterNulls: [], condition: less }],
  ['two keys', { leftKeys: [0, 1], rightKeys: [0, 1], filterNulls: [true, false] }],
];

describe.each(joinTypes)('%s', (type) => {
  test.each(forms)('%s', (_name, form) => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 7 }), fc.boolean(), (list, size, tight) => {
        const s = spec(type, form);
        const output = outputOf(type);
        let { operator } = bench('join', s, left, output, undefined, right);
        const out = new TestOutput(tight ? 1 : Infinity);
        const held = new Held();
        for (let at = 0; at < list.length; ) {
          const { side } = list[at]!;
          let end = at;
          while (end < list.length && end < at + size && list[end]!.side === side) held.take(list[end++]!);
          const lines = list.slice(at, end).map(line);
          pushAll(operator, batchOf(side === 0 ? left : right, lines), out, side);
          at = end;
          if (at % 3 === 0)
            operator = moved(operator, bench('join', s, left, output, undefined, right).operator);
        }
        expect(net(said(out, output))).toEqual(joined(held.sides[0], held.sides[1], s));
      }),
      { numRuns: 120 },
    );
  });
  test('in batch: inserts alone, what met nobody at the end', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const s = spec(type, { finalOnly: true, condition: less });
        const output = outputOf(type);
        const { operator } = bench('join', s, left, output, undefined, right);
        const out = new TestOutput(1);
        const held = new Held();
        for (const change of list.filter((c) => c.add)) {
          held.take(change);
          pushAll(
            operator,
            batchOf(change.side === 0 ? left : right, [line({ ...change, update: false })]),
            out,
            change.side,
          );
        }
        for (const side of [0, 1]) {
          pushAll(operator, batchOf(side === 0 ? left : right, ['@ Infinity']), out, side);
          operator.end(side, out);
          resumeAll(operator, out);
        }
        const lines = said(out, output);
        expect(lines.at(-1)).toBe('@ Infinity');
        expect(lines.filter((l) => !l.startsWith('@')).every((l) => l.startsWith('+ '))).toBe(true);
        expect(net(lines)).toEqual(joined(held.sides[0], held.sides[1], s));
      }),
      { numRuns: 60 },
    );
  });
});

test('a row that meets very many others stops in the middle and goes on', () => {
  const many = 10_000;
  for (const type of ['inner', 'full'] as const) {
    const { operator } = bench('join', spec(type), left, [...left, ...right], undefined, right);
    const out = new TestOutput(1);
    pushAll(
      operator,
      batchOf(
        right,
        Array.from({ length: many }, (_, i) => `+ 1 ${i}`),
      ),
      out,
      1,
    );
    const before = out.emitted.length;
    pushAll(operator, batchOf(left, ['+ 1 1 a', '+ 1 2 b', '- 1 1 a']), out, 0);
    expect(Math.max(...out.emitted.map((b) => b.rows))).toBeLessThanOrEqual(4096);
    expect(out.emitted.length).toBeGreaterThan(before + 6);
    const rows = net(said(out, [...left, ...right]));
    expect(rows.length).toBe(many);
    expect(rows.every((r) => r.startsWith('1 2 b '))).toBe(true);
  }
});

test('a side known by a unique key takes a row without -U for its new self', () => {
  const s = spec('left', { leftUniqueKey: [0], rightUniqueKey: [0] });
  const { operator } = bench('join', s, left, [...left, ...right], undefined, right);
  const out = new TestOutput();
  pushAll(operator, batchOf(left, ['+ 1 1 a', '+U 1 2 a']), out, 0);
  pushAll(operator, batchOf(right, ['+ 1 7', '+U 1 8']), out, 1);
  pushAll(operator, batchOf(right, ['- 1 8']), out, 1);
  expect(said(out, [...left, ...right])).toEqual([
    '+ 1 1 a NULL NULL',
    '+U 1 2 a NULL NULL',
    '- 1 2 a NULL NULL',
    '+ 1 2 a 1 7',
    '+U 1 2 a 1 8',
    '- 1 2 a 1 8',
    '+ 1 2 a NULL NULL',
  ]);
});

test('the watermark is that of the input which is behind', () => {
  const { operator } = bench('join', spec('inner'), left, [...left, ...right], undefined, right);
  const out = new TestOutput();
  pushAll(operator, batchOf(left, ['+ 1 1 a', '@ 10']), out, 0);
  pushAll(operator, batchOf(right, ['@ 3', '+ 1 7', '@ 12', '@ idle']), out, 1);
  pushAll(operator, batchOf(left, ['@ 20']), out, 0);
  expect(said(out, [...left, ...right])).toEqual(['@ 3', '+ 1 1 a 1 7', '@ 10', '@ 20']);
});

test('rows of a side go when they were not written for as long as its TTL', () => {
  const { operator } = bench(
    'join',
    spec('inner', { leftTtlMs: 10, rightTtlMs: 50 }),
    left,
    [...left, ...right],
    undefined,
    right,
  );
  const out = new TestOutput();
  pushAll(operator, batchOf(left, ['+ 1 1 a']), out, 0);
  pushAll(operator, batchOf(right, ['+ 1 7']), out, 1);
  out.now = 10;
  pushAll(operator, batchOf(right, ['+ 1 8']), out, 1);
  pushAll(operator, batchOf(left, ['+ 1 2 b']), out, 0);
  out.now = 55;
  pushAll(operator, batchOf(left, ['+ 1 3 c']), out, 0);
  expect(said(out, [...left, ...right])).toEqual([
    '+ 1 1 a 1 7',
    '+ 1 2 b 1 7',
    '+ 1 2 b 1 8',
    '+ 1 3 c 1 8',
  ]);
});

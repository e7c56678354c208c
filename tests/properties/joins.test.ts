/* Joins and sub-queries over random changes of both sides equal a recomputation from the rows that are left: of each type,
 * with keys and without, over sources of each kind of change, into readers and sinks that want -U and that want none. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '#data';
import { cuts, Drive, netKeys, rowKeys, runs, upsertKeys, type Change, type Cut } from './drive.ts';

interface Item {
  readonly id: number;
  readonly k: string | null;
  readonly v: number | null;
}
type Source = 'append' | 'changes' | 'keyed' | 'upserts';
const columns = ['id', 'k', 'v'];
const ddl: Record<Source, string> = {
  append: `(id INT, k STRING, v INT) WITH ('connector' = 'test')`,
  changes: `(id INT, k STRING, v INT) WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`,
  keyed: `(id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'changelog-mode' = 'I,UB,UA,D')`,
  upserts: `(id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'changelog-mode' = 'I,UA,D')`,
};
const sources = fc.constantFrom<Source>('append', 'changes', 'keyed', 'upserts');
const items: fc.Arbitrary<Item & { readonly gone: boolean }> = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  k: fc.option(fc.constantFrom('a', 'b'), { freq: 5 }),
  v: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 5 }),
  gone: fc.boolean(),
});
const logs = fc.array(fc.tuple(fc.array(items, { maxLength: 6 }), fc.array(items, { maxLength: 6 })), {
  minLength: 1,
  maxLength: 4,
});
const rowOf = ({ id, k, v }: Item): Row => [id, k, v];

/** A table that takes items by id: a new one is inserted, one that is there updated or deleted. */
class Held {
  readonly #rows = new Map<number, Item>();
  readonly #source: Source;
  #ids = 0;

  constructor(source: Source) {
    this.#source = source;
  }
  get rows(): readonly Item[] {
    return [...this.#rows.values()];
  }
  take(item: Item & { readonly gone: boolean }): Change[] {
    if (this.#source === 'append') {
      // Every row is a new one; ids come again, for there is no key.
      this.#rows.set(--this.#ids, item);
      return [{ kind: 0, row: rowOf(item) }];
    }
    const old = this.#rows.get(item.id);
    const whole = this.#source !== 'upserts';
    if (item.gone) {
      this.#rows.delete(item.id);
      return old === undefined ? [] : [{ kind: 3, row: whole ? rowOf(old) : [item.id, null, null] }];
    }
    this.#rows.set(item.id, item);
    if (old === undefined) return [{ kind: 0, row: rowOf(item) }];
    return [...(whole ? [{ kind: 1, row: rowOf(old) }] : []), { kind: 2, row: rowOf(item) }];
  }
}

type Meets = (l: Item, r: Item) => boolean;
const equal = (a: unknown, b: unknown): boolean => a !== null && a === b;
const less = (a: number | null, b: number | null): boolean => a !== null && b !== null && a < b;
const conditions: readonly (readonly [sql: string, meets: Meets])[] = [
  ['l.k = r.k', (l, r) => equal(l.k, r.k)],
  ['l.id = r.id', (l, r) => l.id === r.id],
  ['l.id = r.v', (l, r) => l.id === r.v],
  ['l.id = r.id AND l.k = r.k', (l, r) => l.id === r.id && equal(l.k, r.k)],
  ['l.k IS NOT DISTINCT FROM r.k', (l, r) => l.k === r.k],
  ['l.k = r.k AND l.v < r.v', (l, r) => equal(l.k, r.k) && less(l.v, r.v)],
  ['l.id = r.id AND l.v < r.v', (l, r) => l.id === r.id && less(l.v, r.v)],
  [
    'l.v + 1 = r.v AND r.v > 2 AND l.v > 1',
    (l, r) => equal(l.v === null ? null : l.v + 1, r.v) && r.v! > 2 && l.v! > 1,
  ],
  ['l.v < r.v', (l, r) => less(l.v, r.v)],
];
const nobody: Row = [null, null, null];
const joins: Record<string, (l: readonly Item[], r: readonly Item[], meets: Meets) => Row[]> = {
  JOIN: (l, r, meets) => pairs(l, r, meets),
  'LEFT JOIN': (l, r, meets) => [
    ...pairs(l, r, meets),
    ...alone(l, r, meets).map((a) => [...rowOf(a), ...nobody]),
  ],
  'RIGHT JOIN': (l, r, meets) => [
    ...pairs(l, r, meets),
    ...alone(r, l, (b, a) => meets(a, b)).map((b) => [...nobody, ...rowOf(b)]),
  ],
  'FULL JOIN': (l, r, meets) => [
    ...pairs(l, r, meets),
    ...alone(l, r, meets).map((a) => [...rowOf(a), ...nobody]),
    ...alone(r, l, (b, a) => meets(a, b)).map((b) => [...nobody, ...rowOf(b)]),
  ],
};
const pairs = (l: readonly Item[], r: readonly Item[], meets: Meets): Row[] =>
  l.flatMap((a) => r.filter((b) => meets(a, b)).map((b) => [...rowOf(a), ...rowOf(b)]));
const alone = (l: readonly Item[], r: readonly Item[], meets: Meets): readonly Item[] =>
  l.filter((a) => !r.some((b) => meets(a, b)));

type Steps = readonly (readonly [
  readonly (Item & { gone: boolean })[],
  readonly (Item & { gone: boolean })[],
])[];

/** The query's net result after every step is what `recompute` makes of both tables. */
async function check(
  [left, right]: readonly [Source, Source],
  steps: Steps,
  cut: Cut,
  sql: string,
  recompute: (l: readonly Item[], r: readonly Item[]) => Row[],
): Promise<void> {
  const drive = await Drive.open(`CREATE TABLE l ${ddl[left]}; CREATE TABLE r ${ddl[right]}`, cut);
  const held = [new Held(left), new Held(right)] as const;
  await drive.query(
    sql,
    function* feed() {
      for (const [ofLeft, ofRight] of steps) {
        drive.push(
          'l',
          columns,
          ofLeft.flatMap((i) => held[0].take(i)),
        );
        yield;
        drive.push(
          'r',
          columns,
          ofRight.flatMap((i) => held[1].take(i)),
        );
        yield;
      }
    },
    (changes) => {
      expect(netKeys(changes)).toEqual(rowKeys(recompute(held[0].rows, held[1].rows)));
    },
  );
}

describe.each(conditions)('on %s', (on, meets) => {
  test.each(Object.entries(joins))('%s', async (type, recompute) => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(sources, sources), logs, cuts, (kinds, steps, cut) =>
        check(kinds, steps, cut, `SELECT * FROM l ${type} r ON ${on}`, (l, r) => recompute(l, r, meets)),
      ),
      runs(15),
    );
  });
  test('EXISTS and NOT EXISTS', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(sources, sources),
        logs,
        cuts,
        fc.boolean(),
        async (kinds, steps, cut, not) => {
          const sql = `SELECT * FROM l WHERE ${not ? 'NOT ' : ''}EXISTS (SELECT 1 FROM r WHERE ${on})`;
          await check(kinds, steps, cut, sql, (l, r) =>
            l.filter((a) => r.some((b) => meets(a, b)) !== not).map(rowOf),
          );
        },
      ),
      runs(30),
    );
  });
});

test('IN and NOT IN', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(sources, sources), logs, cuts, fc.boolean(), async (kinds, steps, cut, not) => {
      const sql = not
        ? 'SELECT * FROM l WHERE v IS NOT NULL AND v NOT IN (SELECT v FROM r WHERE r.v IS NOT NULL AND r.k = l.k)'
        : 'SELECT * FROM l WHERE v IN (SELECT v FROM r WHERE r.k = l.k)';
      await check(kinds, steps, cut, sql, (l, r) =>
        l.filter((a) => a.v !== null && r.some((b) => equal(a.k, b.k) && a.v === b.v) !== not).map(rowOf),
      );
    }),
    runs(40),
  );
});

test('NOT IN where there are NULLs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(sources, sources), logs, cuts, async (kinds, steps, cut) => {
      await check(
        kinds,
        steps,
        cut,
        'SELECT * FROM l WHERE v NOT IN (SELECT v FROM r WHERE r.k = l.k)',
        (l, r) =>
          l
            .filter((a) => !r.some((b) => equal(a.k, b.k) && (a.v === null || b.v === null || a.v === b.v)))
            .map(rowOf),
      );
    }),
    runs(40),
  );
});

test('INTERSECT and EXCEPT: each row once, NULL like NULL', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(sources, sources), logs, cuts, fc.boolean(), async (kinds, steps, cut, not) => {
      const sql = `SELECT k, v FROM l ${not ? 'EXCEPT' : 'INTERSECT'} SELECT k, v FROM r`;
      await check(kinds, steps, cut, sql, (l, r) => {
        const kept = l.filter((a) => r.some((b) => a.k === b.k && a.v === b.v) !== not);
        return [...new Map(kept.map((a): [string, Row] => [`${a.k}|${a.v}`, [a.k, a.v]])).values()];
      });
    }),
    runs(40),
  );
});

test('a side that is read twice, and a chain of three', async () => {
  await fc.assert(
    fc.asyncProperty(fc.tuple(sources, sources), logs, cuts, async (kinds, steps, cut) => {
      await check(
        kinds,
        steps,
        cut,
        'SELECT a.id, b.v, r.k FROM l AS a JOIN l AS b ON a.id = b.v LEFT JOIN r ON r.k = b.k',
        (l, r) =>
          l.flatMap((a) =>
            l
              .filter((b) => a.id === b.v)
              .flatMap((b): Row[] => {
                const met = r.filter((c) => equal(c.k, b.k));
                return met.length === 0 ? [[a.id, b.v, null]] : met.map((c) => [a.id, b.v, c.k]);
              }),
          ),
      );
    }),
    runs(30),
  );
});

const keyedKinds = fc.constantFrom<Source>('keyed', 'upserts');
/** Alone, and where another sink reads the same join and wants -U. */
test.each([
  ['JOIN', 'l.id = r.id', (l: Item, r: Item): boolean => l.id === r.id],
  ['LEFT JOIN', 'l.id = r.id', (l: Item, r: Item): boolean => l.id === r.id],
  ['JOIN', 'l.v = r.id', (l: Item, r: Item): boolean => l.v === r.id],
  ['LEFT JOIN', 'l.v = r.id', (l: Item, r: Item): boolean => l.v === r.id],
  ['JOIN', 'l.id = r.id AND l.v < r.v', (l: Item, r: Item): boolean => l.id === r.id && less(l.v, r.v)],
  ['LEFT JOIN', 'l.id = r.id AND l.v < r.v', (l: Item, r: Item): boolean => l.id === r.id && less(l.v, r.v)],
] as const)('an upsert sink holds the result of %s ON %s', async (type, on, meets) => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(keyedKinds, keyedKinds),
      logs,
      cuts,
      fc.boolean(),
      async ([left, right], steps, cut, shared) => {
        const drive = await Drive.open(
          `CREATE TABLE l ${ddl[left]}; CREATE TABLE r ${ddl[right]};
        CREATE VIEW j AS SELECT l.id, l.k, r.v FROM l ${type} r ON ${on};
        CREATE TABLE every (id INT, k STRING, v INT) WITH ('connector' = 'test');
        CREATE TABLE byid (id INT, k STRING, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
          cut,
        );
        const held = [new Held(left), new Held(right)] as const;
        const written = await drive.insert(
          shared
            ? 'EXECUTE STATEMENT SET BEGIN INSERT INTO byid SELECT * FROM j; INSERT INTO every SELECT * FROM j; END'
            : 'INSERT INTO byid SELECT * FROM j',
          'byid',
          () => {
            for (const [ofLeft, ofRight] of steps) {
              drive.push(
                'l',
                columns,
                ofLeft.flatMap((i) => held[0].take(i)),
              );
              drive.push(
                'r',
                columns,
                ofRight.flatMap((i) => held[1].take(i)),
              );
            }
          },
        );
        const expected = joins[type]!(held[0].rows, held[1].rows, meets).map(
          (row): Row => [row[0]!, row[1]!, row[5]!],
        );
        expect(upsertKeys(written, [0])).toEqual(rowKeys(expected));
        expect(written.some((c) => c.kind === 1)).toBe(false);
      },
    ),
    runs(60),
  );
});

/* A case by chance: from a seed and a number always the same one.
 *
 *   seed, number ──▶ tables, the same for some numbers that follow one another
 *                └─▶ a shape over shapes over tables, as deep as chance has it; some of them become views */

import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import { Chance } from './chance.ts';
import type { Make, Maker } from './maker.ts';
import type { Relation } from './relation.ts';
import { changelog, compared, groupedValue, havingQuery, lateralGroup, onQuery } from './shapes-dialect.ts';
import { distinct, group, groupingSets, groupWindow, windowGroup, windowRows } from './shapes-groups.ts';
import {
  intervalJoin,
  join,
  joinUsing,
  lateral,
  scalarQuery,
  semiJoin,
  temporalJoin,
  windowJoin,
} from './shapes-joins.ts';
import { deduplicate, match, over, topN, windowTop } from './shapes-orders.ts';
import { filter, limit, project, setOperation, unionOfRows, unnest } from './shapes-plain.ts';
import { sourcesOf, type Source } from './tables.ts';

/** Cases that read the same tables. */
export const casesPerTables = 24;

export interface QueryCase {
  readonly number: number;
  readonly tables: readonly ConformanceTable[];
  /** CREATE VIEW statements, in order. */
  readonly views: readonly string[];
  readonly sql: string;
}

const shapes = {
  project: { make: project, weight: 8 },
  filter: { make: filter, weight: 4 },
  unnest: { make: unnest, weight: 4 },
  limit: { make: limit, weight: 4 },
  setOperation: { make: setOperation, weight: 7 },
  unionOfRows: { make: unionOfRows, weight: 2 },
  group: { make: group, weight: 12 },
  distinct: { make: distinct, weight: 3 },
  groupingSets: { make: groupingSets, weight: 4 },
  windowRows: { make: windowRows, weight: 2 },
  windowGroup: { make: windowGroup, weight: 9 },
  groupWindow: { make: groupWindow, weight: 5 },
  windowTop: { make: windowTop, weight: 3 },
  windowJoin: { make: windowJoin, weight: 4 },
  join: { make: join, weight: 11 },
  joinUsing: { make: joinUsing, weight: 3 },
  intervalJoin: { make: intervalJoin, weight: 5 },
  temporalJoin: { make: temporalJoin, weight: 5 },
  semiJoin: { make: semiJoin, weight: 6 },
  scalarQuery: { make: scalarQuery, weight: 4 },
  lateral: { make: lateral, weight: 3 },
  over: { make: over, weight: 8 },
  topN: { make: topN, weight: 6 },
  deduplicate: { make: deduplicate, weight: 5 },
  match: { make: match, weight: 4 },
  changelog: { make: changelog, weight: 5 },
  compared: { make: compared, weight: 3 },
  havingQuery: { make: havingQuery, weight: 3 },
  onQuery: { make: onQuery, weight: 3 },
  groupedValue: { make: groupedValue, weight: 3 },
  lateralGroup: { make: lateralGroup, weight: 3 },
} as const satisfies Record<string, { readonly make: Make; readonly weight: number }>;
type Shape = keyof typeof shapes;
const weights = Object.fromEntries(Object.entries(shapes).map(([name, s]) => [name, s.weight])) as Record<
  Shape,
  number
>;

const triesMax = 12;
const viewPercent = 7;
/** How deep shapes stand in one another. */
const depths = [1, 1, 2, 2, 2, 3, 3];

class Case implements Maker {
  readonly chance: Chance;
  readonly views: string[] = [];
  readonly #sources: readonly Source[];
  readonly #number: number;

  constructor(number: number, chance: Chance, sources: readonly Source[]) {
    this.#number = number;
    this.chance = chance;
    this.#sources = sources;
  }
  relation(depth: number, fits: (relation: Relation) => boolean = () => true): Relation {
    for (let tries = 0; depth > 0 && tries < triesMax; tries++) {
      // Not everything is as deep as it might be.
      const made = this.chance.percent(30) ? undefined : this.shaped(depth);
      if (made !== undefined && fits(made)) return this.chance.percent(viewPercent) ? this.view(made) : made;
      if (made === undefined && this.chance.percent(50)) break;
    }
    const relations = this.#sources.map((s) => s.relation);
    const fitting = relations.filter(fits);
    return this.chance.pick(fitting.length > 0 ? fitting : relations);
  }
  shaped(depth: number): Relation | undefined {
    return shapes[this.chance.weighted(weights)].make(this, depth);
  }
  view(relation: Relation): Relation {
    if (!relation.from.startsWith('(')) return relation;
    const name = this.chance.name(`w${this.#number}_`);
    this.views.push(`CREATE VIEW ${name} AS ${unwrapped(relation.from)}`);
    return { ...relation, from: name };
  }
}
const unwrapped = (from: string): string => from.slice(1, -1);

/** The tables of those that follow one another are the same objects. */
let last: { readonly seed: number; readonly part: number; readonly sources: readonly Source[] } | undefined;
function sourcesAt(seed: number, part: number): readonly Source[] {
  if (last?.seed !== seed || last.part !== part)
    last = { seed, part, sources: sourcesOf(new Chance(mixed(seed, part, 1))) };
  return last.sources;
}

/** The case with this number of a seed's stream. */
export function caseOf(seed: number, number: number): QueryCase {
  const sources = sourcesAt(seed, Math.floor(number / casesPerTables));
  for (let tries = 0; ; tries++) {
    const made = new Case(number, new Chance(mixed(seed, number, 2 + tries)), sources);
    const relation = made.shaped(made.chance.pick(depths));
    if (relation === undefined) continue;
    const sql = finished(made, relation);
    if (sql === undefined) continue;
    return asked({ number, tables: sources.map((s) => s.table), ...withCommon(made, sql) });
  }
}
/** A case with the views and tables that it reads, alone. */
export function asked({ number, tables, views, sql }: QueryCase): QueryCase {
  const names = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const used: string[] = [];
  for (const view of views.toReversed())
    if (names([sql, ...used].join(' '), view.split(' ')[2]!)) used.unshift(view);
  const text = [sql, ...used].join(' ');
  return { number, tables: tables.filter((t) => names(text, t.name)), views: used, sql };
}
const mixed = (seed: number, number: number, part: number): number => (seed * 100_003 + number) * 1009 + part;

/** The query with some of its views as queries of its own, by WITH: the last ones, which no other view reads. */
function withCommon(made: Case, sql: string): { readonly views: readonly string[]; readonly sql: string } {
  if (made.views.length === 0 || !made.chance.percent(40)) return { views: made.views, sql };
  const [, name, query] = /^CREATE VIEW (\w+) AS (.*)$/s.exec(made.views.at(-1)!)!;
  return { views: made.views.slice(0, -1), sql: `WITH ${name!} AS (${query!}) ${sql}` };
}

/** What is shown has no time of the clock in it. */
function finished(made: Case, { from, columns }: Relation): string | undefined {
  const shown = columns.filter((c) => c.time !== 'proctime');
  if (shown.length === 0) return undefined;
  if (from.startsWith('(') && shown.length === columns.length) return unwrapped(from);
  const names = shown.map((c) => `${c.name} AS ${made.chance.name('c')}`).join(', ');
  return `SELECT ${names} FROM ${from}`;
}

/* A case by chance: from a seed and a number always the same one.
 *
 *   seed, number ──▶ tables and options of the optimizer, the same for some numbers that follow one another
 *                ├─▶ a shape over shapes over tables, as deep as chance has it; some of them become views
 *                └─▶ now and then windows that go out beside their end, or a sink by key */

import { fuzzedName, type FuzzedCase } from '../../../tests/conformance/fuzzed-cases.ts';
import { Chance } from './chance.ts';
import type { Make, Maker } from './maker.ts';
import type { Relation } from './relation.ts';
import { emitSettings, inMiniBatches, optimizerSettings, type Settings } from './settings.ts';
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
import { filter, limit, project, setOperation, unionOfRows, unnest, unnestMore } from './shapes-plain.ts';
import { asksForConflict, written } from './sinks.ts';
import { sourcesOf, type Source } from './tables.ts';

/** Cases that read the same tables. */
export const casesPerTables = 24;

export interface QueryCase extends Omit<FuzzedCase, 'differs'> {
  readonly number: number;
}

const shapes = {
  project: { make: project, weight: 8 },
  filter: { make: filter, weight: 4 },
  unnest: { make: unnest, weight: 4 },
  unnestMore: { make: unnestMore, weight: 3 },
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
type Weights = Readonly<Record<Shape, number>>;
const weights = Object.fromEntries(
  Object.entries(shapes).map(([name, s]) => [name, s.weight]),
) as unknown as Weights;
/** Where windows of GROUP BY go out beside their end, of which window functions know nothing. */
const emitWeights: Weights = {
  ...weights,
  groupWindow: 150,
  windowRows: 0,
  windowGroup: 0,
  windowTop: 0,
  windowJoin: 0,
};
/** What keeps rows together in mini-batches gives them on in another order. */
const gathers: ReadonlySet<Shape> = new Set(['group', 'distinct', 'groupingSets', 'deduplicate']);

const triesMax = 12;
const viewPercent = 7;
const emitPercent = 8;
const sinkPercent = 14;
/** How deep shapes stand in one another. */
const depths = [1, 1, 2, 2, 2, 3, 3];

/** What cases that follow one another have in common. */
interface Part {
  readonly seed: number;
  readonly part: number;
  readonly sources: readonly Source[];
  readonly set: Settings;
}
class Case implements Maker {
  readonly chance: Chance;
  readonly views: string[] = [];
  readonly emits: boolean;
  readonly #part: Part;
  readonly #number: number;

  constructor(number: number, chance: Chance, part: Part, emits: boolean) {
    this.#number = number;
    this.chance = chance;
    this.#part = part;
    this.emits = emits;
  }
  relation(depth: number, fits: (relation: Relation) => boolean = () => true): Relation {
    for (let tries = 0; depth > 0 && tries < triesMax; tries++) {
      // Not everything is as deep as it might be.
      const made = this.chance.percent(30) ? undefined : this.shaped(depth);
      if (made !== undefined && fits(made)) return this.chance.percent(viewPercent) ? this.view(made) : made;
      if (made === undefined && this.chance.percent(50)) break;
    }
    const relations = this.#part.sources.map((s) => s.relation);
    const fitting = relations.filter(fits);
    return this.chance.pick(fitting.length > 0 ? fitting : relations);
  }
  shaped(depth: number): Relation | undefined {
    const shape = this.chance.weighted(this.emits ? emitWeights : weights);
    const made = shapes[shape].make(this, depth);
    return made !== undefined && gathers.has(shape) && inMiniBatches(this.#part.set)
      ? { ...made, ordered: false }
      : made;
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
let last: Part | undefined;
function partAt(seed: number, part: number): Part {
  if (last?.seed === seed && last.part === part) return last;
  const chance = new Chance(mixed(seed, part, 1));
  const set = optimizerSettings(chance);
  last = { seed, part, sources: sourcesOf(chance, inMiniBatches(set)), set };
  return last;
}

/** The case with this number of a seed's stream. */
export function caseOf(seed: number, number: number): QueryCase {
  const part = partAt(seed, Math.floor(number / casesPerTables));
  const what = new Chance(mixed(seed, number, 2)).below(100);
  const writes = what >= 100 - sinkPercent;
  for (let tries = 0; ; tries++) {
    const chance = new Chance(mixed(seed, number, 3 + tries));
    const made = new Case(number, chance, part, what < emitPercent);
    const relation = made.shaped(chance.pick(depths));
    // Of rows in no fixed order little can be asked of a sink.
    if (relation === undefined || (writes && !relation.ordered && chance.percent(97))) continue;
    const asks = writes ? inserted(made, relation) : finished(made, relation, part.set);
    if (asks === undefined) continue;
    return asked({ number, tables: part.sources.map((s) => s.table), ...asks });
  }
}
/** A case with the views and tables that it reads, alone. */
export function asked<T extends QueryCase>(of: T): T {
  const names = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const used: string[] = [];
  for (const view of of.views.toReversed())
    if (names([of.sql, ...used].join(' '), view.split(' ')[2]!)) used.unshift(view);
  const text = [of.sql, ...used].join(' ');
  return { ...of, tables: of.tables.filter((t) => names(text, t.name)), views: used };
}
const mixed = (seed: number, number: number, part: number): number => (seed * 100_003 + number) * 1009 + part;

type Asks = Pick<QueryCase, 'views' | 'sql' | 'set' | 'into'>;
/** An INSERT of the relation's rows. Watermarks come seldom in mini-batches, and then sinks settle more at once: these have no
 *  options of the optimizer. */
function inserted(made: Case, relation: Relation): Asks | undefined {
  const sink = written(made.chance, relation);
  return sink && { set: asksForConflict, into: sink.into, ...withCommon(made, sink.sql) };
}
/** A query of the relation under its settings; undefined where it is not what those are about. */
function finished(made: Case, relation: Relation, options: Settings): Asks | undefined {
  const set = made.emits ? emitSettings(made.chance) : options;
  const sql = shown(made, relation);
  if (sql === undefined) return undefined;
  const asks = { ...(Object.keys(set).length > 0 && { set }), ...withCommon(made, sql) };
  const text = fuzzedName(asks);
  if (made.emits && !/GROUP BY [^()]*(?:TUMBLE|HOP)\(/.test(text)) return undefined;
  // Fewer changes are fewer rows then.
  return inMiniBatches(set) && text.includes('TO_CHANGELOG') ? undefined : asks;
}

/** The query with some of its views as queries of its own, by WITH: the last ones, which no other view reads. */
function withCommon(made: Case, sql: string): { readonly views: readonly string[]; readonly sql: string } {
  if (made.views.length === 0 || !made.chance.percent(40)) return { views: made.views, sql };
  const [, name, query] = /^CREATE VIEW (\w+) AS (.*)$/s.exec(made.views.at(-1)!)!;
  return { views: made.views.slice(0, -1), sql: `WITH ${name!} AS (${query!}) ${sql}` };
}

/** What is shown has no time of the clock in it. */
function shown(made: Case, { from, columns }: Relation): string | undefined {
  const values = columns.filter((c) => c.time !== 'proctime');
  if (values.length === 0) return undefined;
  if (from.startsWith('(') && values.length === columns.length) return unwrapped(from);
  const names = values.map((c) => `${c.name} AS ${made.chance.name('c')}`).join(', ');
  return `SELECT ${names} FROM ${from}`;
}

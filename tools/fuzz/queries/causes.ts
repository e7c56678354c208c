/* What differed, by cause: the way in which answers differ and what the query is made of, with the shortest case. */

import { parseStatement, printExpression } from '#sql';
import { fuzzedName } from '../../../tests/conformance/fuzzed-cases.ts';
import { listedDifference } from '../../../tests/conformance/known-query-differences.ts';
import type { Difference } from './compare.ts';
import { ways } from './compare.ts';
import type { QueryCase } from './generate.ts';

export interface Found extends Difference {
  readonly asked: QueryCase;
}
export interface Cause {
  readonly key: string;
  count: number;
  shortest: Found;
}
const sizeOf = ({ asked }: Found): number =>
  asked.sql.length + asked.views.join('').length + asked.tables.reduce((n, t) => n + t.rows.length, 0);

/** The title under which a difference is listed. */
export const listedAs = (found: Found): string | undefined => listedDifference(found.asked, found)?.title;

/** An error without what it names; of rows, the clauses of the query. */
function keyOf({ way, ours, theirs, asked }: Found): string {
  const bare = (text: string): string =>
    text
      .replace(/'[^']*'|"[^"]*"|`[^`]*`|\b\w*\d\w*\b|\[[^\]]*\]|\([^)]*\)/g, '…')
      .replace(/\s+/g, ' ')
      .slice(0, 90);
  if (/^we (?:break|fail|refuse)/.test(way)) return `${way}: ${bare(ours)}`;
  if (way.startsWith('they ')) return `${way}: ${bare(theirs)}`;
  if (way === 'types' || way === 'nullability' || way === 'names') {
    const item = itemText(asked.sql, Number(ours.split(':')[0]));
    return `${way}: ${bare(ours)} | ${bare(theirs)} | ${bare(item)}`;
  }
  return `${way}: ${[...new Set(fuzzedName(asked).match(clauses) ?? [])].sort().join(' ')}`;
}
/** The item of the outer SELECT at this place. */
function itemText(sql: string, at: number): string {
  const list = parseStatement(sql);
  if (list.kind !== 'select-statement' || list.query.body.kind !== 'select') return '';
  const item = list.query.body.items[at]?.expression;
  return item === undefined ? '' : printExpression(item);
}
const clauses =
  /\b(?:TUMBLE|HOP|CUMULATE|SESSION|GROUP BY|GROUPING SETS|ROLLUP|CUBE|HAVING|DISTINCT|FILTER|(?:LEFT|RIGHT|FULL) JOIN|JOIN|FOR SYSTEM_TIME|LATERAL|UNNEST|MATCH_RECOGNIZE|ROW_NUMBER|OVER|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT|ALL|EXISTS|IN \(SELECT|NOT|FIRST_VALUE|LAST_VALUE|LISTAGG|early-fire|late-fire|mini-batch|DO NOTHING|DO ERROR|DO DEDUPLICATE)\b/g;

export class Causes {
  readonly #byKey = new Map<string, Cause>();
  readonly counts = { cases: 0, answered: 0, bothRefuse: 0, rows: 0, changes: 0 };

  get all(): readonly Cause[] {
    return [...this.#byKey.values()].sort(
      (a, b) => ways.indexOf(a.shortest.way) - ways.indexOf(b.shortest.way) || b.count - a.count,
    );
  }
  /** Differences that are listed, by the title under which they are. */
  readonly #listed = new Map<string, Cause>();

  add(found: Found): void {
    const title = listedAs(found);
    if (title !== undefined) count(this.#listed, title, found);
    else count(this.#byKey, keyOf(found), found);
  }
  /** A smaller case in place of the first of a cause. */
  replace(cause: Cause, smaller: Found): void {
    cause.shortest = smaller;
  }
  get short(): string {
    return `${this.counts.cases} queries, ${this.all.length} causes`;
  }
  report(): string {
    const { cases, answered, bothRefuse, rows, changes } = this.counts;
    const head = `${cases} queries: answered ${answered} (${changes} changes of ours; ${rows} where each change is compared), both refuse ${bothRefuse}; ${this.all.length} causes that are not listed`;
    const listed = [...this.#listed.values()].map(
      ({ key, count: n, shortest }) => `    ${n} ${key}  (case ${shortest.asked.number}: ${shortest.way})`,
    );
    return [head, `listed:\n${listed.join('\n')}`, ...this.all.map(causeText)].join('\n\n');
  }
}
/** Counts a difference under its key; the shortest case stays. */
function count(into: Map<string, Cause>, key: string, found: Found): void {
  const known = into.get(key);
  if (known === undefined) into.set(key, { key, count: 1, shortest: found });
  else {
    known.count++;
    if (sizeOf(found) < sizeOf(known.shortest)) known.shortest = found;
  }
}
function causeText({ key, count, shortest: { asked, ours, theirs } }: Cause): string {
  const tables = asked.tables
    .map((t) => `${t.name} (${t.rows.length} rows, ${t.gives ?? 'inserts'})`)
    .join(', ');
  const text = fuzzedName(asked).replaceAll('; ', ';\n    ');
  return `[${key}] ${count} times; case ${asked.number} over ${tables}\n    ${text}\n    ours   ${ours.split('\n').slice(0, 6).join('\n           ')}\n    flink  ${theirs}`;
}

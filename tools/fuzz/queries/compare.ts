/* How two answers to a case differ: what is left of the rows always, each change where an order of rows is fixed, then the
 * columns. */

import type { Answer } from './answer.ts';
import type { QueryCase } from './generate.ts';
import type { Change } from './printed.ts';

/** From what is worst to what is least. */
export const ways = [
  'we break',
  'we change',
  'rows',
  'we fail',
  'we refuse',
  'changes',
  'names',
  'types',
  'nullability',
  'they fail',
  'they refuse',
] as const;
export type Way = (typeof ways)[number];
export interface Difference {
  readonly way: Way;
  readonly ours: string;
  readonly theirs: string;
}

/** Undefined where they agree. */
export function difference(asked: QueryCase, ours: Answer, theirs: Answer): Difference | undefined {
  const said = (a: Answer): string => (a.error === undefined ? 'answers' : (a.message ?? ''));
  const by = (way: Way, a = said(ours), b = said(theirs)): Difference => ({ way, ours: a, theirs: b });
  if (ours.error === 'bug') return by('we break');
  if (ours.error !== undefined || theirs.error !== undefined) {
    if (ours.error !== undefined && theirs.error !== undefined) return undefined;
    if (theirs.error !== undefined) return by(theirs.error === 'refused' ? 'they refuse' : 'they fail');
    return by(ours.error === 'refused' ? 'we refuse' : 'we fail');
  }
  const [a, b] = [net(ours.changes), net(theirs.changes)];
  const beyond = (all: readonly string[], others: readonly string[]): string =>
    all.length === 0 ? noRow : without(all, others);
  if (a.join('\n') !== b.join('\n')) return by('rows', beyond(a, b), beyond(b, a));
  if (orderIsFixed(asked)) {
    const [one, other] = [ours.changes.map(changeText), theirs.changes.map(changeText)];
    if (one.join('\n') !== other.join('\n')) return by('changes', from(one, other), from(other, one));
  }
  return columnsDiffer(ours, theirs);
}
function columnsDiffer(ours: Answer, theirs: Answer): Difference | undefined {
  const parts = [
    ['names', (a: Answer) => a.columns.map((c) => c.name)],
    ['types', (a: Answer) => a.columns.map((c) => c.type)],
    ['nullability', (a: Answer) => a.columns.map((c) => `${c.type}${c.nullable ? '' : ' NOT NULL'}`)],
  ] as const;
  for (const [way, of] of parts) {
    const [a, b] = [of(ours), of(theirs)];
    const at = a.findIndex((column, i) => column !== b[i]);
    if (at >= 0 || a.length !== b.length)
      return { way, ours: `${at}: ${a[at] ?? ''}`, theirs: `${at}: ${b[at] ?? ''}` };
  }
  return undefined;
}
const changeText = ([kind, ...cells]: Change): string => `${kind} ${JSON.stringify(cells)}`;
/** What is left of changes: how often each row, sorted. */
export function net(changes: readonly Change[]): string[] {
  const counts = new Map<string, number>();
  for (const [kind, ...cells] of changes) {
    const row = JSON.stringify(cells);
    counts.set(row, (counts.get(row) ?? 0) + (kind.startsWith('+') ? 1 : -1));
  }
  return [...counts].flatMap(([row, n]) => (n === 0 ? [] : [`${n} x ${row}`])).sort();
}
/** In place of the rows that one has beyond the other where it has none at all. */
const noRow = '(no row)';
const shownMax = 4;
function without(all: readonly string[], others: readonly string[]): string {
  const left = all.filter((row) => !others.includes(row));
  return `${left.slice(0, shownMax).join('  ')}${left.length > shownMax ? ` and ${left.length - shownMax} more` : ''}`;
}
/** From the first change that differs. */
function from(all: readonly string[], others: readonly string[]): string {
  const at = all.findIndex((change, i) => change !== others[i]);
  return at < 0 ? `(ends after ${all.length})` : `${at}: ${all.slice(at, at + shownMax).join('  ')}`;
}

/** Rows that one watermark frees together come in no fixed order; nor do those of several scans. Settings change the steps, and of
 *  a sink it is asked what it holds. */
export function orderIsFixed({ tables, views, sql, set, into }: QueryCase): boolean {
  if (set !== undefined || into !== undefined) return false;
  const text = [...views, sql].join(' ');
  const names = [...tables.map((t) => t.name), ...views.map((v) => v.split(' ')[2]!)];
  const read = names.flatMap(
    (name) => text.match(new RegExp(`\\b(?:FROM|TABLE|JOIN) ${name}\\b`, 'g')) ?? [],
  );
  // The first row of a time goes out with the watermark.
  const looked = text.replace(
    /ROW_NUMBER\(\) OVER \((?![^()]*ORDER BY [\w.]+(?: ASC| DESC)?\)[^(]*?(?:= 1|< 2))/g,
    '',
  );
  return (
    read.length <= 1 + views.length &&
    !/ROW_NUMBER\(\) OVER \([^()]*\) AS c\d|window_|TUMBLE|HOP|SESSION|CUMULATE|MATCH_RECOGNIZE|UNION|INTERSECT|EXCEPT|,\s*LATERAL| OVER \(|proc|GROUPING|ROLLUP|CUBE|COLLECT\(/.test(
      looked,
    )
  );
}

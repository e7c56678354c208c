/* What differed, by cause: the shape and the way in which the answers differ, with the shortest example. */

import { knownDifferences } from '../../tests/conformance/known-differences.ts';
import type { ColumnAnswer, FlinkColumn } from './columns.ts';
import type { Answer } from './ours.ts';
import { sampleColumns } from './table.ts';
import { displayValue } from '../../packages/expr/src/values/display-value.ts';

interface Finding {
  readonly shape: string;
  readonly how: string;
  count: number;
  sql: string;
  ours: string;
  theirs: string;
}
const shownValue = (v: string | null | undefined): string =>
  v === undefined ? '(fails)' : v === null ? 'NULL' : JSON.stringify(v);

export class Findings {
  readonly #byCause = new Map<string, Finding>();
  total = 0;

  get size(): number {
    return this.#byCause.size;
  }
  get short(): string {
    return `${this.total} values compared, ${this.size} causes`;
  }
  compared(values: number): void {
    this.total += values;
  }
  /** Expressions by where they stand, and those among them that give values here. */
  readonly #taken = { columns: { all: 0, give: 0 }, literals: { all: 0, give: 0 } };
  took(kind: 'columns' | 'literals', gives: boolean): void {
    this.#taken[kind].all++;
    if (gives) this.#taken[kind].give++;
  }
  #counts(): string {
    const { columns, literals } = this.#taken;
    const all = columns.all + literals.all;
    if (all === 0) return `${this.total} values compared`;
    return `${all} expressions: ${columns.all} over columns (${columns.give} give values), ${literals.all} of literals (${literals.give}); ${this.total} values compared`;
  }
  /** Differences that are listed, by the title under which they are and the way in which the answers differ. */
  readonly #listed = new Map<string, Map<string, Finding>>();

  add(shape: string, how: string, sql: string, ours: string, theirs: string): void {
    const known = knownDifferences.find((k) => k.matches?.({ shape, how, sql, ours, theirs }) === true);
    if (known !== undefined) {
      const kinds = this.#listed.get(known.title) ?? new Map<string, Finding>();
      this.#listed.set(known.title, kinds);
      const reason = how.startsWith('they ') ? reasonOf(theirs) : '';
      count(kinds, `${how}: ${reason}`, { shape, how, count: 1, sql, ours, theirs });
    } else count(this.#byCause, `${how}\n${shape}`, { shape, how, count: 1, sql, ours, theirs });
  }
  literal(shape: string, sql: string, ours: Answer, theirs: Answer): void {
    if (this.#classes(shape, sql, ours, theirs)) return;
    if (ours.value !== theirs.value)
      this.add(
        shape,
        howValues(ours.value, theirs.value),
        sql,
        shownValue(ours.value),
        shownValue(theirs.value),
      );
    else this.#types(shape, sql, ours.type, theirs.type, 'of literals');
  }
  columns(shape: string, ours: ColumnAnswer, theirs: FlinkColumn): void {
    // Flink may evaluate a row that was kept from it: where some of ours fail, so may its job.
    if (theirs.error === 'failed' && ours.values.includes(undefined)) return;
    // What is wrong with a constant we say when a row meets it.
    const gives = ours.values.some((v) => v !== undefined && v !== null);
    if (theirs.error === 'refused' && ours.values.includes(undefined) && !gives) return;
    if (this.#classes(shape, ours.sql, ours, theirs)) return;
    if (!ours.values.some((v) => v !== undefined)) {
      this.add(shape, 'we fail', ours.sql, ours.message ?? '', 'answers');
      return;
    }
    for (const [row, value] of ours.values.entries()) {
      const their = theirs.values[row];
      // The row was kept from Flink.
      if (value === their || value === undefined) continue;
      const how = howValues(value, their);
      this.add(shape, how, withValues(ours.sql, row), shownValue(value), shownValue(their));
    }
    this.#types(shape, ours.sql, ours.type, theirs.type, '');
  }
  /** Of a row on which we fail: Flink should too. */
  failedRow(shape: string, ours: ColumnAnswer, theirs: FlinkColumn, row: number): void {
    if (theirs.error !== undefined) return;
    this.add(shape, 'we fail', withValues(ours.sql, row), ours.message ?? '', shownValue(theirs.values[row]));
  }
  #classes(shape: string, sql: string, ours: Answer | ColumnAnswer, theirs: Answer | FlinkColumn): boolean {
    const [a, b] = [ours.error ?? 'answers', theirs.error ?? 'answers'];
    if (a === 'answers' && b === 'answers') return false;
    if (a !== b && !(a !== 'answers' && b !== 'answers')) {
      const how =
        a === 'answers'
          ? `they ${b === 'refused' ? 'refuse' : 'fail'}`
          : a === 'refused'
            ? 'we refuse'
            : 'we fail';
      const kind = a === 'answers' ? '' : '';
      this.add(shape, how + kind, sql, ours.message ?? 'answers', theirs.message ?? 'answers');
    }
    return true;
  }
  #types(
    shape: string,
    sql: string,
    ours: string | undefined,
    theirs: string | undefined,
    where: string,
  ): void {
    if (ours === theirs) return;
    const bare = (t: string | undefined): string => (t ?? '').replaceAll(' NOT NULL', '');
    const how = `${bare(ours) === bare(theirs) ? 'nullability' : 'type'} ${where}`.trim();
    this.add(shape, how, sql, ours ?? '', theirs ?? '');
  }
  /** All causes, values first. */
  report(): string {
    const order = [
      'we break',
      'generated',
      'value',
      'NULL',
      'we fail',
      'we refuse',
      'type',
      'nullability',
      'they',
    ];
    const rank = (f: Finding): number => order.findIndex((o) => f.how.startsWith(o));
    const all = [...this.#byCause.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
    const lines = all.map(
      (f) =>
        `[${f.how}] ${f.shape}  (${f.count})\n    ${f.sql}\n    ours   ${f.ours}\n    flink  ${f.theirs}`,
    );
    const listed = [...this.#listed].map(([title, kinds]) => {
      const found = [...kinds].sort(([, a], [, b]) => b.count - a.count);
      const total = found.reduce((n, [, f]) => n + f.count, 0);
      const each = found.map(([kind, f]) => `        ${f.count} ${kind}  ${f.sql} | ${f.ours} | ${f.theirs}`);
      return `    ${total} ${title}\n${each.join('\n')}`;
    });
    return `${this.#counts()}; ${this.size} causes that are not listed\n\nlisted:\n${listed.join('\n')}\n\n${lines.join('\n')}\n`;
  }
}

/** The start of a message, without what it names. */
const reasonOf = (message: string): string =>
  message
    .replace(/^[\w.]*\.(?=\w+(?:Exception|Error))/, '')
    .replace(/'[^']*'|"[^"]*"|\d+/g, '…')
    .slice(0, 60);
/** Counts a difference under its key; the shortest example stays. */
function count(into: Map<string, Finding>, key: string, finding: Finding): void {
  const found = into.get(key);
  if (found === undefined) into.set(key, finding);
  else {
    found.count++;
    const { sql, ours, theirs } = finding;
    if (sql.length < found.sql.length) Object.assign(found, { sql, ours, theirs });
  }
}

const howValues = (ours: string | null | undefined, theirs: string | null | undefined): string =>
  ours === null ? 'NULL of ours' : theirs === null ? 'NULL of theirs' : 'value';

/** The expression with the values of its columns in one row. */
export function withValues(sql: string, row: number): string {
  const named = new Map<string, string>();
  for (const [, name] of sql.matchAll(/`(\w+_\dn?)`/g)) {
    const column = sampleColumns.find((c) => c.name === name);
    if (column !== undefined) named.set(name!, displayValue(column.values[row]!, column.type));
  }
  return `${sql}  -- ${[...named].map(([n, v]) => `${n} = ${v}`).join(', ')}`;
}

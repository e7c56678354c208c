/* Mistakes in what ranks rows, keeps one of a key, and looks at the rows around each. */

import type { Break } from './break.ts';

const operators = 'packages/dataflow/src/operators';
const ranks = 'packages/dataflow/test/reference-rank.test.ts';
const overs = 'packages/dataflow/test/reference-over.test.ts';

export const overBreaks: readonly Break[] = [
  {
    mistake: 'a numbered row goes out with the number that it had',
    file: `${operators}/rank-output.ts`,
    test: { vitest: ranks, named: 'numbered' },
    find: 'this.#emit(after, at, before >= 0 ? 2 : 0);',
    replace: 'this.#emit(after, at + 1, before >= 0 ? 2 : 0);',
  },
  {
    mistake: 'numbered rows are told apart by the key that they had below',
    file: 'packages/plan/src/physical/nodes/rank.ts',
    test: { slt: 'tests/slt/over/top-n-changes.slt' },
    find: 'if (numbered) return [...partition, fields.length - 1];',
    replace: 'if (numbered) return partition;',
  },
  {
    mistake: 'an upper bound is taken for one that is included',
    file: 'packages/plan/src/rewrite/top-n.ts',
    test: { slt: 'tests/slt/over/top-n-inserts.slt' },
    find: '      return { from: 1, to: value - 1 };\n',
    replace: '      return { from: 1, to: value };\n',
  },
  {
    mistake: 'the first row of a key by time may be followed by an earlier one',
    file: `${operators}/deduplicate.ts`,
    test: { vitest: ranks, named: 'deduplicate' },
    find: 'if (seen >= 0 && this.#seen.fresh(seen)) continue;',
    replace: 'if (seen >= 0 && this.#seen.fresh(seen) && keys.length > 9) continue;',
  },
  {
    mistake: 'a row of the same time does not take the place of the last one',
    file: `${operators}/deduplicate.ts`,
    test: { vitest: ranks, named: 'deduplicate' },
    find: 'compareCell(slot, columns[time]!, row) <= 0;',
    replace: 'compareCell(slot, columns[time]!, row) < 0;',
  },
  {
    mistake: 'a row for a closed window opens it again',
    file: `${operators}/window-rank.ts`,
    test: { vitest: ranks, named: 'window-rank' },
    find: 'if (at !== Infinity && at <= watermarks[row]!) {',
    replace: 'if (at !== Infinity && at < watermarks[row]! - 50) {',
  },
  {
    mistake: 'of equals by time the first one stays',
    file: `${operators}/window-rank.ts`,
    test: { vitest: ranks, named: 'window-rank' },
    find: 'if (order < 0 || (order === 0 && !latestOfEquals)) return;',
    replace: 'if (order <= 0) return;',
  },
  {
    mistake: 'a frame of rows holds one more',
    file: `${operators}/over-partitions.ts`,
    test: { vitest: overs, named: 'over-aggregate, rows' },
    find: "unit === 'rows' ? preceding + 1 : Infinity",
    replace: "unit === 'rows' ? preceding + 2 : Infinity",
  },
  {
    mistake: 'a row at the very edge of a range has left it',
    file: `${operators}/over-partitions.ts`,
    test: { vitest: overs, named: 'over-aggregate, range' },
    find: 'this.#times!.values[first]! >= time) return;',
    replace: 'this.#times!.values[first]! > time) return;',
  },
  {
    mistake: 'a bounded range is forgotten while rows may still reach it',
    file: `${operators}/over-waiting.ts`,
    test: { vitest: overs, named: 'over-aggregate, range' },
    find: 'this.#time + Math.floor(preceding * 1.5) + 1;',
    replace: 'this.#time + Math.floor(preceding * 0.5) + 1;',
  },
  {
    mistake: 'by range the first of equals does not count those behind it',
    file: `${operators}/partition-pass.ts`,
    test: { vitest: overs, named: 'over-sorted' },
    find: "this.#spec.unit === 'range' ? lasts : Int32Array",
    replace: "this.#spec.unit === 'range' ? firsts : Int32Array",
  },
  {
    mistake: 'rows equal to the one that comes are not corrected',
    file: `${operators}/over-sorted.ts`,
    test: { vitest: overs, named: 'over-sorted' },
    find: 'next: whole.firsts[at]!,',
    replace: 'next: at,',
  },
  {
    mistake: 'a frame that moves along keeps what is behind it',
    file: `${operators}/partition-frames.ts`,
    test: { vitest: 'tests/properties/over.test.ts', named: 'batch' },
    find: 'if (begin > from) this.#aggregates.add(',
    replace: 'if (begin > from + 1) this.#aggregates.add(',
  },
  {
    mistake: 'a row without a time is in a frame of OVER',
    file: 'packages/dataflow/src/operators/over-waiting.ts',
    test: { slt: 'tests/slt/time/null-times.slt' },
    find: '(at <= passed || this.#hasNoTime(columns, row))',
    replace: 'at <= passed',
  },
  {
    mistake: 'a row without a time is in the window of 1970',
    file: 'packages/dataflow/src/operators/window-table.ts',
    test: { slt: 'tests/slt/time/null-times.slt' },
    find: 'if (column !== undefined && isNullAt(columns[column]!, row)) {',
    replace: 'if (column === -1) {',
  },
];

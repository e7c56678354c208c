/* Mistakes in joins that are bounded in time. */

import type { Break } from './break.ts';

const operators = 'packages/dataflow/src/operators';
const plan = 'packages/plan/src';
const reference = 'packages/dataflow/test/bounded-joins.test.ts';
const properties = 'tests/properties/bounded-joins.test.ts';

export const joinBreaks: readonly Break[] = [
  {
    mistake: 'the last partner in the reach of an interval is not met',
    file: `${operators}/interval-join.ts`,
    test: { vitest: properties, named: 'within' },
    find: 'this.#others.timeOf(slot) <= this.#run.times[i]! + this.#after',
    replace: 'this.#others.timeOf(slot) < this.#run.times[i]! + this.#after',
  },
  {
    mistake: 'a row that met another goes out alone as well',
    file: `${operators}/interval-side.ts`,
    test: { slt: 'tests/slt/joins/interval-outer.slt' },
    find: 'this.#met !== undefined && this.#met.values[slot] === 0',
    replace: 'this.#met !== undefined',
  },
  {
    mistake: 'the watermark of an interval join does not wait',
    file: `${operators}/interval-join.ts`,
    test: { slt: 'tests/slt/joins/interval-outer.slt' },
    find: '? 0 : Math.max(-lowerMs, upperMs)',
    replace: '? 0 : 0',
  },
  {
    mistake: 'rows of an interval join go 1 ms early',
    file: `${operators}/interval-side.ts`,
    test: { vitest: reference, named: 'interval join' },
    find: 'return watermark - this.spec.after - 1;',
    replace: 'return watermark - this.spec.after;',
  },
  {
    mistake: 'a bound of more is taken for one of more or equal',
    file: `${plan}/logical/interval.ts`,
    test: { vitest: properties, named: 'within' },
    find: "return { side: 'lower', ms: ms + 1 };",
    replace: "return { side: 'lower', ms };",
  },
  {
    mistake: 'bounds with the right time first are read as if the left one were',
    file: `${plan}/logical/interval.ts`,
    test: { vitest: properties, named: 'within' },
    find: 'isForwards ? part.fn : mirrored[part.fn]',
    replace: 'part.fn',
  },
  {
    mistake: 'an interval join takes changes',
    file: `${plan}/physical/rules/interval-join.ts`,
    test: { vitest: 'tests/plans/plans.test.ts', named: 'errors/joins' },
    find: "requireInserts(input, 'an interval join', 'IntervalJoin', to);",
    replace: 'input.fields.at(0);',
  },
  {
    mistake: 'a row for a closed window waits for it',
    file: `${operators}/window-join.ts`,
    test: { slt: 'tests/slt/joins/window-kinds.slt' },
    find: 'this.#ends[i] = isLate ? Infinity : end;',
    replace: 'this.#ends[i] = end;',
  },
  {
    mistake: 'a right row goes out alone although a left one met it',
    file: `${operators}/window-join.ts`,
    test: { vitest: properties, named: 'in windows' },
    find: 'if (met !== undefined) met.values[r] = 1;',
    replace: 'if (met !== undefined) met.values[r] = 0;',
  },
  {
    mistake: 'sessions that end together are one window',
    file: `${plan}/physical/rules/window-join.ts`,
    test: { slt: 'tests/slt/joins/window-sessions.slt' },
    find: 'isSession ? [...starts, ...rest] : rest',
    replace: 'rest',
  },
  {
    mistake: 'one end of the windows is enough for a window join',
    file: `${plan}/logical/window-join.ts`,
    test: { vitest: 'tests/plans/plans.test.ts', named: 'window-joins' },
    find: 'starts.length === 0 || ends.length === 0',
    replace: 'starts.length === 0 && ends.length === 0',
  },
  {
    mistake: 'a version holds from behind its time on',
    file: `${operators}/temporal-join.ts`,
    test: { vitest: properties, named: 'version' },
    find: 'this.#versions.seek(key, time + 1);',
    replace: 'this.#versions.seek(key, time);',
  },
  {
    mistake: 'the last version that the watermark passed is forgotten',
    file: `${operators}/temporal-join.ts`,
    test: { vitest: reference, named: 'temporal join' },
    find: 'first >= 0 && first !== last',
    replace: 'first >= 0',
  },
  {
    mistake: 'the end of a row is a version like others',
    file: `${operators}/temporal-join.ts`,
    test: { vitest: properties, named: 'version' },
    find: 'this.#ends.values[slot] = isThere ? 0 : 1;',
    replace: 'this.#ends.values[slot] = 0;',
  },
  {
    mistake: 'a filter in front of a temporal join lets changes through',
    file: `${plan}/physical/rules/temporal-join.ts`,
    test: { vitest: 'tests/plans/plans.test.ts', named: 'errors/joins' },
    find: '    checkFilters(right, to);\n',
    replace: '',
  },
];

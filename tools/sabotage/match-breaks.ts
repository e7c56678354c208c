/* Mistakes in patterns over rows. */

import type { Break } from './break.ts';

const operators = 'packages/dataflow/src/operators';
const properties = 'tests/properties/match.test.ts';

export const matchBreaks: readonly Break[] = [
  {
    mistake: 'a greedy variable lets its rows go to the one behind it',
    file: `${operators}/match-runs.ts`,
    test: { vitest: properties },
    find: 'if (this.#bars(at, run)) break;',
    replace: '',
  },
  {
    mistake: 'a match ends a second before WITHIN says so',
    file: `${operators}/match-runs.ts`,
    test: { vitest: properties },
    find: 'timeMs - run.startMs < withinMs',
    replace: 'timeMs - run.startMs < withinMs - 1000',
  },
  {
    mistake: 'a whole match does not wait for one that began earlier',
    file: `${operators}/match-runs.ts`,
    test: { slt: 'tests/slt/match/waiting.slt' },
    find: 'earlier.start < first.start',
    replace: 'earlier.start < 0',
  },
  {
    mistake: 'rows go although a match that has begun covers them',
    file: `${operators}/match.ts`,
    test: { slt: 'tests/slt/match/funnel.slt' },
    find: 'partial[0]?.start ?? waiting',
    replace: 'waiting',
  },
  {
    mistake: 'a variable that may be left out is taken for one that must come',
    file: 'packages/plan/src/physical/match-states.ts',
    test: { vitest: properties },
    find: 'return state(next, min === 0);',
    replace: 'return state(next, false);',
  },
  {
    mistake: 'MATCH_ROWTIME() has the type of the rowtime',
    file: 'packages/plan/src/bind/match-calls.ts',
    test: { slt: 'tests/slt/match/zone.slt' },
    find: 'named === undefined ? notNull(types.timestamp(3)) : scope.fields[time]!.type',
    replace: 'scope.fields[time]!.type',
  },
];

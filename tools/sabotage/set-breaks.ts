/* Mistakes in grouping sets, and in INTERSECT ALL and EXCEPT ALL. */

import type { Break } from './break.ts';

const slt = 'tests/slt/aggregates/grouping-sets.slt';

export const setBreaks: readonly Break[] = [
  {
    mistake: 'a grouping set keeps the keys that it leaves out',
    file: 'packages/dataflow/src/operators/expand.ts',
    test: { slt },
    find: 'left[this.#sets[r]!] === 1 ? -1',
    replace: 'left[this.#sets[r]!] === 2 ? -1',
  },
  {
    mistake: 'an aggregate of a key reads it as the grouping set has it',
    file: 'packages/plan/src/bind/grouping.ts',
    test: { slt },
    find: '!nulled.has(i) && digest(x)',
    replace: 'digest(x)',
  },
  {
    mistake: 'the copies of an unfinished row come out again',
    file: 'packages/dataflow/src/operators/replicate.ts',
    test: { vitest: 'packages/dataflow/test/contract.test.ts', named: 'replicate' },
    find: 'if (this.#copies < count) break;',
    replace: 'if (this.#copies < count) { this.#copies = 0; break; }',
  },
  {
    mistake: 'INTERSECT ALL gives as many rows as the side with more of them has',
    file: 'packages/plan/src/bind/set-operation.ts',
    test: { slt: 'tests/slt/queries/set-operations-all.slt' },
    find: "bindCall('<', [lefts, rights])",
    replace: "bindCall('>', [lefts, rights])",
  },
];

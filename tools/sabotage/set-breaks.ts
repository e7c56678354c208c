/* Mistakes in grouping sets. */

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
];

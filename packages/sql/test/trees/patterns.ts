/* Random patterns of MATCH_RECOGNIZE. */

import fc from 'fast-check';
import type { RowPattern } from '#sql';
import { lists, word } from './parts.ts';

export const { pattern } = fc.letrec<{ pattern: RowPattern }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('A', 'B').map((variable): RowPattern => ({ kind: 'variable', name: word(variable) })),
    fc.constantFrom('^' as const, '$' as const).map((at): RowPattern => ({ kind: 'anchor', at })),
    fc
      .record({
        kind: fc.constantFrom('sequence' as const, 'alternation' as const),
        items: fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }),
      })
      .map((parts): RowPattern => parts),
    lists(tie('pattern')).map((items): RowPattern => ({ kind: 'permute', items })),
    tie('pattern').map((item): RowPattern => ({ kind: 'exclusion', item })),
    fc
      .record({
        item: tie('pattern'),
        bounds: fc.constantFrom(
          [0, undefined],
          [1, undefined],
          [0, 1],
          [2, 2],
          [2, undefined],
          [0, 3],
          [1, 3],
        ),
        reluctant: fc.boolean(),
      })
      .map(
        ({ item, bounds, reluctant }): RowPattern => ({
          kind: 'repeat',
          item,
          min: bounds[0] ?? 0,
          max: bounds[1],
          reluctant,
        }),
      ),
  ),
}));

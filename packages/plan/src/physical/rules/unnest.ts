/* UNNEST: of a column; what is computed is computed first. */

import type { UnnestRel } from '../../logical/nodes/unnest.ts';
import { withColumns } from '../nodes/calc.ts';
import type { Convert } from './rule.ts';
import { withoutColumns } from './columns.ts';

export const convertUnnest: Convert<UnnestRel> = {
  make(rel, to) {
    const below = to.convert(rel.input);
    const width = rel.input.fields.length;
    const plain = rel.expr.kind === 'column' ? rel.expr.index : undefined;
    const input = plain === undefined ? withColumns(below, [rel.expr], '$unnest') : below;
    return withoutColumns(
      {
        kind: 'unnest',
        inputs: [input],
        column: plain ?? width,
        ordinality: rel.ordinality,
        left: rel.left,
        fields: [...input.fields, ...rel.fields.slice(width)],
      },
      width,
      input.fields.length - width,
      rel.fields,
    );
  },
};

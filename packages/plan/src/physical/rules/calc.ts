/* Projections and filters: a calc takes both at once. */

import { identity } from '../../logical/field.ts';
import type { FilterRel } from '../../logical/nodes/filter.ts';
import type { ProjectRel } from '../../logical/nodes/project.ts';
import { calc } from '../nodes/calc.ts';
import type { Convert } from './rule.ts';

export const convertProject: Convert<ProjectRel> = {
  make: ({ input, exprs, fields }, to) =>
    input.kind === 'filter'
      ? calc(to.convert(input.input), input.condition, exprs, fields)
      : calc(to.convert(input), undefined, exprs, fields),
};
export const convertFilter: Convert<FilterRel> = {
  make: ({ input, condition, fields }, to) => calc(to.convert(input), condition, identity(fields), fields),
};

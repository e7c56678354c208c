/* Windowing table functions that no aggregation took over. */

import type { WindowSpec } from '../../logical/field.ts';
import type { WindowTableRel } from '../../logical/nodes/window-table.ts';
import type { Convert, Conversion } from './rule.ts';

/** The zone that windows align in: only for times that are instants. */
export const windowZone = (spec: WindowSpec, to: Conversion): string | undefined =>
  spec.timeKind === 'proctime' || spec.timeType.kind === 'TIMESTAMP_LTZ'
    ? to.session.settings.timeZone
    : undefined;

export const convertWindowTable: Convert<WindowTableRel> = {
  make: ({ input, window, fields }, to) => ({
    kind: 'window-table',
    inputs: [to.convert(input)],
    window,
    zone: windowZone(window, to),
    fields,
  }),
};

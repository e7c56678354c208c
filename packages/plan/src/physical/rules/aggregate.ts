/* GROUP BY: over a window that closes, or kept up to date for ever. */

import { groupsByWindow, windowColumns } from '../../logical/kinds.ts';
import type { AggregateRel } from '../../logical/nodes/aggregate.ts';
import type { Convert } from './rule.ts';
import { windowZone } from './window-table.ts';

export const convertAggregate: Convert<AggregateRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    const { keys, calls, fields, window } = rel;
    if (window !== undefined)
      return {
        kind: 'window-aggregate',
        inputs: [input],
        keys,
        calls,
        window: { kind: 'time', spec: window },
        zone: windowZone(window, to),
        properties: rel.properties.map((p) =>
          p === 'rowtime' && window.timeType.kind === 'TIMESTAMP_LTZ' ? 'rowtime-ltz' : p,
        ),
        fields,
      };
    const attached = windowColumns(rel.input);
    // Windows of processing time have no watermark to close them: their groups change as rows come, as in Flink.
    if (attached.window?.timeKind === 'rowtime' && groupsByWindow(rel.input, keys))
      return {
        kind: 'window-aggregate',
        inputs: [input],
        keys,
        calls,
        window: { kind: 'attached', start: attached.start!, end: attached.end! },
        zone: windowZone(attached.window, to),
        properties: [],
        fields,
      };
    const { settings } = to.session;
    return {
      kind: 'group-aggregate',
      inputs: [input],
      keys,
      calls,
      ttlMs: rel.ttlMs ?? settings.durationMs('table.exec.state.ttl'),
      finalOnly: settings.batch,
      fields,
    };
  },
};

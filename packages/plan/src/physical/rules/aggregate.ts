/* GROUP BY: over a window that closes, or kept up to date for ever. */

import { groupsByWindow, windowColumns } from '../../logical/kinds.ts';
import type { AggregateRel } from '../../logical/nodes/aggregate.ts';
import { emitStrategy } from './emit.ts';
import type { Convert } from './rule.ts';
import { windowZone } from './window-table.ts';

export const convertAggregate: Convert<AggregateRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    const { keys, calls, fields, window } = rel;
    if (window !== undefined) {
      const emit = emitStrategy(window, to);
      const properties = rel.properties.map((p) =>
        p === 'rowtime' && window.timeType.kind === 'TIMESTAMP_LTZ' ? 'rowtime-ltz' : p,
      );
      const common = {
        inputs: [input],
        keys,
        calls,
        zone: windowZone(window, to),
        properties,
        fields,
      } as const;
      if (emit !== undefined) return { kind: 'emit-window-aggregate', ...common, window, emit };
      return { kind: 'window-aggregate', ...common, window: { kind: 'time', spec: window } };
    }
    const attached = windowColumns(rel.input);
    // Windows of processing time have no watermark to close them: their groups change as rows come, as in Flink.
    if (attached.window?.timeKind === 'rowtime' && groupsByWindow(rel.input, keys)) {
      emitStrategy(undefined, to);
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
    }
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

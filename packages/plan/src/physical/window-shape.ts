/* Windows as operators are asked for them. */

import { assert } from '#base';
import type { WindowShape } from '#job';
import type { WindowSpec } from '../logical/field.ts';

export const sessionOf = (
  spec: WindowSpec,
): { readonly gapMs: number; readonly time: number | undefined } => ({
  gapMs: spec.sizeMs,
  time: spec.timeKind === 'rowtime' ? spec.time : undefined,
});

export function shapeOf(spec: WindowSpec): WindowShape {
  const { sizeMs, slideMs, offsetMs } = spec;
  assert(spec.kind !== 'session', 'a session has no shape of its own');
  switch (spec.kind) {
    case 'tumble':
      return { kind: 'tumble', sizeMs, offsetMs };
    case 'hop':
      return { kind: 'hop', sizeMs, slideMs, offsetMs, newestFirst: spec.tableFunction };
    case 'cumulate':
      return { kind: 'cumulate', sizeMs, stepMs: slideMs, offsetMs };
  }
}

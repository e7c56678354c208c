/* UNION ALL of inputs with the same columns. */

import { withNullable } from '#data';
import { digest } from '../../digest.ts';
import type { RelField, WindowSpec } from '../field.ts';
import { noWindow, type Pruned, type RelKind } from '../kind.ts';
import { positions, sortedColumns } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { column, project } from './project.ts';

export interface UnionRel {
  readonly kind: 'union';
  readonly inputs: readonly Rel[];
  readonly fields: readonly RelField[];
}

export function union(inputs: readonly Rel[]): UnionRel {
  const [first] = inputs;
  const fields = first!.fields.map(
    (f, i): RelField => ({
      name: f.name,
      type: withNullable(
        f.type,
        inputs.some((r) => r.fields[i]!.type.nullable),
      ),
      time: inputs.every((r) => r.fields[i]!.time === f.time) ? f.time : undefined,
    }),
  );
  return { kind: 'union', inputs, fields };
}

/** Equal for windows of the same kind and lengths over the same kind of time, whatever column that is. */
export const windowDigest = (w: WindowSpec | undefined): string =>
  digest(w && [w.kind, w.timeKind, w.timeType.kind, w.sizeMs, w.slideMs, w.offsetMs]);

export const unionKind: RelKind<UnionRel> = {
  inputs: (rel) => rel.inputs,
  withInputs: (rel, inputs) => ({ ...rel, inputs }),
  reads: () => ({ exprs: [], columns: [] }),
  text: () => 'LogicalUnion(all=[true])',

  windows(_, below) {
    // One window in every input, and in the same columns; of a processing time the inputs are in no order.
    const [first, ...others] = below;
    const { start, end, time, window } = first!;
    const same = others.every(
      (o) =>
        o.start === start &&
        o.end === end &&
        o.time === time &&
        windowDigest(o.window) === windowDigest(window),
    );
    return same && window?.timeKind === 'rowtime' ? { start, end, time, window } : noWindow;
  },

  prune(rel, needed, prune): Pruned {
    const kept = sortedColumns(needed);
    const inputs = rel.inputs.map((r) => {
      const input = prune(r, needed);
      const exact =
        input.rel.fields.length === kept.length && kept.every((old, i) => input.at.get(old) === i);
      if (exact) return input.rel;
      const exprs = kept.map((i) => column(input.rel, input.at.get(i)!));
      return project(
        input.rel,
        exprs,
        kept.map((i) => r.fields[i]!.name),
      );
    });
    return { rel: { ...rel, inputs, fields: kept.map((i) => rel.fields[i]!) }, at: positions(kept) };
  },
};

/* Functions over a window of rows around each row: OVER (PARTITION BY … ORDER BY … frame). Fields: the input's, then the calls. */

import type { OverCall } from '#expr';
import { callText, columnNames, frameText, orderText } from '../../text.ts';
import type { OverWindow, RelField } from '../field.ts';
import { oneInput, type Pruned, type RelKind } from '../kind.ts';
import { unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { picked } from './project.ts';

export interface OverRel {
  readonly kind: 'over';
  readonly input: Rel;
  readonly window: OverWindow;
  readonly calls: readonly OverCall[];
  readonly fields: readonly RelField[];
}

export function over(
  input: Rel,
  window: OverWindow,
  calls: readonly OverCall[],
  names: readonly string[],
): OverRel {
  const made = calls.map((c, i): RelField => ({ name: names[i]!, type: c.type, time: undefined }));
  return { kind: 'over', input, window, calls, fields: [...input.fields, ...made] };
}

const columnsRead = ({ partition, keys }: OverWindow, calls: readonly OverCall[]): number[] => [
  ...partition,
  ...keys.map((k) => k.column),
  ...calls.flatMap((c) => [...c.args, ...(c.filter === undefined ? [] : [c.filter])]),
];

export const overKind: RelKind<OverRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [],
    columns: columnsRead(rel.window, rel.calls).map((index) => ({ index, over: rel.input.fields })),
  }),
  windows: (_, [below]) => below!,
  text({ input, window, calls, fields }) {
    const at = input.fields.length;
    const made = calls.map((c, i) => callText(c, input.fields, fields[at + i]!.name));
    return `LogicalOver(partition=[${columnNames(window.partition, input.fields)}], order=[${orderText(window.keys, input.fields)}], window=[${frameText(window.frame)}], select=[${made.join(', ')}])`;
  },

  /** Calls that nobody reads go; without any, so does the window. */
  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const own = [...needed].filter((i) => i < count);
    const kept = rel.calls.map((_, i) => i).filter((i) => needed.has(count + i));
    if (kept.length === 0) return prune(rel.input, new Set(own));
    const calls = kept.map((i) => rel.calls[i]!);
    const wanted = unionOf(own, columnsRead(rel.window, calls));
    const input = picked(prune(rel.input, wanted), wanted);
    const to = (old: number): number => input.at.get(old)!;
    const window: OverWindow = {
      partition: rel.window.partition.map(to),
      keys: rel.window.keys.map((k) => ({ ...k, column: to(k.column) })),
      frame: rel.window.frame,
    };
    const moved = calls.map((c) => ({
      ...c,
      args: c.args.map(to),
      filter: c.filter === undefined ? undefined : to(c.filter),
    }));
    const names = kept.map((i) => rel.fields[count + i]!.name);
    const at = new Map(input.at);
    kept.forEach((old, i) => at.set(count + old, input.rel.fields.length + i));
    return { rel: over(input.rel, window, moved, names), at };
  },
};

/* A windowing table function: the input's fields, then window_start, window_end, window_time. */

import { notNull, types } from '#data';
import { windowText } from '../../text.ts';
import type { RelField, WindowSpec } from '../field.ts';
import { oneInput, type Pruned, type RelKind } from '../kind.ts';
import { unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { rowtimeType } from './aggregate.ts';

export interface WindowTableRel {
  readonly kind: 'window-table';
  readonly input: Rel;
  readonly window: WindowSpec;
  readonly fields: readonly RelField[];
}

export function windowTable(input: Rel, window: WindowSpec): WindowTableRel {
  const time: RelField =
    window.timeKind === 'proctime'
      ? { name: 'window_time', type: notNull(types.timestampLtz(3)), time: 'proctime' }
      : { name: 'window_time', type: rowtimeType(window.timeType), time: 'rowtime' };
  const stamp = notNull(types.timestamp(3));
  return {
    kind: 'window-table',
    input,
    window,
    fields: [
      ...inputFields(input, window.time),
      { name: 'window_start', type: stamp, time: undefined },
      { name: 'window_end', type: stamp, time: undefined },
      time,
    ],
  };
}
/** The column that the window was made of is no time attribute above it. */
const inputFields = (input: Rel, time: number): RelField[] =>
  input.fields.map((f, i) => (i === time ? { ...f, time: undefined } : f));

export const windowTableKind: RelKind<WindowTableRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [],
    columns: [rel.window.time, ...rel.window.partition].map((index) => ({ index, over: rel.input.fields })),
  }),
  windows(rel) {
    const at = rel.input.fields.length;
    return { start: at, end: at + 1, time: at + 2, window: rel.window };
  },
  text: (rel) => `LogicalTableFunctionScan(invocation=[${windowText(rel.window, rel.input.fields)}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const used = [...needed].filter((i) => i < count);
    const input = prune(rel.input, unionOf(used, [rel.window.time], rel.window.partition));
    const window = {
      ...rel.window,
      time: input.at.get(rel.window.time)!,
      partition: rel.window.partition.map((p) => input.at.get(p)!),
    };
    const shift = input.rel.fields.length;
    const at = new Map(input.at);
    for (let i = 0; i < 3; i++) at.set(count + i, shift + i);
    const fields = [...inputFields(input.rel, window.time), ...rel.fields.slice(count)];
    return { rel: { ...rel, input: input.rel, window, fields }, at };
  },
};

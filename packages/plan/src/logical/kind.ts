/* What the planner asks of every kind of relation. */

import type { Expr } from '#expr';
import type { RelField, WindowSpec } from './field.ts';
import type { Rel } from './rel.ts';

export interface RelKind<R extends Rel> {
  /** The relations that it reads. */
  inputs(rel: R): readonly Rel[];
  /** The same over other inputs, which give the same columns. */
  withInputs(rel: R, inputs: readonly Rel[]): R;
  /** What it reads of whose columns: for checks. */
  reads(rel: R): Reads;
  /** Narrowed to the columns that are needed, and to what it needs itself; `prune` narrows an input. */
  prune(rel: R, needed: ReadonlySet<number>, prune: Prune): Pruned;
  /** Which of its columns are those of a window; `below` are the windows of its inputs. */
  windows(rel: R, below: readonly WindowColumns[]): WindowColumns;
  /** Its line in the syntax tree of EXPLAIN. */
  text(rel: R): string;
}

export interface Reads {
  readonly exprs: readonly { readonly expr: Expr; readonly over: readonly RelField[] }[];
  readonly columns: readonly { readonly index: number; readonly over: readonly RelField[] }[];
}

/** `rel` narrowed; `at` is where each old column that is left has gone. */
export interface Pruned {
  readonly rel: Rel;
  readonly at: ReadonlyMap<number, number>;
}
export type Prune = (rel: Rel, needed: ReadonlySet<number>) => Pruned;

export interface WindowColumns {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly time: number | undefined;
  /** Its columns are those of the relation that made the window, not of this one. */
  readonly window: WindowSpec | undefined;
  /** More columns of the same values: a window join has those of both its sides. */
  readonly twins?: Readonly<Record<WindowPart, readonly number[]>>;
}
export type WindowPart = 'start' | 'end' | 'time';
/** All columns that are this part of the window. */
export const partColumns = (windows: WindowColumns, part: WindowPart): readonly number[] => [
  ...(windows[part] === undefined ? [] : [windows[part]]),
  ...(windows.twins?.[part] ?? []),
];
/** The windows of a relation whose columns are those of another: `places` says where each has gone. */
export function movedWindows(
  below: WindowColumns,
  places: (column: number) => readonly number[],
): WindowColumns {
  const moved = (part: WindowPart): readonly number[] => [
    ...new Set(partColumns(below, part).flatMap(places)),
  ];
  const [start, end, time] = [moved('start'), moved('end'), moved('time')];
  return {
    start: start[0],
    end: end[0],
    time: time[0],
    window: below.window,
    twins: { start: start.slice(1), end: end.slice(1), time: time.slice(1) },
  };
}
export const noWindow: WindowColumns = {
  start: undefined,
  end: undefined,
  time: undefined,
  window: undefined,
};

/** What a relation with one input has in common with others. */
export const oneInput = {
  inputs: (rel: { readonly input: Rel }): readonly Rel[] => [rel.input],
  withInputs: <R extends { readonly input: Rel }>(rel: R, inputs: readonly Rel[]): R => ({
    ...rel,
    input: inputs[0]!,
  }),
};

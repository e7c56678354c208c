/* Trait: which columns of a relation are window_start, window_end and window_time of one window, and which window. */

import type { GroupWindowProperty, Rel, WindowSpec } from './rel.ts';

export interface WindowColumns {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly time: number | undefined;
  /** Its columns are those of the relation that made the window, not of this one. */
  readonly window: WindowSpec | undefined;
}
const none: WindowColumns = { start: undefined, end: undefined, time: undefined, window: undefined };

export function windowColumns(rel: Rel): WindowColumns {
  switch (rel.kind) {
    case 'window-table': {
      const at = rel.input.fields.length;
      return { start: at, end: at + 1, time: at + 2, window: rel.window };
    }
    case 'project': {
      const below = windowColumns(rel.input);
      const find = (index: number | undefined): number | undefined => {
        if (index === undefined) return undefined;
        const at = rel.exprs.findIndex((e) => e.kind === 'column' && e.index === index);
        return at < 0 ? undefined : at;
      };
      return {
        start: find(below.start),
        end: find(below.end),
        time: find(below.time),
        window: below.window,
      };
    }
    case 'filter':
    case 'unnest':
      return windowColumns(rel.input);
    case 'aggregate': {
      if (rel.window !== undefined) {
        const at = (p: GroupWindowProperty): number | undefined => {
          const i = rel.properties.indexOf(p);
          return i < 0 ? undefined : rel.keys.length + rel.calls.length + i;
        };
        return { start: at('start'), end: at('end'), time: at('rowtime'), window: rel.window };
      }
      const below = windowColumns(rel.input);
      const key = (index: number | undefined): number | undefined => {
        const at = index === undefined ? -1 : rel.keys.indexOf(index);
        return at < 0 ? undefined : at;
      };
      const [start, end] = [key(below.start), key(below.end)];
      if (start === undefined || end === undefined) return none;
      return { start, end, time: key(below.time), window: below.window };
    }
    case 'union': {
      // One window in every input, and in the same columns; of a processing time the inputs are in no order.
      const [first, ...others] = rel.inputs.map(windowColumns);
      const { start, end, time, window } = first!;
      const same = others.every(
        (o) =>
          o.start === start && o.end === end && o.time === time && specText(o.window) === specText(window),
      );
      return same && window?.timeKind === 'rowtime' ? first! : none;
    }
    default:
      return none;
  }
}

/** Equal for equal windows. */
const specText = (window: WindowSpec | undefined): string =>
  window === undefined
    ? ''
    : [
        window.kind,
        window.timeKind,
        window.timeType.kind,
        window.sizeMs,
        window.slideMs,
        window.offsetMs,
      ].join(' ');

/** True when these group keys make a window aggregation: both ends of one window are among them. */
export function groupsByWindow(input: Rel, keys: readonly number[]): boolean {
  const { start, end } = windowColumns(input);
  return start !== undefined && end !== undefined && keys.includes(start) && keys.includes(end);
}

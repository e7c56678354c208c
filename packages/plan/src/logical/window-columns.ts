/* Trait: which columns of a relation are window_start, window_end and window_time of one window. */

import type { GroupWindowProperty, Rel, WindowSpec } from './rel.ts';

export interface WindowColumns {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly time: number | undefined;
}
const none: WindowColumns = { start: undefined, end: undefined, time: undefined };

export function windowColumns(rel: Rel): WindowColumns {
  switch (rel.kind) {
    case 'window-table': {
      const at = rel.input.fields.length;
      return { start: at, end: at + 1, time: at + 2 };
    }
    case 'project': {
      const below = windowColumns(rel.input);
      const find = (index: number | undefined): number | undefined => {
        if (index === undefined) return undefined;
        const at = rel.exprs.findIndex((e) => e.kind === 'column' && e.index === index);
        return at < 0 ? undefined : at;
      };
      return { start: find(below.start), end: find(below.end), time: find(below.time) };
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
        return { start: at('start'), end: at('end'), time: at('rowtime') };
      }
      const below = windowColumns(rel.input);
      const key = (index: number | undefined): number | undefined => {
        const at = index === undefined ? -1 : rel.keys.indexOf(index);
        return at < 0 ? undefined : at;
      };
      const columns = { start: key(below.start), end: key(below.end), time: key(below.time) };
      return columns.start === undefined || columns.end === undefined ? none : columns;
    }
    case 'union': {
      // One window in every input, and in the same columns.
      const [first, ...others] = rel.inputs.map((input) => windowColumns(input));
      const window = windowText(rel);
      const same = others.every(
        (o) => o.start === first!.start && o.end === first!.end && o.time === first!.time,
      );
      return window !== undefined && same ? first! : none;
    }
    default:
      return none;
  }
}

/** What windows the rows carry, or undefined; equal for equal windows. */
function windowText(rel: Rel): string | undefined {
  switch (rel.kind) {
    case 'window-table':
      return specText(rel.window);
    case 'project':
    case 'filter':
    case 'unnest':
      return windowText(rel.input);
    case 'aggregate':
      return rel.window === undefined ? windowText(rel.input) : specText(rel.window);
    case 'union': {
      const [first, ...others] = rel.inputs.map(windowText);
      return others.every((o) => o === first) ? first : undefined;
    }
    default:
      return undefined;
  }
}
const specText = ({ kind, timeKind, timeType, sizeMs, slideMs, offsetMs }: WindowSpec): string | undefined =>
  timeKind === 'proctime'
    ? undefined // rows of several inputs are in no order of that time
    : [kind, timeType.kind, sizeMs, slideMs, offsetMs].join(' ');

/** True when these group keys make a window aggregation: both ends of one window are among them. */
export function groupsByWindow(input: Rel, keys: readonly number[]): boolean {
  const { start, end } = windowColumns(input);
  return start !== undefined && end !== undefined && keys.includes(start) && keys.includes(end);
}

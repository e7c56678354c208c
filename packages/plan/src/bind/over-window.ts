/* The windows of OVER: written at the call, or named by WINDOW w AS (…), one made of another: its partition, its order and
 * which rows around the current one count. */

import { didYouMean, UserError, type Span } from '#base';
import { checkOrder } from './order.ts';
import type { Expr, OverFunction } from '#expr';
import type {
  Expression,
  FrameBound,
  Identifier,
  SelectBody,
  WindowFrame,
  WindowSpec as OverSpec,
} from '#sql';
import type { OverFrame } from '../logical/field.ts';
import { constantMs } from './window-functions.ts';

/** Of which functions Flink takes the window for one of rows, where none is written. */
const countsRows = new Set(['ROW_NUMBER']);
/** What looks at single rows, whatever the frame. */
const rowWise = new Set(['ROW_NUMBER', 'LAG', 'LEAD']);

export interface PendingWindow {
  readonly partition: readonly Expr[];
  readonly order: readonly {
    readonly expr: Expr;
    readonly descending: boolean;
    readonly nullsLast: boolean;
  }[];
  readonly frame: OverFrame;
}
type Bind = (node: Expression) => Expr;

const toCurrentRow = { from: -Infinity, to: 0 };
const whole: OverFrame = { unit: 'range', from: -Infinity, to: Infinity };

export class OverWindows {
  readonly #named: SelectBody['windows'];

  constructor(named: SelectBody['windows']) {
    this.#named = named;
  }
  /** The window of a call. `own`: the function, where it is no aggregate. */
  window(written: OverSpec | Identifier, own: OverFunction | undefined, bind: Bind, at: Span): PendingWindow {
    const spec = 'text' in written ? this.#find(written) : this.#whole(written, at);
    const order = spec.orderBy.map(({ expression, descending, nulls }) => {
      const expr = bind(expression);
      checkOrder(expr.type, expression);
      return { expr, descending, nullsLast: nulls === undefined ? descending : nulls === 'LAST' };
    });
    // Those of one value for all rows say nothing of their order.
    const keys = order.filter((o) => o.expr.kind !== 'literal');
    if (own !== undefined && keys.length === 0)
      throw new UserError('SQL2021', {
        at,
        message: `the window of ${own.name} needs ORDER BY with columns that are not constant`,
      });
    if (own !== undefined && spec.frame !== undefined)
      throw new UserError('SQL2021', {
        at,
        message: `${own.name} takes no ROWS or RANGE: it looks at its whole partition`,
      });
    if (spec.frame?.unit === 'RANGE') checkRange(spec.frame, keys[0]?.expr.type.kind ?? '', at);
    return { partition: spec.partitionBy.map(bind), order: keys, frame: frameOf(spec, own, keys.length, at) };
  }
  #find(name: Identifier): OverSpec {
    const found = this.#named.find((w) => w.name.text === name.text);
    if (found === undefined)
      throw new UserError('SQL2021', {
        at: name.span,
        message: `no window "${name.text}"`,
        hint:
          didYouMean(
            name.text,
            this.#named.map((w) => w.name.text),
          ) ?? 'Declare it behind FROM, WHERE and GROUP BY: WINDOW w AS (PARTITION BY … ORDER BY …).',
      });
    return this.#whole(found.spec, name.span);
  }
  /** The window with what it takes over from the one that it is made of. */
  #whole(spec: OverSpec, at: Span): OverSpec {
    if (spec.base === undefined) return spec;
    const base = this.#find(spec.base);
    const again = [
      ...(spec.partitionBy.length > 0 ? ['PARTITION BY'] : []),
      ...(spec.orderBy.length > 0 && base.orderBy.length > 0 ? ['ORDER BY'] : []),
      ...(base.frame === undefined ? [] : ['a frame']),
    ];
    if (again.length > 0)
      throw new UserError('SQL2021', {
        at,
        message: `a window made of "${spec.base.text}" cannot have ${again[0]} ${base.frame === undefined ? 'of its own' : 'below it'}`,
      });
    return {
      base: undefined,
      partitionBy: base.partitionBy,
      orderBy: spec.orderBy.length > 0 ? spec.orderBy : base.orderBy,
      frame: spec.frame,
    };
  }
}

/** The window as Flink tells it from others: LAG has the frame of aggregates. */
export const asFlinkFrames = (window: PendingWindow, fn: string): PendingWindow =>
  rowWise.has(fn) && !countsRows.has(fn) ? { ...window, frame: { ...window.frame, unit: 'range' } } : window;

function frameOf(spec: OverSpec, own: OverFunction | undefined, keys: number, at: Span): OverFrame {
  if (own !== undefined) return { unit: rowWise.has(own.name) ? 'rows' : 'range', ...toCurrentRow };
  if (spec.frame === undefined) return keys === 0 ? whole : { unit: 'range', ...toCurrentRow };
  const { unit, start, end } = spec.frame;
  const rows = unit === 'ROWS';
  const from = edge(start, rows);
  const to = end === undefined ? 0 : edge(end, rows);
  if (from > to || from === Infinity || to === -Infinity)
    throw new UserError('SQL2021', { at, message: 'the frame of the window ends before it begins' });
  return { unit: rows ? 'rows' : 'range', from, to };
}
/** A range of a time is an interval, a range of a number a number. */
function checkRange({ start, end }: WindowFrame, keyKind: string, at: Span): void {
  const offsets = [start, ...(end === undefined ? [] : [end])].flatMap((b) =>
    'offset' in b ? [b.offset] : [],
  );
  const isTime = /^(TIMESTAMP|DATE|TIME)/.test(keyKind);
  if (offsets.some((o) => (o.kind === 'interval') !== isTime))
    throw new UserError('SQL2021', {
      at,
      message: `the RANGE of the window does not go with its ORDER BY: ${isTime ? 'a time has a range of an interval' : 'only times have ranges of intervals'}`,
    });
}
function edge(bound: FrameBound, rows: boolean): number {
  switch (bound.kind) {
    case 'CURRENT ROW':
      return 0;
    case 'UNBOUNDED PRECEDING':
      return -Infinity;
    case 'UNBOUNDED FOLLOWING':
      return Infinity;
    case 'PRECEDING':
      return 0 - distance(bound.offset, rows);
    case 'FOLLOWING':
      return distance(bound.offset, rows);
  }
}
function distance(node: Expression, rows: boolean): number {
  if (!rows && node.kind === 'interval') return constantMs(node, 'frame');
  const value = node.kind === 'number' ? Number(node.text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UserError('SQL2021', {
    at: node.span,
    message: rows
      ? 'ROWS takes a constant whole number of rows'
      : 'RANGE takes a constant interval, or a constant whole number',
    hint: rows
      ? 'Write ROWS BETWEEN 2 PRECEDING AND CURRENT ROW.'
      : "Write RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW.",
  });
}

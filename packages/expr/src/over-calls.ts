/* Functions that only an OVER window has, as the planner sees them, and calls over such windows. */

import { UserError, type Span } from '#base';
import { notNull, types, withNullable, type LogicalType } from '#data';
import type { AggregateCall } from './aggregate-calls.ts';

/** An aggregate or a function of the window over columns of its input row. */
export interface OverCall extends AggregateCall {
  /** How many rows back or ahead LAG and LEAD look; into how many parts NTILE cuts. */
  readonly parameter?: number;
}

export interface OverFunction {
  readonly name: string;
  readonly arity: readonly [min: number, max: number];
  /** Position of an argument that must be a constant number, if there is one. */
  readonly parameter?: number;
  /** A number of the row in its window: it needs an order, and takes no frame. */
  readonly ranks: boolean;
  result(args: readonly LogicalType[]): LogicalType;
  readonly takes: readonly string[];
  readonly doc: string;
}

const ranking = (name: string, type: LogicalType, doc: string): OverFunction => ({
  name,
  arity: [0, 0],
  ranks: true,
  result: () => notNull(type),
  takes: [`${name}() OVER (… ORDER BY …)`],
  doc,
});
const neighbour = (name: string, doc: string): OverFunction => ({
  name,
  arity: [1, 3],
  parameter: 1,
  ranks: false,
  // A default that is never NULL does not help where the value itself may be.
  result: ([value, , fallback]) => withNullable(value!, value!.nullable || fallback?.nullable !== false),
  takes: [`${name}(value[, rows[, default]]) OVER (… ORDER BY …)`],
  doc,
});

export const overFunctions: readonly OverFunction[] = [
  ranking('ROW_NUMBER', types.BIGINT, 'Position of the row in its partition: 1 is the first.'),
  ranking('RANK', types.BIGINT, 'One more than the number of rows in front of the row and its equals.'),
  ranking('DENSE_RANK', types.BIGINT, 'One more than the number of different rows in front.'),
  ranking('PERCENT_RANK', types.DOUBLE, '(RANK - 1) / (rows - 1), 0 for a single row.'),
  ranking('CUME_DIST', types.DOUBLE, 'Share of the rows that are not behind the row.'),
  {
    name: 'NTILE',
    arity: [1, 1],
    parameter: 0,
    ranks: true,
    result: () => notNull(types.INT),
    takes: ['NTILE(parts) OVER (… ORDER BY …)'],
    doc: 'Which of so many parts of about equal size the row lies in.',
  },
  neighbour('LAG', 'The value some rows before, one by default; the default where there is none.'),
  neighbour('LEAD', 'The value some rows behind, one by default; the default where there is none.'),
];
const byName = new Map(overFunctions.map((f) => [f.name, f]));

export const overFunction = (name: string): OverFunction | undefined => byName.get(name.toUpperCase());

/** Checks the number of arguments. Throws SQL3002. */
export function bindOverFunction(f: OverFunction, args: readonly LogicalType[], at: Span): LogicalType {
  const [min, max] = f.arity;
  if (args.length < min || args.length > max)
    throw new UserError('SQL3002', {
      at,
      message: `${f.name} takes ${min === max ? min : `${min} to ${max}`} arguments, found ${args.length}`,
      hint: `Write ${f.takes[0]}.`,
    });
  return f.result(args);
}

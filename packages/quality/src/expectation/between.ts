/* Expectations that one number, or date, of a table or column lies between two bounds. */

import { UserError } from '#base';
import { compareCells, type Cell } from '../cell.ts';
import { isoDate, isoTimestamp } from '../dialect/iso-time.ts';
import { bound, column, flag, optional, type ArgSpecs } from '../suite/args.ts';
import { columnNamed, isNumeric, type Family, type TableColumn } from '../table/column.ts';
import type { CheckContext, Expectation, Outcome } from './expectation.ts';

export const bounds = {
  min_value: optional(bound),
  max_value: optional(bound),
  strict_min: optional(flag, false),
  strict_max: optional(flag, false),
} as const;

export interface BoundArgs {
  readonly min_value: Cell | undefined;
  readonly max_value: Cell | undefined;
  readonly strict_min: boolean;
  readonly strict_max: boolean;
}

/** Dates and times are compared as such. Throws QLT2002 where a bound is of another kind than the value. */
export function isBetween(value: Cell, args: BoundArgs, family: Family, what: string): boolean {
  const side = (limit: Cell, name: string): number => {
    const [a, b] = [comparable(value, family), comparable(limit, family)];
    if (b === undefined || typeof numberLike(a) !== typeof numberLike(b))
      throw new UserError('QLT2002', {
        message: `${what} is ${JSON.stringify(String(value))}, which cannot be compared to ${name} ${JSON.stringify(limit)}`,
      });
    return compareCells(numberLike(a)!, numberLike(b)!);
  };
  const { min_value: min, max_value: max, strict_min: strictMin, strict_max: strictMax } = args;
  if (min !== undefined) {
    const order = side(min, 'min_value');
    if (strictMin ? order <= 0 : order < 0) return false;
  }
  if (max !== undefined) {
    const order = side(max, 'max_value');
    if (strictMax ? order >= 0 : order > 0) return false;
  }
  return true;
}
const numberLike = (value: Cell | undefined): Cell | undefined =>
  typeof value === 'bigint' ? Number(value) : typeof value === 'boolean' ? Number(value) : value;

/** Times to one length, so that text compares as time. */
function comparable(value: Cell, family: Family): Cell | undefined {
  if (typeof value !== 'string') return value;
  if (family === 'date' && isoDate(value) === undefined) return undefined;
  if (family === 'date' || family === 'timestamp') {
    const [seconds = '', fraction = ''] = (isoTimestamp(value) ?? '').split('.');
    return seconds === '' ? undefined : `${seconds}.${fraction.padEnd(9, '0')}`;
  }
  return isNumeric(family) ? Number(value) : value;
}

export interface BetweenDefinition {
  readonly type: string;
  readonly args?: ArgSpecs;
  /** The value, null where there is none: that is never between. */
  readonly value: (
    column: TableColumn,
    context: CheckContext,
    args: Readonly<Record<string, unknown>>,
  ) => Promise<Cell>;
  /** How the value compares, by default as a number. */
  readonly family?: (column: TableColumn) => Family;
  /** Families of columns that it takes; all by default. */
  readonly takes?: (family: Family) => boolean;
}
/** Of one column. */
export function aggregateExpectation(definition: BetweenDefinition): Expectation {
  return {
    type: definition.type,
    scope: 'column',
    args: { column, ...bounds, ...definition.args },
    check: async (args, context) => {
      const found = columnNamed(context.table.columns, args['column'] as string);
      if (definition.takes?.(found.family) === false)
        throw new UserError('QLT2002', {
          message: `column "${found.name}" is ${found.type}, which ${definition.type} does not take`,
        });
      const value = await definition.value(found, context, args);
      const family = definition.family?.(found) ?? 'float';
      return observed(value, args as unknown as BoundArgs, family, `column "${found.name}"`, context);
    },
  };
}
export function observed(
  value: Cell,
  args: BoundArgs,
  family: Family,
  what: string,
  { format }: CheckContext,
): Outcome {
  const missing = value === null || (typeof value === 'number' && Number.isNaN(value));
  return {
    success: !missing && isBetween(value, args, family, what),
    result: format.format === 'BOOLEAN_ONLY' ? {} : { observed_value: missing ? null : value },
  };
}

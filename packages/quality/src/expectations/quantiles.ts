/* expect_column_quantile_values_to_be_between: of several quantiles, each by bounds of its own. */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';
import { domainSql } from '../expectation/check-rows.ts';
import { expectation, type CheckContext } from '../expectation/expectation.ts';
import { column, object, optional, type Arg } from '../suite/args.ts';
import { columnNamed, isNumeric } from '../table/column.ts';

const ways = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;
/** false: nearest; true has no meaning of its own here. */
const way: Arg<(typeof ways)[number]> = {
  expected: `false, or one of ${ways.join(', ')}`,
  read: (v) => (v === false || v === true ? 'nearest' : ways.find((w) => w === v)),
};

interface Ranges {
  readonly quantiles: readonly number[];
  readonly value_ranges: readonly (readonly [Cell, Cell])[];
}
function rangesOf(given: Readonly<Record<string, unknown>>): Ranges {
  const { quantiles, value_ranges: ranges } = given;
  const right =
    Array.isArray(quantiles) &&
    Array.isArray(ranges) &&
    quantiles.length === ranges.length &&
    quantiles.every((q) => typeof q === 'number' && q >= 0 && q <= 1) &&
    ranges.every((r) => Array.isArray(r) && r.length === 2);
  if (!right)
    throw new UserError('QLT1006', {
      message: `expect_column_quantile_values_to_be_between: quantile_ranges is ${JSON.stringify(given)}`,
      hint: 'Expected {"quantiles": [0.5], "value_ranges": [[1, null]]}: as many ranges as quantiles from 0 to 1.',
    });
  return given as unknown as Ranges;
}

export const quantileValuesToBeBetween = expectation({
  type: 'expect_column_quantile_values_to_be_between',
  scope: 'column',
  args: { column, quantile_ranges: object, allow_relative_error: optional(way, 'nearest') },
  check: async (args, context) => {
    const { quantiles, value_ranges: ranges } = rangesOf(args.quantile_ranges);
    const values = await quantileValues(context, args.column, quantiles, args.allow_relative_error);
    const details = values.map((value, i) => isInRange(value, ranges[i]!));
    return {
      success: details.every(Boolean),
      result:
        context.format.format === 'BOOLEAN_ONLY'
          ? {}
          : { observed_value: { quantiles: [...quantiles], values }, details: { success_details: details } },
    };
  },
});

/** Values at shares of all, which are there, or between two that are. */
export async function quantileValues(
  context: CheckContext,
  name: string,
  quantiles: readonly number[],
  how: (typeof ways)[number],
): Promise<Cell[]> {
  const { table, scan } = context;
  const { family, type } = columnNamed(table.columns, name);
  const numeric = isNumeric(family);
  if (!numeric && family !== 'date' && family !== 'timestamp')
    throw new UserError('QLT2002', {
      message: `column "${name}" is ${type}, expected a number, date or time`,
    });
  const sql = table.dialect.quote(name);
  const filter = `FILTER (WHERE ${domainSql(context)})`;
  const n = await scan.count(`count(${sql}) ${filter}`);
  if (n === 0) return quantiles.map(() => null);
  // A share in the middle of a value's own: the same one by each definition of a discrete quantile.
  const at = (place: number): Promise<Cell> =>
    scan.ask(`${table.dialect.quantile(sql, (place + 0.5) / n, false)} ${filter}`);
  return await Promise.all(
    quantiles.map(async (q) => {
      const place = (n - 1) * q;
      const [low, high] = [Math.floor(place), Math.ceil(place)];
      if (how === 'lower') return await at(low);
      if (how === 'higher') return await at(high);
      if (how === 'nearest') return await at(roundHalfEven(place));
      if (!numeric)
        throw new UserError('QLT2002', {
          message: `allow_relative_error '${how}' needs a column of numbers`,
        });
      const [a, b] = (await Promise.all([at(low), at(high)])).map(Number) as [number, number];
      return how === 'midpoint' ? (a + b) / 2 : a + (b - a) * (place - low);
    }),
  );
}
function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/** Close to a bound is inside: by one ten-thousandth. */
function isInRange(value: Cell, [min, max]: readonly [Cell, Cell]): boolean {
  if (value === null) return false;
  if (typeof value === 'string')
    return (min === null || value >= String(min)) && (max === null || value <= String(max));
  const number = Number(value);
  const close = (bound: Cell): boolean =>
    bound !== null && Math.abs(number - Number(bound)) <= 1e-8 + 1e-4 * Math.abs(Number(bound));
  return (
    close(min) ||
    close(max) ||
    ((min === null || number >= Number(min)) && (max === null || number <= Number(max)))
  );
}

/* How old the newest row of a stream may be: expect_column_max_to_be_between whose min_value goes with the clock, as
 * {"$PARAMETER": "now() - timedelta(hours=1)"}. It is judged by the clock, not by windows of event time. */

import { UserError } from '#base';
import { isoMs } from '../dialect/iso-time.ts';
import { millraceDialect } from '../dialect/millrace.ts';
import { testSql } from '../dialect/test-sql.ts';
import { titleOf } from '../report/report.ts';
import type { Parameters } from '../suite/parameters.ts';
import { bindExpectation, type BoundExpectation, type ExpectationConfig } from '../suite/suite.ts';
import { columnNamed } from '../table/column.ts';
import { durationText } from '../text/duration-text.ts';
import type { StreamTable } from './stream-table.ts';

export interface StreamFreshness {
  readonly expectation: string;
  readonly subject: string;
  readonly text: string;
  readonly severity: string;
  /** SQL of Millrace: the date or timestamp of a row, NULL where it does not count. */
  readonly newest: string;
  readonly delayMaxMs: number;
  /** The bound itself is too old. */
  readonly strict: boolean;
}

/** By how much the clock is moved, to see what goes with it. */
const probeMs = 3_600_000;

/** Undefined for an expectation of anything else. Throws QLT2002 for a column that holds no times, QLT3003 for a bound that goes
 *  with the clock but not as the clock does, or that has another beside it. */
export function freshnessOf(
  config: ExpectationConfig,
  { args, where }: BoundExpectation,
  table: StreamTable,
  { parameters, nowMs }: { readonly parameters: Parameters; readonly nowMs: number },
): StreamFreshness | undefined {
  if (config.type !== 'expect_column_max_to_be_between') return undefined;
  const later = bindExpectation(config, parameters, nowMs + probeMs).args;
  const moved = (side: 'min_value' | 'max_value'): boolean => args[side] !== later[side];
  if (!moved('min_value') && !moved('max_value')) return undefined;
  const [min, minLater] = [momentOf(args['min_value']), momentOf(later['min_value'])];
  const maxGiven = args['max_value'] !== undefined && args['max_value'] !== null;
  if (maxGiven || min === undefined || minLater === undefined || minLater - min !== probeMs)
    throw new UserError('QLT3003', {
      message: `${config.type} with bounds of now() is not available for streams but for min_value alone, some time before now()`,
      hint: '"min_value": {"$PARAMETER": "now() - timedelta(hours=1)"} says how old the newest row may be; a second expectation takes max_value.',
    });
  const delayMaxMs = nowMs - min;
  const column = columnNamed(table.columns, args['column'] as string);
  if (column.family !== 'timestamp' && column.family !== 'date')
    throw new UserError('QLT2002', {
      message: `column "${column.name}" is ${column.type}: freshness is that of a date or timestamp`,
    });
  const name = millraceDialect.quote(column.name);
  return {
    expectation: config.type,
    subject: titleOf({ expectation_config: config }).subject,
    text: `the newest value at most ${durationText(delayMaxMs)} old`,
    severity: config.severity ?? 'critical',
    newest:
      where.kind === 'true'
        ? name
        : `CASE WHEN ${testSql(where, table.columns, millraceDialect)} THEN ${name} END`,
    delayMaxMs,
    strict: args['strict_min'] === true,
  };
}
const momentOf = (bound: unknown): number | undefined =>
  typeof bound === 'string' ? isoMs(bound) : undefined;

/* `millrace.*`: options of any table, of what becomes of the rows of it that cannot be used. */

import { UserError, type Span } from '#base';
import { parseOptions, type OptionSpec } from '#catalog';
import type { BadRowsPlan } from '#job';
import { isBadRowsKey, type BoundTable } from '../logical/table.ts';

export const badRowsSpecs: readonly OptionSpec[] = [
  {
    key: 'millrace.on-error',
    type: 'enum',
    values: ['fail', 'skip', 'dead-letter'],
    default: 'fail',
    doc: 'What becomes of a row that cannot be read, computed or written: it fails the job, is counted and left out, or goes to the dead letters.',
  },
  {
    key: 'millrace.late-rows',
    type: 'enum',
    values: ['drop', 'dead-letter'],
    default: 'drop',
    doc: 'What becomes of a row that comes after its window was closed: it is counted and dropped, or goes to the dead letters.',
  },
  {
    key: 'millrace.dead-letter.table',
    type: 'string',
    doc: 'The table that dead letters go to. By default the topic <topic>.dlq beside a topic, and JSON lines in .millrace/dlq/<table> for other tables.',
  },
  {
    key: 'millrace.dead-letter.max-bytes',
    type: 'memory',
    doc: 'A record of Kafka that is larger is left out of its dead letter, which then says where it lies. By default 900 kb where letters go to a topic, and no bound elsewhere.',
  },
  {
    key: 'millrace.max-error-rate',
    type: 'double',
    doc: 'A job of whose records a greater part is bad is stopped: 0.001 is one in a thousand. Of 100 records at least, and at the end of the input.',
  },
  {
    key: 'millrace.max-error-rate.interval',
    type: 'duration',
    default: '5 min',
    doc: 'The time back from now in which records are counted for max-error-rate.',
  },
];

/** What a table asks for, and where its letters go where it says so. */
export interface BadRowsOptions extends Pick<BadRowsPlan, 'onError' | 'keepsLate' | 'rateMax'> {
  readonly deadLetterTable: { readonly name: string; readonly at: Span | undefined } | undefined;
  readonly recordBytesMax: number | undefined;
}

/** The table's options where rows go to its dead letters by something else than `on-error`: where to, and how many may. */
export function letterOptions(table: BoundTable): BadRowsOptions {
  const own = badRowsOptions(table);
  if (own !== undefined) return { ...own, onError: 'dead-letter', keepsLate: false };
  const given = table.options.filter((o) => isBadRowsKey(o.key));
  const options = parseOptions({ owner: `table '${table.path.object}'`, specs: badRowsSpecs }, given);
  const letters = options.string('millrace.dead-letter.table');
  return {
    onError: 'dead-letter',
    keepsLate: false,
    rateMax: undefined,
    deadLetterTable:
      letters === undefined ? undefined : { name: letters, at: options.at('millrace.dead-letter.table') },
    recordBytesMax: options.bytes('millrace.dead-letter.max-bytes'),
  };
}

/** The table's options; undefined where it asks for nothing. Throws CAT1001 and CAT1002. */
export function badRowsOptions(table: BoundTable): BadRowsOptions | undefined {
  const given = table.options.filter((o) => isBadRowsKey(o.key));
  if (given.length === 0) return undefined;
  const options = parseOptions({ owner: `table '${table.path.object}'`, specs: badRowsSpecs }, given);
  const onError = options.enum('millrace.on-error') as BadRowsPlan['onError'];
  const keepsLate = options.enum('millrace.late-rows') === 'dead-letter';
  const rate = options.number('millrace.max-error-rate');
  if (rate !== undefined && (rate < 0 || rate > 1))
    throw new UserError('CAT1002', {
      at: options.at('millrace.max-error-rate'),
      message: `option 'millrace.max-error-rate': found '${rate}', expected a part between 0 and 1`,
    });
  if (rate !== undefined && onError === 'fail')
    throw new UserError('CAT1002', {
      at: options.at('millrace.max-error-rate'),
      message: `option 'millrace.max-error-rate' of table '${table.path.object}' has no effect: the first bad row fails the job`,
      hint: "Set 'millrace.on-error' to skip or dead-letter beside it.",
    });
  if (onError === 'fail' && !keepsLate) return undefined;
  const letters = options.string('millrace.dead-letter.table');
  return {
    onError,
    keepsLate,
    rateMax:
      rate === undefined
        ? undefined
        : { rate, windowMs: options.durationMs('millrace.max-error-rate.interval')! },
    deadLetterTable:
      letters === undefined ? undefined : { name: letters, at: options.at('millrace.dead-letter.table') },
    recordBytesMax: options.bytes('millrace.dead-letter.max-bytes'),
  };
}

/** Of a table that is written or looked up: late rows are of tables that are read. Throws CAT1001 and CAT1002. */
export function errorPolicy(table: BoundTable): BadRowsOptions | undefined {
  const options = badRowsOptions(table);
  return options?.onError === 'fail' ? undefined : options && { ...options, keepsLate: false };
}

/** The policy in the title of a node. */
export const badRowsText = (options: BadRowsOptions | undefined): string =>
  options === undefined
    ? ''
    : `${options.onError === 'fail' ? '' : `, onError=[${options.onError}]`}${options.keepsLate ? ', lateRows=[dead-letter]' : ''}`;

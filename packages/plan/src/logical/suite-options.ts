/* `millrace.suite…` and `millrace.contract`: options of any table that is read, of what is expected of its rows. */

import { UserError } from '#base';
import { parseOptions, type OptionSpec } from '#catalog';
import { typeText } from '#data';
import type { CheckAction } from '#job';
import { isSuiteKey, type BoundTable } from './table.ts';
import type { AskedChecks } from './table-checks.ts';

export const suiteSpecs: readonly OptionSpec[] = [
  {
    key: 'millrace.suite',
    type: 'string',
    doc: 'A suite of expectations that the rows of the table are checked by, as Great Expectations 1.x writes it. The path counts from the SQL file.',
  },
  {
    key: 'millrace.contract',
    type: 'string',
    doc: 'A data contract in place of a suite, or beside one. The path counts from the SQL file.',
  },
  {
    key: 'millrace.suite.on-failure',
    type: 'enum',
    values: ['warn', 'drop', 'dead-letter', 'fail'],
    default: 'warn',
    doc: 'What becomes of a row that an expectation does not hold for, where the expectation does not say so in meta.millrace.action: it is counted, is left out too, goes to the dead letters, or fails the job.',
  },
  {
    key: 'millrace.suite.window',
    type: 'duration',
    default: '1 min',
    doc: 'The window of event time that expectations are summed up over in the table <table>$quality.',
  },
];

/** What the table asks for; undefined where it asks for nothing. Throws CAT1001 and CAT1002. */
export function askedChecks(table: BoundTable): AskedChecks | undefined {
  const given = table.options.filter((o) => isSuiteKey(o.key));
  if (given.length === 0) return undefined;
  const options = parseOptions({ owner: `table '${table.path.object}'`, specs: suiteSpecs }, given);
  const [suite, contract] = [options.string('millrace.suite'), options.string('millrace.contract')];
  if (suite === undefined && contract === undefined)
    throw new UserError('CAT1002', {
      at: given[0]!.at,
      message: `option '${given[0]!.key}' of table '${table.path.object}' has no effect without 'millrace.suite' or 'millrace.contract'`,
    });
  const windowMs = options.durationMs('millrace.suite.window')!;
  if (windowMs <= 0)
    throw new UserError('CAT1002', {
      at: options.at('millrace.suite.window'),
      message: `option 'millrace.suite.window': found '${windowMs} ms', expected more than 0`,
    });
  const { columns, watermark } = table;
  return {
    table: table.path.object,
    suite,
    contract,
    columns: columns.map(({ name, type }) => ({ name, type, typeText: typeText(type) })),
    rowtime: watermark && columns[watermark.column]!.name,
    onFailure: options.enum('millrace.suite.on-failure') as CheckAction,
    windowMs,
  };
}

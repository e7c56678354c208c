/* npm run fuzz -- casts: every type into every type, CAST and TRY_CAST, over columns that may be NULL and that may not, and
 * of constants. Nothing here is left to chance. */

import type { Judge } from '../conformance/judge.ts';
import type { Asked } from './corpus.ts';
import { compareAll, type FuzzOptions } from './expressions.ts';
import type { Findings } from './findings.ts';
import { sampleColumns } from './table.ts';
import { castTypes, sampleTypes, type SampleType } from './values.ts';

const targets: readonly string[] = [
  ...['BOOLEAN', 'TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE'],
  ...['DECIMAL', 'DECIMAL(1, 0)', 'DECIMAL(5, 2)', 'DECIMAL(5, 5)', 'DECIMAL(20, 0)'],
  ...['DECIMAL(38, 0)', 'DECIMAL(38, 18)', 'DECIMAL(38, 38)'],
  ...['CHAR', 'CHAR(3)', 'CHAR(30)', 'VARCHAR(1)', 'VARCHAR(4)', 'VARCHAR(40)', 'STRING'],
  ...['BINARY', 'BINARY(2)', 'BINARY(10)', 'VARBINARY(1)', 'VARBINARY(3)', 'BYTES'],
  ...['DATE', 'TIME', 'TIMESTAMP(0)', 'TIMESTAMP(3)', 'TIMESTAMP', 'TIMESTAMP(9)'],
  ...['TIMESTAMP_LTZ(0)', 'TIMESTAMP_LTZ(3)', 'TIMESTAMP_LTZ', 'TIMESTAMP_LTZ(9)'],
  ...['INTERVAL YEAR', 'INTERVAL MONTH', 'INTERVAL YEAR TO MONTH'],
  ...['INTERVAL DAY', 'INTERVAL HOUR', 'INTERVAL SECOND', 'INTERVAL DAY TO SECOND'],
  ...['ARRAY<INT>', 'ARRAY<BIGINT>', 'ARRAY<STRING>', 'ARRAY<ARRAY<STRING>>'],
  ...['ARRAY<ROW<x BIGINT, y CHAR(2)>>', 'MAP<STRING, INT>', 'MAP<STRING, STRING>', 'MAP<BIGINT, STRING>'],
  ...['ROW<a BIGINT, b VARCHAR(2)>', 'ROW<x STRING, y STRING>', 'ROW<a INT>', 'MULTISET<STRING>'],
];
const forms = ['CAST', 'TRY_CAST'] as const;
/** One order of the values with NULLs, and another without. */
const copies = ['0', '2n'] as const;
const columnNames = new Set(sampleColumns.map((c) => c.name));

export async function fuzzCasts(
  judge: Judge,
  { only, mode, report }: Pick<FuzzOptions, 'only' | 'mode' | 'report'>,
): Promise<Findings> {
  const overColumns: Asked[] = [];
  const literals: Asked[] = [];
  for (const source of [...sampleTypes, ...castTypes])
    for (const target of targets)
      for (const form of forms) {
        const shape = `${form}(${source.name} AS ${target})`;
        if (only !== undefined && !new RegExp(only).test(shape)) continue;
        const asked = (of: string): Asked => ({ shape, sql: `${form}(${of} AS ${target})` });
        if (mode !== 'literals') overColumns.push(...ofColumns(source).map(asked));
        if (mode !== 'columns') literals.push(...source.values.map(asked));
      }
  return await compareAll(judge, { overColumns, literals, refused: 'one of a shape' }, report);
}

const ofColumns = ({ name }: SampleType): string[] =>
  copies
    .map((copy) => `${name}_${copy}`)
    .filter((column) => columnNames.has(column))
    .map((column) => `\`${column}\``);

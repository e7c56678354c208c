/* A scan cut into ranges of one column, so that several instances share it. Every row is in exactly one
 * range: the bounds set how wide ranges are, not which rows are read. */

import { present, UserError } from '#base';
import type { ConnectorTable, Options } from '#catalog';
import { isNumeric, typeText } from '#data';
import { quoteName } from './schema.ts';

/** Conditions on the table's rows, one a range; undefined for all rows. */
export function scanRanges(options: Options, table: ConnectorTable): readonly (string | undefined)[] {
  const name = options.string('scan.partition.column');
  if (name === undefined) return [undefined];
  const refuse = (key: string, problem: string): UserError =>
    new UserError('CAT1002', { at: options.at(key), message: `option '${key}': ${problem}` });
  const type = table.physical.find((f) => f.name === name)?.type;
  if (type === undefined) throw refuse('scan.partition.column', `the table has no column "${name}"`);
  if (!isNumeric(type))
    throw refuse('scan.partition.column', `"${name}" is a ${typeText(type)}, expected a number`);
  const count = present(options.number('scan.partition.num'), 'checked with the others');
  const lower = present(options.long('scan.partition.lower-bound'), 'checked with the others');
  const upper = present(options.long('scan.partition.upper-bound'), 'checked with the others');
  if (count < 1) throw refuse('scan.partition.num', `found '${count}', expected at least 1`);
  if (lower > upper)
    throw refuse(
      'scan.partition.lower-bound',
      `found '${lower}', expected at most 'scan.partition.upper-bound', ${upper}`,
    );
  if (count === 1) return [undefined];
  const width = (upper - lower) / BigInt(count) + 1n;
  const column = quoteName(name);
  return Array.from({ length: count }, (_, i) => {
    const from = lower + width * BigInt(i);
    const below = `${column} < ${from + width}`;
    if (i === 0) return `(${below} OR ${column} IS NULL)`;
    return i === count - 1 ? `${column} >= ${from}` : `${column} >= ${from} AND ${below}`;
  });
}
